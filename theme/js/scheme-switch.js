// Light or dark, for pages and decks. The system's preference holds until the reader chooses the other one; that choice
// is remembered. Choosing what the system prefers forgets it, so that the page follows the system again.
const root = document.documentElement;
const dark = matchMedia('(prefers-color-scheme: dark)');
const frames = [...document.querySelectorAll('meta[name="theme-color"]')];
const PAPER = { light: '#ffffff', dark: '#12181b' }; // --paper of tokens.css
const KEY = 'color-scheme';

export const preferred = () => (dark.matches ? 'dark' : 'light');
export const shown = () => root.dataset.scheme ?? preferred();

export function switchScheme() {
  const scheme = shown() === 'dark' ? 'light' : 'dark';
  const chosen = scheme === preferred() ? null : scheme;
  remember(chosen);
  apply(chosen);
}

// Calls back with the scheme that is shown, now and whenever the reader, the system or another tab changes it.
export function onScheme(callback) {
  const say = () => callback(shown());
  root.addEventListener('schemechange', say);
  dark.addEventListener('change', say);
  say();
}

function apply(chosen) {
  if (chosen) root.dataset.scheme = chosen;
  else delete root.dataset.scheme;
  for (const meta of frames) meta.content = PAPER[chosen ?? (meta.media.includes('dark') ? 'dark' : 'light')];
  root.dispatchEvent(new Event('schemechange'));
}

function remember(chosen) {
  try {
    if (chosen) localStorage.setItem(KEY, chosen);
    else localStorage.removeItem(KEY);
  } catch {
    // storage is off: the choice holds for this page only
  }
}

addEventListener('storage', (event) => {
  if (event.key === KEY || event.key === null) apply(['light', 'dark'].find((name) => name === event.newValue) ?? null);
});
