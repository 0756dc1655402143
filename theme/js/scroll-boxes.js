// What is wider than its place scrolls inside it. Tables get a box for that; a box that scrolls is reached by keyboard.
const SCROLLING = 'pre, .table-box, .math.display';

export function setUpScrollBoxes(root = document) {
  for (const table of root.querySelectorAll('table')) {
    if (!table.closest('.table-box')) wrap(table);
  }
  const observer = new ResizeObserver((entries) => entries.forEach((entry) => update(entry.target)));
  root.querySelectorAll(SCROLLING).forEach((box) => observer.observe(box));
}

function wrap(table) {
  const box = document.createElement('div');
  box.className = 'table-box';
  table.replaceWith(box);
  box.append(table);
}

function update(box) {
  const scrolls = box.scrollWidth > box.clientWidth + 1;
  if (scrolls) box.tabIndex = 0;
  else box.removeAttribute('tabindex');
  if (scrolls) box.setAttribute('role', 'group');
  else box.removeAttribute('role');
  if (scrolls) box.setAttribute('aria-label', nameOf(box));
  else box.removeAttribute('aria-label');
}

function nameOf(box) {
  if (box.matches('.table-box')) return 'Table, scrolls sideways';
  if (box.matches('.math')) return 'Formula, scrolls sideways';
  return box.closest('.cell-output') ? 'Output, scrolls sideways' : 'Code, scrolls sideways';
}
