// A box above the glossary that leaves only the entries with the words typed into it. Without this script, all are there.

const list = document.querySelector('.letters');
const letters = [...document.querySelectorAll('section:has(> h2[id^="letter-"]), section[id^="letter-"]')];

const plain = (text) => text.normalize('NFD').replace(/\p{Mn}/gu, '').toLowerCase();

function makeField() {
  const field = document.createElement('div');
  field.className = 'glossary-filter';
  field.setAttribute('role', 'search');
  field.innerHTML = `
    <label for="glossary-words">Find a term</label>
    <input type="search" id="glossary-words" autocomplete="off" spellcheck="false">
    <p role="status"></p>`;
  return field;
}

// An entry is in if each word typed begins a word of it; its own words are looked at once.
const entries = letters.flatMap((letter) => [...letter.querySelectorAll('section')].map((section) => (
  { section, letter, words: ` ${plain(section.textContent).replace(/[^\p{L}\p{N}-]+/gu, ' ')}` })));

function filter(typed, status) {
  const wanted = plain(typed).split(/[^\p{L}\p{N}-]+/u).filter(Boolean);
  const filled = new Set();
  let count = 0;
  for (const { section, letter, words } of entries) {
    const fits = wanted.every((word) => words.includes(` ${word}`));
    section.hidden = !fits;
    if (fits) {
      filled.add(letter);
      count += 1;
    }
  }
  for (const letter of letters) letter.hidden = !filled.has(letter);
  list.hidden = wanted.length > 0;
  status.textContent = wanted.length ? `${count} of ${entries.length} terms` : '';
}

// An address with the anchor of an entry shows this entry, whatever was typed before.
function showTarget(input, status) {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target?.closest('[hidden]')) return;
  input.value = '';
  filter('', status);
  target.scrollIntoView();
}

if (list && entries.length) {
  const field = makeField();
  const input = field.querySelector('input');
  const status = field.querySelector('[role="status"]');
  list.before(field);
  input.addEventListener('input', () => filter(input.value, status));
  window.addEventListener('hashchange', () => showTarget(input, status));
}
