// Sets the remembered color scheme before the page is painted, so that it never flashes. A deck is printed in the light one,
// and opened at another slide than its first it does not show that one first.
(() => {
  if (/^#\/./.test(location.hash)) document.documentElement.dataset.opensAt = location.hash.slice(2);
  const stored = (() => {
    try {
      return localStorage.getItem('color-scheme');
    } catch {
      return null; // storage is off: the system's preference holds
    }
  })();
  const chosen = /[?&]print-pdf/.test(location.search) ? 'light' : stored;
  if (chosen !== 'light' && chosen !== 'dark') return;
  document.documentElement.dataset.scheme = chosen;
  const frames = [...document.querySelectorAll('meta[name="theme-color"]')];
  const color = frames.find((meta) => meta.media.includes(chosen))?.content;
  if (color) frames.forEach((meta) => { meta.content = color; });
})();
