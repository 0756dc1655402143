// Starts reveal.js with the course's plugins. The options come from the deck's format in Quarto's files.
import { addCopyButtons } from './code-copy.js';
import { prepareHighlights } from './line-highlight.js';
import { keepPunctuation } from './math-punctuation.js';
import { setUpTabs } from './tabs.js';

const options = JSON.parse(document.getElementById('reveal-options').textContent);
const vendor = new URL('../vendor/', import.meta.url).href;
const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;

// The tools of the menu: a name, its key, and what it does.
const tools = [
  ['Full screen', 'F', () => document.documentElement.requestFullscreen()],
  ['Speaker view', 'S', () => Reveal.getPlugin('notes').open()],
  ['Slide overview', 'O', () => Reveal.toggleOverview()],
  ['Search', 'Ctrl+Shift+F', () => Reveal.getPlugin('search').open()],
  ['Print or save as PDF', 'E', () => openPrintView()],
  ['Chalkboard', 'B', () => window.RevealChalkboard?.toggleChalkboard()],
  ['Draw on the slide', 'C', () => window.RevealChalkboard?.toggleNotesCanvas()],
  ['Light or dark colors', '', () => switchScheme()],
  ['Keys', '?', () => Reveal.toggleHelp()],
];

function isDark() {
  const chosen = document.documentElement.dataset.scheme;
  return chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
}

function switchScheme() {
  const scheme = isDark() ? 'light' : 'dark';
  document.documentElement.dataset.scheme = scheme;
  try {
    localStorage.setItem('color-scheme', scheme);
  } catch {
    // storage is off: the choice holds for this deck only
  }
}

// Pens in the course's colors, which show on the slide in both schemes; the board has the same ones.
function chalkboard() {
  const colors = isDark()
    ? { black: '#e4e9ea', blue: '#85b4f8', red: '#ff8f8f', green: '#6ecb86', orange: '#ff9466', purple: '#b5a0ff' }
    : { black: '#212529', blue: '#1f5fbf', red: '#c92a2a', green: '#1a7f37', orange: '#c2410c', purple: '#6741d9' };
  const pens = Object.entries(colors).map(([name, color]) => (
    { color, cursor: `url(${vendor}reveal-chalkboard/img/boardmarker-${name}.png), auto` }));
  return {
    src: null,
    toggleChalkboardButton: false,
    toggleNotesButton: false,
    theme: isDark() ? 'chalkboard' : 'whiteboard',
    boardmarkers: pens,
    chalks: pens,
  };
}

function openPrintView() {
  const address = new URL(location.href);
  address.search = address.search.includes('print-pdf') ? '' : '?print-pdf';
  location.href = address.href;
}

function toolsPanel() {
  const items = tools.map(([name, key], place) =>
    `<li><button type="button" data-tool="${place}">${name}${key && ` <kbd>${key}</kbd>`}</button></li>`);
  return `<ul class="deck-tools">${items.join('')}</ul>`;
}

// The search plugin marks what it finds with <em>, and when it clears its marks it strips every <em> of the deck.
function keepEmphasis(slides) {
  for (const em of slides.querySelectorAll('em')) {
    const italic = document.createElement('i');
    italic.append(...em.childNodes);
    em.replaceWith(italic);
  }
}

// A title with a formula is named in the menu by what is seen, without the formula's second form for screen readers.
function nameForMenu(slides) {
  for (const heading of slides.querySelectorAll('section > :is(h1, h2):has(.katex)')) {
    const copy = heading.cloneNode(true);
    copy.querySelectorAll('.katex-mathml').forEach((twin) => twin.remove());
    heading.parentElement.dataset.menuTitle = copy.textContent.trim();
  }
}

// The plugin leaves its button without a name and its list out of reach of the keyboard.
function nameMenu() {
  document.querySelector('.slide-menu-button a').setAttribute('aria-label', 'Menu of slides and tools');
  document.querySelectorAll('.slide-menu-panel').forEach((panel) => { panel.tabIndex = 0; });
}

const slides = document.querySelector('.reveal .slides');
document.addEventListener('menu-ready', nameMenu);
keepEmphasis(slides);
nameForMenu(slides);
slides.querySelectorAll('.references').forEach((list) => { list.tabIndex = 0; });
addCopyButtons();
prepareHighlights();
setUpTabs();
keepPunctuation(slides);

const plugins = [window.RevealNotes, window.RevealSearch, window.RevealZoom, window.RevealMenu, window.RevealChalkboard];
await Reveal.initialize({
  navigationMode: 'linear', // as Quarto does: the next key leads to the next slide, into a part as well
  controlsTutorial: false,
  scrollActivationWidth: null, // a phone shows slides too, small but whole, and not reveal.js's scroll view
  ...options,
  ...(calm ? { transition: 'none', backgroundTransition: 'none', autoAnimate: false } : {}),
  keyboard: { 69: openPrintView },
  menu: {
    path: `${vendor}reveal-menu/`,
    loadIcons: false,
    titleSelector: 'h1, h2',
    useTextContentForMissingTitles: true,
    markers: false,
    numbers: 'c',
    themes: false,
    transitions: false,
    openButton: true,
    custom: [{ title: 'Tools', icon: '', content: toolsPanel() }],
  },
  chalkboard: chalkboard(),
  plugins: plugins.filter(Boolean),
});

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-tool]');
  if (!button) return;
  Reveal.getPlugin('menu')?.closeMenu();
  tools[Number(button.dataset.tool)][2]();
});
