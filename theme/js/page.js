// What a page does: color scheme, course contents on small screens, the table of contents that follows, code, tabs.
import { setUpBackToTop } from './back-to-top.js';
import { addCopyButtons } from './code-copy.js';
import { keepInView, setUpContents } from './contents.js';
import { highlightLines } from './line-highlight.js';
import { keepPunctuation } from './math-punctuation.js';
import { openCalloutsForPrint, shortenAddresses } from './paper.js';
import { onScheme, switchScheme } from './scheme-switch.js';
import { setUpScrollBoxes } from './scroll-boxes.js';
import { setUpSearch } from './search.js';
import { setUpTabs } from './tabs.js';

function setUpScheme(button) {
  button.addEventListener('click', switchScheme);
  onScheme((scheme) => {
    const name = `Switch to ${scheme === 'dark' ? 'light' : 'dark'} colors`;
    button.setAttribute('aria-label', name);
    button.title = name;
  });
}

// On a small screen the course contents are a drawer: it takes the focus, the rest of the page waits behind it.
function setUpSidebar(button, sidebar) {
  const behind = document.querySelectorAll('main, .site-footer, .brand, .site-links, .search-button, .scheme-button, .skip-link');
  const backdrop = document.createElement('div');
  backdrop.className = 'backdrop';
  const isOpen = () => button.getAttribute('aria-expanded') === 'true';
  const toggle = (open) => {
    button.setAttribute('aria-expanded', String(open));
    sidebar.classList.toggle('open', open);
    behind.forEach((element) => { element.inert = open; });
    if (open) document.body.append(backdrop);
    else backdrop.remove();
  };
  const close = () => {
    if (!isOpen()) return;
    toggle(false);
    button.focus();
  };
  button.addEventListener('click', () => {
    if (isOpen()) return close();
    toggle(true);
    (sidebar.querySelector('[aria-current]') ?? sidebar.querySelector('a'))?.focus();
  });
  backdrop.addEventListener('click', close);
  document.addEventListener('keydown', (event) => { if (event.key === 'Escape') close(); });
  matchMedia('(min-width: 62rem)').addEventListener('change', () => isOpen() && toggle(false));
}

// A link beside each heading, to share its place.
function addHeadingAnchors(content) {
  for (const section of content.querySelectorAll('section[id]')) {
    const heading = section.querySelector(':scope > :is(h2, h3, h4)');
    if (!heading) continue;
    const anchor = document.createElement('a');
    anchor.className = 'heading-anchor';
    anchor.href = `#${section.id}`;
    anchor.textContent = '#';
    anchor.setAttribute('aria-label', `Link to “${heading.textContent.trim()}”`);
    heading.append(anchor);
  }
}

// A quotation that begins with "Predict." or "Correction to the source." gets the sign of its kind.
function signQuotes(content) {
  for (const quote of content.querySelectorAll('blockquote')) {
    const lead = quote.querySelector(':scope > p:first-child > strong:first-child')?.textContent ?? '';
    const kind = ['predict', 'correction'].find((name) => lead.toLowerCase().startsWith(name));
    if (kind) quote.classList.add(`quote-${kind}`);
  }
}

// A link to a place inside a fold opens the fold.
function openFoldsAround(hash) {
  const target = document.getElementById(decodeURIComponent(hash.slice(1)));
  for (let fold = target?.closest('details'); fold; fold = fold.parentElement.closest('details')) fold.open = true;
}

setUpScheme(document.querySelector('.scheme-button'));
setUpSearch(document.querySelectorAll('.search-button'));
setUpSidebar(document.querySelector('.menu-button'), document.querySelector('.sidebar'));
const [sidebar, here] = ['.sidebar', '.sidebar [aria-current]'].map((name) => document.querySelector(name));
if (here) keepInView(sidebar, here);
const backToTop = document.querySelector('.back-to-top');
if (backToTop) setUpBackToTop(backToTop);
const toc = document.querySelector('.toc');
if (toc) setUpContents(toc);
addHeadingAnchors(document.querySelector('.content'));
signQuotes(document.querySelector('.content'));
highlightLines();
addCopyButtons();
setUpTabs();
setUpScrollBoxes();
keepPunctuation();
shortenAddresses(document.querySelector('.content'));
openCalloutsForPrint();
openFoldsAround(location.hash);
addEventListener('hashchange', () => openFoldsAround(location.hash));
