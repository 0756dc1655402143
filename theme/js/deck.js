// Starts reveal.js with the course's plugins. The options come from the deck's format in Quarto's files.
import { addCopyButtons } from './code-copy.js';
import { prepareHighlights } from './line-highlight.js';
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
  ['Keys', '?', () => Reveal.toggleHelp()],
];

function openPrintView() {
  const address = new URL(location.href);
  address.search = address.search.includes('print-pdf') ? '' : '?print-pdf';
  location.href = address.href;
}

function toolsPanel() {
  const items = tools.map(([name, key], place) =>
    `<li><button type="button" data-tool="${place}">${name} <kbd>${key}</kbd></button></li>`);
  return `<ul class="deck-tools">${items.join('')}</ul>`;
}

addCopyButtons();
prepareHighlights();
setUpTabs();

const plugins = [window.RevealNotes, window.RevealSearch, window.RevealZoom, window.RevealMenu, window.RevealChalkboard];
await Reveal.initialize({
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
  chalkboard: { src: null, toggleChalkboardButton: false, toggleNotesButton: false, theme: 'whiteboard' },
  plugins: plugins.filter(Boolean),
});

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-tool]');
  if (!button) return;
  Reveal.getPlugin('menu')?.closeMenu();
  tools[Number(button.dataset.tool)][2]();
});
