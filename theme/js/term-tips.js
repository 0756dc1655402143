// Shows the definition of a marked term on hover, on focus and on tap. Without this script, or in a browser that has no
// popovers, a term is a plain link to the glossary.
//
// The box follows WCAG 1.4.13: the pointer may move onto it, Escape hides it and nothing else, and it stays until
// pointer and focus have left. It lies in the top layer, so that the scaling of a slide does not reach it.

const GAP = 8;
const EDGE = 8;
const OPEN_AFTER = 120;
const CLOSE_AFTER = 250;

const inDeck = document.querySelector('.reveal .slides') !== null;
let shown = null; // the term whose definition is shown
let timer = 0;

function makeBox(anchor, { term, definition }) {
  const box = document.createElement('div');
  box.id = `definition-${anchor}`;
  box.className = inDeck ? 'term-box term-box-deck' : 'term-box';
  box.popover = 'manual';
  box.setAttribute('role', 'tooltip');
  box.dataset.pagefindIgnore = '';
  const name = document.createElement('strong');
  name.textContent = `${term}: `;
  box.append(name, definition);
  return box;
}

const anchorOf = (link) => decodeURIComponent(link.hash.slice(1));
const boxOf = (link) => document.getElementById(`definition-${anchorOf(link)}`);

// A term at the end of a line may be in two pieces: the one under the pointer counts, with the keyboard the first.
function pieceOf(link, x, y) {
  const pieces = [...link.getClientRects()];
  return pieces.find((piece) => x >= piece.left && x <= piece.right && y >= piece.top && y <= piece.bottom) ?? pieces[0];
}

// Below the term, above it where there is more room there, always within the window.
function place(box, piece) {
  const { clientWidth: width, clientHeight: height } = document.documentElement;
  const below = height - piece.bottom - GAP - EDGE;
  const above = piece.top - GAP - EDGE;
  const down = box.offsetHeight <= below || below >= above;
  box.style.maxHeight = `${Math.max(down ? below : above, 80)}px`;
  box.style.left = `${Math.max(EDGE, Math.min(piece.left, width - box.offsetWidth - EDGE))}px`;
  const top = down ? piece.bottom + GAP : piece.top - GAP - box.offsetHeight;
  box.style.top = `${Math.max(EDGE, Math.min(top, height - box.offsetHeight - EDGE))}px`;
}

function show(link, x = -1, y = -1) {
  clearTimeout(timer);
  if (shown?.link === link) return;
  hide();
  const box = boxOf(link);
  box.style.maxHeight = '';
  box.showPopover();
  shown = { link, box, x, y };
  place(box, pieceOf(link, x, y));
}

function hide() {
  clearTimeout(timer);
  if (!shown) return;
  shown.box.hidePopover();
  shown = null;
}

function hideSoon() {
  clearTimeout(timer);
  timer = setTimeout(() => { if (shown && document.activeElement !== shown.link) hide(); }, CLOSE_AFTER);
}

function watch(link) {
  let byTouch = false;
  let wasShown = false;
  link.addEventListener('pointerenter', ({ pointerType, clientX, clientY }) => {
    if (pointerType === 'touch') return;
    clearTimeout(timer);
    timer = setTimeout(show, OPEN_AFTER, link, clientX, clientY);
  });
  link.addEventListener('pointerleave', ({ pointerType }) => { if (pointerType !== 'touch') hideSoon(); });
  link.addEventListener('pointerdown', ({ pointerType }) => {
    byTouch = pointerType === 'touch';
    wasShown = shown?.link === link;
  });
  link.addEventListener('focus', () => { if (link.matches(':focus-visible')) show(link); });
  link.addEventListener('blur', () => { if (shown?.link === link) hide(); });
  // The first tap shows the definition, a second one follows the link.
  link.addEventListener('click', (event) => {
    if (byTouch && !wasShown) {
      event.preventDefault();
      show(link, event.clientX, event.clientY);
    }
    byTouch = false;
  });
}

function watchBox(box) {
  box.addEventListener('pointerenter', () => clearTimeout(timer));
  box.addEventListener('pointerleave', ({ pointerType }) => { if (pointerType !== 'touch') hideSoon(); });
}

function setUp(links) {
  for (const link of links) {
    if (link.dataset.definition) document.body.append(makeBox(anchorOf(link), link.dataset));
  }
  document.querySelectorAll('.term-box').forEach(watchBox);
  for (const link of links) {
    link.setAttribute('aria-describedby', boxOf(link).id);
    if (inDeck) link.target = '_blank'; // whoever presents keeps the deck, with its place and its drawings
    watch(link);
  }
  // Before reveal.js or the page sees the key: Escape first takes away what covers the text.
  window.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !shown) return;
    event.stopImmediatePropagation();
    event.preventDefault();
    hide();
  }, { capture: true });
  document.addEventListener('pointerdown', ({ target }) => {
    if (shown && !shown.box.contains(target) && !shown.link.contains(target)) hide();
  });
  const follow = () => { if (shown) place(shown.box, pieceOf(shown.link, shown.x, shown.y)); };
  window.addEventListener('scroll', follow, { passive: true, capture: true });
  window.addEventListener('resize', follow);
  document.addEventListener('slidechanged', hide);
}

const terms = [...document.querySelectorAll('a.term')];
if (terms.length && 'showPopover' in HTMLElement.prototype) setUp(terms);
