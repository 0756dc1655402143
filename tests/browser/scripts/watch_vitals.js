// Put into a page before it loads: adds up how far things jump, and notes when the largest thing was painted.
window.vitals = { shift: 0, jumped: [], paint: 0, largest: '' };
const nameOf = (node) => (node?.nodeType === 1 ? node.outerHTML : node?.parentElement?.outerHTML ?? '').slice(0, 120);
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    if (entry.hadRecentInput) continue;
    window.vitals.shift += entry.value;
    window.vitals.jumped.push(...entry.sources.map((source) => `${entry.value.toFixed(4)}: ${nameOf(source.node)}`));
  }
}).observe({ type: 'layout-shift', buffered: true });
new PerformanceObserver((list) => {
  const last = list.getEntries().at(-1);
  window.vitals.paint = last.startTime;
  window.vitals.largest = nameOf(last.element);
}).observe({ type: 'largest-contentful-paint', buffered: true });
