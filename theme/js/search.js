// Search over all pages and slides, with Pagefind. Nothing of the index is asked for before the dialog first opens.

const site = new URL('../../', import.meta.url);
const index = new URL('pagefind/', site);
const LIMIT = 24; // results in the list; who has more adds a word
const WEIGHTS = { Page: 0.2, Reference: 0.2 }; // of a result that is neither slide nor lesson
const PATIENCE = 120; // milliseconds without a key before the search begins

let dialog, field, list, status; // made when the dialog first opens
let engine; // a promise of Pagefind and of the places of its entries
let turn = 0; // counts searches, so that a slow old one never covers a new one
let timer;

// Opens the dialog at a click on each of the buttons, and by `/` and Ctrl+K (or ⌘K).
export function setUpSearch(buttons = []) {
  buttons.forEach((button) => button.addEventListener('click', openSearch));
  // Before the page's own keys: reveal.js takes `/` for its pause.
  addEventListener('keydown', (event) => {
    if (!asksForSearch(event)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    openSearch();
  }, { capture: true });
}

function asksForSearch(event) {
  const { key, ctrlKey, metaKey, altKey, shiftKey } = event;
  if (altKey || dialog?.open) return false;
  if ((ctrlKey || metaKey) && !shiftKey && key.toLowerCase() === 'k') return true;
  return key === '/' && !ctrlKey && !metaKey && !isWriting(event.target);
}

function isWriting(target) {
  return target.isContentEditable || target.matches?.('input, textarea, select, [contenteditable]');
}

export function openSearch() {
  if (!dialog) build();
  if (dialog.open) return;
  dialog.showModal();
  field.focus();
  field.select();
  load().catch(() => {}); // the first search says it
  if (field.value) search();
}

function load() {
  engine ??= start().catch((error) => {
    engine = undefined; // the next search tries again
    throw error;
  });
  return engine;
}

async function start() {
  const fetched = fetch(new URL('places.json', index)).then((answer) => {
    if (!answer.ok) throw new Error(`places.json: ${answer.status}`);
    return answer.json();
  });
  const [pagefind, places] = await Promise.all([import(new URL('pagefind.js', index).href), fetched]);
  await pagefind.options({ excerptLength: 26 });
  await pagefind.init();
  return { pagefind, places };
}

// -- the dialog --------------------------------------------------------------------------------------------------------

function build() {
  dialog = element('dialog', { className: 'search', ariaLabel: 'Search the course' });
  field = element('input', {
    type: 'search', className: 'search-field', role: 'combobox', placeholder: 'Search pages and slides',
    autocomplete: 'off', spellcheck: false, ariaLabel: 'Search pages and slides', ariaAutoComplete: 'list',
    ariaExpanded: 'false', enterKeyHint: 'go',
  });
  field.setAttribute('aria-controls', 'search-results');
  field.setAttribute('autocapitalize', 'none');
  const close = element('button', { type: 'button', className: 'search-close', ariaLabel: 'Close the search' });
  status = element('p', { className: 'search-status', role: 'status' });
  list = element('div', { id: 'search-results', className: 'search-results', role: 'listbox', ariaLabel: 'Results' });
  const bar = element('div', { className: 'search-bar' });
  const keys = element('p', { className: 'search-keys' });
  for (const [key, does] of [['↑ ↓', 'choose'], ['Enter', 'open'], ['Esc', 'close']]) {
    keys.append(element('kbd', { textContent: key }), ` ${does}`);
  }
  bar.append(field, close);
  dialog.append(bar, status, list, keys);
  document.body.append(dialog);
  close.addEventListener('click', () => dialog.close());
  listen();
  say('');
}

function element(name, properties) {
  return Object.assign(document.createElement(name), properties);
}

function listen() {
  field.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(search, PATIENCE);
  });
  dialog.addEventListener('keydown', (event) => {
    event.stopPropagation(); // no key of the search is one of the page's or the deck's
    onKey(event);
  });
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close(); // beside the box
    else if (event.target.closest('a')) leave(event);
  });
  list.addEventListener('mousemove', (event) => {
    const option = event.target.closest('a');
    if (option && option !== chosen()) choose(option, false);
  });
}

// A result on the page that is open changes the address and nothing else; the dialog must not stay before it.
function leave(event) {
  if (!event.ctrlKey && !event.metaKey && !event.shiftKey) dialog.close();
}

