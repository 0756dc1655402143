// What is larger than its place scrolls inside it. Tables get a box for that; a box that scrolls is reached by keyboard.
const SCROLLING = 'pre, .table-box, .math.display';

export function setUpScrollBoxes(root = document) {
  for (const table of root.querySelectorAll('table')) {
    if (!table.closest('.table-box')) wrap(table);
  }
  const observer = new ResizeObserver((entries) => entries.forEach((entry) => update(entry.target)));
  const boxes = root.querySelectorAll(SCROLLING);
  boxes.forEach((box) => observer.observe(box));
  // A font that arrives late makes what is in a box wider, and not the box.
  document.fonts.addEventListener('loadingdone', () => boxes.forEach(update));
}

function wrap(table) {
  const box = document.createElement('div');
  box.className = 'table-box';
  table.replaceWith(box);
  box.append(table);
}

function update(box) {
  const way = wayOf(box);
  if (box.matches('.table-box')) box.classList.toggle('fits', !way);
  if (way) {
    box.tabIndex = 0;
    box.setAttribute('role', 'group');
    box.setAttribute('aria-label', `${nameOf(box)}, scrolls ${way}`);
  } else {
    for (const attribute of ['tabindex', 'role', 'aria-label']) box.removeAttribute(attribute);
  }
}

function wayOf(box) {
  const sideways = box.scrollWidth > box.clientWidth + 1;
  const down = box.scrollHeight > box.clientHeight + 1 && getComputedStyle(box).overflowY === 'auto';
  // A table that is long and not wide leaves its box, so that its head can stay in sight while the page scrolls.
  if (box.matches('.table-box') && !sideways) return '';
  return [sideways && 'sideways', down && 'down'].filter(Boolean).join(' and ');
}

function nameOf(box) {
  if (box.matches('.table-box')) return 'Table';
  if (box.matches('.math')) return 'Formula';
  return box.closest('.cell-output') ? 'Output' : 'Code';
}
