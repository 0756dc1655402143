// Starts reveal.js with the course's plugins. The options come from the deck's format in Quarto's files.
import { addCopyButtons } from './code-copy.js';
import { prepareHighlights } from './line-highlight.js';
import { keepPunctuation } from './math-punctuation.js';
import { shown, switchScheme } from './scheme-switch.js';
import { openSearch, setUpSearch } from './search.js';
import { setUpTabs } from './tabs.js';

const options = JSON.parse(document.getElementById('reveal-options').textContent);
const vendor = new URL('../vendor/', import.meta.url).href;
const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;

// The tools of the menu: a name, its key, and what it does.
const tools = [
  ['Full screen', 'F', () => document.documentElement.requestFullscreen()],
  ['Speaker view', 'S', () => Reveal.getPlugin('notes').open()],
  ['Slide overview', 'O', () => Reveal.toggleOverview()],
  ['Search the course', '/', openSearch],
  ['Print or save as PDF', 'E', () => openPrintView()],
  ['Chalkboard', 'B', () => window.RevealChalkboard?.toggleChalkboard()],
  ['Draw on the slide', 'C', () => window.RevealChalkboard?.toggleNotesCanvas()],
  ['Light or dark colors', '', switchScheme],
  ['Keys', '?', () => Reveal.toggleHelp()],
];

// Pens in the course's colors, which show on the slide in both schemes; the board has the same ones.
function chalkboard() {
  const colors = shown() === 'dark'
    ? { black: '#e4e9ea', blue: '#85b4f8', red: '#ff8f8f', green: '#6ecb86', orange: '#ff9466', purple: '#b5a0ff' }
    : { black: '#212529', blue: '#1f5fbf', red: '#c92a2a', green: '#1a7f37', orange: '#c2410c', purple: '#6741d9' };
  const pens = Object.entries(colors).map(([name, color]) => (
    { color, cursor: `url(${vendor}reveal-chalkboard/img/boardmarker-${name}.png), auto` }));
  return {
    src: null,
    toggleChalkboardButton: false,
    toggleNotesButton: false,
    theme: shown() === 'dark' ? 'chalkboard' : 'whiteboard',
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

// The Tab key stays on the slide that is shown; in the overview every slide can be chosen.
function keepFocusOnSlide() {
  const update = () => {
    for (const slide of Reveal.getSlides()) slide.inert = !Reveal.isOverview() && slide !== Reveal.getCurrentSlide();
  };
  for (const event of ['slidechanged', 'overviewshown', 'overviewhidden']) Reveal.on(event, update);
  update();
}

const slides = document.querySelector('.reveal .slides');
document.addEventListener('menu-ready', nameMenu);
nameForMenu(slides);
slides.querySelectorAll('.references').forEach((list) => { list.tabIndex = 0; });
if (location.search.includes('print-pdf')) slides.querySelectorAll('img').forEach((image) => { image.loading = 'eager'; });
addCopyButtons();
prepareHighlights();
setUpTabs();
setUpSearch();
keepPunctuation(slides);

const plugins = [window.RevealNotes, window.RevealZoom, window.RevealMenu, window.RevealChalkboard];
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

if (!Reveal.isPrintView()) keepFocusOnSlide();
// The board's own pictures, a sponge that follows the pointer, say nothing to those who cannot see it.
document.querySelectorAll('#chalkboard img, #notescanvas img').forEach((image) => { image.alt = ''; });

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-tool]');
  if (!button) return;
  Reveal.getPlugin('menu')?.closeMenu();
  tools[Number(button.dataset.tool)][2]();
});
