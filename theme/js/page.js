// What a page does: color scheme, contents on small screens, the table of contents that follows, code, tabs.
import { addCopyButtons } from './code-copy.js';
import { setUpTabs } from './tabs.js';

const root = document.documentElement;

function setUpScheme(button) {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const current = () => root.dataset.scheme ?? (dark.matches ? 'dark' : 'light');
  const show = () => button.setAttribute('aria-label', `Switch to ${current() === 'dark' ? 'light' : 'dark'} colors`);
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

function setUpSidebar(button, sidebar) {
  const toggle = (open) => {
    button.setAttribute('aria-expanded', String(open));
    sidebar.classList.toggle('open', open);
  };
  button.addEventListener('click', () => toggle(button.getAttribute('aria-expanded') !== 'true'));
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || button.getAttribute('aria-expanded') !== 'true') return;
    toggle(false);
    button.focus();
  });
}

function setUpContents(toc) {
  const links = new Map([...toc.querySelectorAll('a')].map((a) => [decodeURIComponent(a.hash.slice(1)), a]));
  const sections = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);
  const mark = () => {
    const passed = sections.filter((section) => section.getBoundingClientRect().top < innerHeight * 0.3);
    const here = passed.at(-1) ?? sections[0];
    for (const [id, a] of links) {
      if (id === here?.id) a.setAttribute('aria-current', 'true');
      else a.removeAttribute('aria-current');
    }
  };
  addEventListener('scroll', () => requestAnimationFrame(mark), { passive: true });
  mark();
}

setUpScheme(document.querySelector('.scheme-button'));
setUpSidebar(document.querySelector('.menu-button'), document.querySelector('.sidebar'));
const toc = document.querySelector('.toc');
if (toc) setUpContents(toc);
addCopyButtons();
setUpTabs();
