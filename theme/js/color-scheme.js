// Sets the remembered color scheme before the page is painted, so that it never flashes.
(() => {
  const stored = (() => {
    try {
      return localStorage.getItem('color-scheme');
    } catch {
      return null; // storage is off: the system's preference holds
    }
  })();
  if (stored === 'light' || stored === 'dark') document.documentElement.dataset.scheme = stored;
})();
