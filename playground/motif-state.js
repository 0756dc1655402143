// What the page shows, as settings that its address holds: motif.html#motif=MA0139.1&seed=3. Defaults are left out.

import { validated } from './motif-dna.js';

export const MOTIFS = {
  'MA0095.2': 'YY1', 'MA0035.4': 'GATA1', 'MA0106.3': 'TP53', 'MA0080.5': 'SPI1', 'MA0138.2': 'REST', 'MA0139.1': 'CTCF',
  'MA0506.1': 'NRF1',
};
export const LONGEST = 400; // letters
const WIDEST = 30; // places of a filter
const DECIMALS = 1000; // of a weight: thousandths

const choice = (...values) => ({ read: (text) => (values.includes(text) ? text : fail(`one of ${values.join(', ')}`)), write: String });
const number = (low, high, isWhole) => ({
  low, high, write: String, read: (text) => {
    const value = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
    const good = value >= low && value <= high && (!isWhole || Number.isInteger(value));
    return good ? value : fail(`a ${isWhole ? 'whole ' : ''}number from ${low} to ${high}`);
  },
});

/** How each setting is read from the address and written to it. */
export const SETTINGS = {
  motif: choice(...Object.keys(MOTIFS)),
  seed: number(0, 999999, true),
  length: number(30, LONGEST, true),
  sites: number(0, 10, true),
  dna: { read: readDna, write: String },
  mutations: { read: readMutations, write: (list) => list.map(({ position, base }) => `${position}${base}`).join(',') },
  filter: { read: readFilter, write: (rows) => rows.map((row) => row.join(',')).join('_') },
  strands: choice('both', 'plus'),
  threshold: number(-20, 40, false),
  pool: number(1, LONGEST, true),
  position: number(0, LONGEST - 1, true),
  at: number(0, LONGEST - 1, true),
};

export const DEFAULTS = Object.freeze({
  motif: 'MA0095.2', seed: 1, length: 120, sites: 2, dna: '', mutations: [], filter: null, strands: 'both', threshold: 6,
  pool: 10, position: 0, at: null,
});

/** Return `{state, notes}`: what is missing or wrong has its default, and a note says what was wrong. */
export function parseState(fragment) {
  const [state, notes] = [{ ...DEFAULTS }, []];
  for (const part of fragment.replace(/^#/, '').split('&').filter(Boolean)) {
    const [key, text = ''] = part.split(/=(.*)/s);
    try {
      if (!Object.hasOwn(SETTINGS, key)) throw new Error('is no setting of this page');
      state[key] = SETTINGS[key].read(decodeURIComponent(text));
    } catch (error) {
      notes.push(`“${key.slice(0, 30)}” in the address ${error instanceof URIError ? 'cannot be read' : error.message}; it is ignored.`);
    }
  }
  return { state, notes };
}

/** Return the fragment that gives this state, without `#`. */
export function formatState(state) {
  const written = (key, from) => (from[key] === null ? '' : SETTINGS[key].write(from[key]));
  return Object.keys(SETTINGS).filter((key) => written(key, state) !== written(key, DEFAULTS))
    .map((key) => `${key}=${written(key, state)}`).join('&');
}

/** Return a weight as the address holds it. */
export function rounded(weight) {
  return Math.round(weight * DECIMALS) / DECIMALS + 0;
}

/** Return the mutations with one more; at most one stands at each position. */
export function withMutation(mutations, position, base, original) {
  const others = mutations.filter((mutation) => mutation.position !== position);
  return base === original ? others : [...others, { position, base }];
}

function fail(expected) {
  throw new Error(`must be ${expected}`);
}

function readDna(text) {
  if (text.length > LONGEST) fail(`${LONGEST} letters or fewer`);
  return validated(text);
}

function readMutations(text) {
  return text.split(',').reduce((list, word) => {
    const [, digits, base] = word.match(/^(\d{1,3})([ACGT])$/) ?? fail('a list such as 12A,40G');
    return withMutation(list, Number(digits), base, '');
  }, []);
}

function readFilter(text) {
  const rows = text.split('_').map((row) => row.split(',').map(number(-99, 99, false).read));
  if (rows.length > WIDEST || rows.some((row) => row.length !== 4)) fail(`1 to ${WIDEST} places of four weights`);
  return rows.map((row) => row.map(rounded));
}