function onKey(event) {
  if (event.key === 'Enter' && event.target === field) {
    event.preventDefault();
    (chosen() ?? list.firstElementChild)?.dispatchEvent(new MouseEvent('click', {
      bubbles: true, cancelable: true, ctrlKey: event.ctrlKey, metaKey: event.metaKey,
    }));
  }
  if (event.key === 'Escape') {
    event.preventDefault(); // a search field would take the first one to empty itself
    dialog.close();
  }
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  event.preventDefault();
  const options = [...list.children];
  if (!options.length) return;
  field.focus();
  const step = event.key === 'ArrowDown' ? 1 : -1;
  const from = options.indexOf(chosen());
  const next = from < 0 && step < 0 ? options.length - 1 : from + step;
  choose(options[(next + options.length) % options.length]);
}

function chosen() {
  return list.querySelector('[aria-selected="true"]');
}

function choose(option, follow = true) {
  chosen()?.setAttribute('aria-selected', 'false');
  option.setAttribute('aria-selected', 'true');
  field.setAttribute('aria-activedescendant', option.id);
  if (follow) option.scrollIntoView({ block: 'nearest' });
}

// -- searching ---------------------------------------------------------------------------------------------------------

async function search() {
  const words = field.value.trim();
  const mine = ++turn;
  if (!words) return show([], '');
  try {
    const { pagefind, places } = await load();
    const { results } = await pagefind.search(words);
    const best = inOrder(results, places, words).slice(0, LIMIT);
    const found = await Promise.all(best.map(async ({ result, place }) => ({ data: await result.data(), place })));
    if (mine === turn) show(found, tell(results.length, words), words);
  } catch {
    if (mine === turn) show([], 'The search could not be loaded. Check the connection, then type again.');
  }
}

// Words lead to where they are taught before they lead to other pages or to the reference, and a name in code to its
// entry there. In a deck, what its own slides say stands before the rest. All is told by `places.json`, before the texts
// of the results are loaded.
function inOrder(results, places, words) {
  const isCode = /[_.(]/.test(words);
  const name = words.toLowerCase().replace(/\(.*/, '').split('.').at(-1);
  const isDeck = document.querySelector('.reveal') !== null;
  const rank = (result, { address, kind, title }) => {
    const isExact = title.toLowerCase() === name && (isCode || !(kind in WEIGHTS));
    const isHere = isDeck && new URL(address, site).pathname === location.pathname;
    return (isExact ? 2e6 : 0) + (isHere ? 1e6 : 0) + result.score * (isCode ? 1 : WEIGHTS[kind] ?? 1);
  };
  const ranked = results.map((result) => ({ result, place: places[result.id] }))
    .map((found) => ({ ...found, rank: rank(found.result, found.place) }));
  return ranked.sort((a, b) => b.rank - a.rank);
}

function tell(count, words) {
  if (!count) return `Nothing found for “${words}”. Try another word, or fewer.`;
  const results = `${count} ${count === 1 ? 'result' : 'results'} for “${words}”`;
  return count > LIMIT ? `${results}, the best ${LIMIT} are shown` : results;
}

function say(message) {
  status.textContent = message || 'Words of a lesson, a slide or the reference, or a name in code';
}

function show(found, message, words = '') {
  list.replaceChildren(...found.map((result, number) => option(result, number, words)));
  list.scrollTop = 0;
  field.ariaExpanded = String(found.length > 0);
  field.removeAttribute('aria-activedescendant');
  if (found.length) choose(list.firstElementChild, false);
  say(message);
}

function option({ data, place: { address, kind, page, title: name } }, number, words) {
  const link = element('a', { id: `search-result-${number}`, className: 'search-result', role: 'option', tabIndex: -1 });
  link.href = new URL(address, site).href;
  link.setAttribute('aria-selected', 'false');
  const title = element('span', { className: 'search-title' });
  title.append(...marked(name, words));
  const badge = element('span', { className: 'search-kind', textContent: kind });
  const where = element('span', { className: 'search-page', textContent: page });
  const head = element('span', { className: 'search-head' });
  head.append(title, badge);
  link.append(head);
  if (page !== name) link.append(where);
  link.append(excerpt(data.excerpt));
  return link;
}

// Marks, in a title, what was typed: Pagefind marks the excerpt alone.
function marked(title, words) {
  const typed = words.match(/[\p{L}\p{N}_]+/gu) ?? [];
  if (!typed.length) return [title];
  const parts = title.split(new RegExp(`(${typed.join('|')})`, 'iu'));
  return parts.map((part, place) => (place % 2 ? element('mark', { textContent: part }) : part));
}

// Takes the text and the marks of an excerpt, and nothing else that might be in it.
function excerpt(markup) {
  const text = element('span', { className: 'search-excerpt' });
  for (const node of new DOMParser().parseFromString(markup, 'text/html').body.childNodes) {
    text.append(node.nodeName === 'MARK' ? element('mark', { textContent: node.textContent }) : node.textContent);
  }
  return text;
}
