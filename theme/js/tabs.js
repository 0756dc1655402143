// Tab sets, after the ARIA authoring pattern: arrow keys move, Home and End jump.
export function setUpTabs(root = document) {
  for (const set of root.querySelectorAll('.panel-tabset')) {
    const tabs = [...set.querySelectorAll(':scope > [role="tablist"] > [role="tab"]')];
    tabs.forEach((tab, place) => {
      tab.addEventListener('click', () => select(tabs, place));
      tab.addEventListener('keydown', (event) => onKey(event, tabs, place));
    });
    select(tabs, 0);
    set.classList.add('ready');
  }
}

function select(tabs, chosen) {
  tabs.forEach((tab, place) => {
    const on = place === chosen;
    tab.setAttribute('aria-selected', String(on));
    tab.tabIndex = on ? 0 : -1;
    document.getElementById(tab.getAttribute('aria-controls')).hidden = !on;
  });
}

function onKey(event, tabs, place) {
  const next = { ArrowRight: place + 1, ArrowLeft: place - 1, Home: 0, End: tabs.length - 1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  const chosen = (next + tabs.length) % tabs.length;
  select(tabs, chosen);
  tabs[chosen].focus();
}
