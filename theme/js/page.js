// What a page does: color scheme, course contents on small screens, the table of contents that follows, code, tabs.
import { addCopyButtons } from './code-copy.js';
import { keepPunctuation } from './math-punctuation.js';
import { setUpScrollBoxes } from './scroll-boxes.js';
import { setUpTabs } from './tabs.js';

const root = document.documentElement;

function setUpScheme(button) {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const current = () => root.dataset.scheme ?? (dark.matches ? 'dark' : 'light');
  const show = () => {
    const name = `Switch to ${current() === 'dark' ? 'light' : 'dark'} colors`;
    button.setAttribute('aria-label', name);
    button.title = name;
  };
  button.addEventListener('click', () => {
    root.dataset.scheme = current() === 'dark' ? 'light' : 'dark';
    try {
      localStorage.setItem('color-scheme', root.dataset.scheme);
    } catch {
      // storage is off: the choice holds for this page only
    }
    show();
  });
  dark.addEventListener('change', show);
  show();
}

// On a small screen the course contents are a drawer: it takes the focus, the rest of the page waits behind it.
function setUpSidebar(button, sidebar) {
  const behind = document.querySelectorAll('main, .site-footer, .brand, .site-links, .scheme-button, .skip-link');
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

function setUpContents(toc) {
  const links = new Map([...toc.querySelectorAll('a')].map((a) => [decodeURIComponent(a.hash.slice(1)), a]));
  const sections = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);
  const mark = () => {
    const passed = sections.filter((section) => section.getBoundingClientRect().top < innerHeight * 0.3);
    const atEnd = scrollY > 0 && scrollY + innerHeight >= root.scrollHeight - 2;
    const here = atEnd ? sections.at(-1) : passed.at(-1) ?? sections[0];
    for (const [id, a] of links) {
      if (id === here?.id) a.setAttribute('aria-current', 'true');
      else a.removeAttribute('aria-current');
    }
    keepInView(toc, links.get(here?.id));
  };
  addEventListener('scroll', () => requestAnimationFrame(mark), { passive: true });
  mark();
  foldWhenNarrow(toc);
}

// Scrolls a long table of contents, and nothing else, to the entry.
function keepInView(toc, link) {
  if (!link || toc.scrollHeight <= toc.clientHeight) return;
  const [box, entry] = [toc.getBoundingClientRect(), link.getBoundingClientRect()];
  if (entry.top < box.top || entry.bottom > box.bottom) toc.scrollTop += entry.top - box.top - box.height / 2;
}

function foldWhenNarrow(toc) {
  const wide = matchMedia('(min-width: 80rem)');
  const fit = () => { toc.open = wide.matches; };
  wide.addEventListener('change', fit);
  fit();
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

// What is folded away on the screen is open on paper.
function unfoldForPrint() {
  const closed = () => document.querySelectorAll('.content details:not([open])');
  let opened = [];
  addEventListener('beforeprint', () => {
    opened = [...closed()];
    opened.forEach((details) => { details.open = true; });
  });
  addEventListener('afterprint', () => opened.forEach((details) => { details.open = false; }));
}

// A link to a place inside a fold opens the fold.
function openFoldsAround(hash) {
  const target = document.getElementById(decodeURIComponent(hash.slice(1)));
  for (let fold = target?.closest('details'); fold; fold = fold.parentElement.closest('details')) fold.open = true;
}

setUpScheme(document.querySelector('.scheme-button'));
setUpSidebar(document.querySelector('.menu-button'), document.querySelector('.sidebar'));
const toc = document.querySelector('.toc');
if (toc) setUpContents(toc);
addHeadingAnchors(document.querySelector('.content'));
signQuotes(document.querySelector('.content'));
addCopyButtons();
setUpTabs();
setUpScrollBoxes();
keepPunctuation();
unfoldForPrint();
openFoldsAround(location.hash);
addEventListener('hashchange', () => openFoldsAround(location.hash));
