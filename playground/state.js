// The settings, and the address that holds them: #key=value&key=value, in the keys of TensorFlow Playground plus our own.
import { CLASSIFICATION, REGRESSION } from './data.js';
import { FEATURES } from './features.js';

export const MOST_LAYERS = 6;
export const MOST_NEURONS = 16;

const RATES = [0.00001, 0.0001, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10];
const PENALTIES = [0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10];

// -- kinds of values: each reads a text, or says in words what it takes --------------------------------------------------

const choice = (...options) => ({
  takes: options.join(', '),
  read: (text) => (options.includes(text) ? text : undefined),
  options,
});

const number = (options, takes) => ({
  takes: takes ?? options.join(', '),
  read: (text) => (isNumber(text) && options.includes(Number(text)) ? Number(text) : undefined),
  options,
});

const range = (low, high, step) => ({
  ...number(Array.from({ length: Math.round((high - low) / step) + 1 }, (_, i) => low + i * step),
    `${low} to ${high}${step === 1 ? '' : ` in steps of ${step}`}`),
  low, high, step,
});

const flag = {
  takes: 'true or false',
  read: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
};

const whole = (high) => ({
  takes: `a whole number, 0 to ${high}`,
  read: (text) => (/^\d{1,9}$/.test(text) && Number(text) <= high ? Number(text) : undefined),
});

const amount = {
  takes: 'a number, 0 or more',
  read: (text) => (isNumber(text) && Number(text) >= 0 ? Number(text) : undefined),
};

const seed = {
  takes: 'a text of 1 to 40 characters',
  read: (text) => (text.length >= 1 && text.length <= 40 ? text : undefined),
};

const widths = {
  takes: `up to ${MOST_LAYERS} whole numbers from 1 to ${MOST_NEURONS}, with commas between`,
  read: (text) => readWidths(text),
};

// The second configuration, of which only what differs is told: key:value;key:value.
const changes = {
  takes: 'settings of the second network, as key:value;key:value',
  read: (text) => readChanges(text),
};

const isNumber = (text) => /^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) && Number.isFinite(Number(text));

function readWidths(text) {
  if (text.trim() === '') return [];
  const parts = text.split(',').map((part) => part.trim());
  const fits = parts.every((part) => /^\d{1,2}$/.test(part) && Number(part) >= 1 && Number(part) <= MOST_NEURONS);
  return fits && parts.length <= MOST_LAYERS ? parts.map(Number) : undefined;
}

// What the second network may have of its own; it shares data, seed and features with the first.
export const COMPARABLE = [
  'activation', 'learningRate', 'optimizer', 'init', 'regularization', 'regularizationRate', 'batchSize', 'networkShape',
];

function readChanges(text) {
  const found = {};
  for (const part of text.split(';').filter(Boolean)) {
    const [key, value] = splitAt(part, ':');
    if (!COMPARABLE.includes(key) || key in found) return undefined;
    found[key] = KEYS[key].kind.read(value);
    if (found[key] === undefined) return undefined;
  }
  return found;
}

const splitAt = (text, sign) => {
  const at = text.indexOf(sign);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
};

// -- the keys ------------------------------------------------------------------------------------------------------------

const key = (kind, usual) => ({ kind, usual });

export const KEYS = {
  activation: key(choice('relu', 'tanh', 'sigmoid', 'linear', 'cubic'), 'tanh'),
  regularization: key(choice('none', 'L1', 'L2'), 'none'),
  regularizationRate: key(number(PENALTIES), 0),
  learningRate: key(number(RATES), 0.03),
  batchSize: key(range(1, 30, 1), 10),
  noise: key(range(0, 50, 5), 0),
  percTrainData: key(range(10, 90, 10), 50),
  problem: key(choice('classification', 'regression'), 'classification'),
  dataset: key(choice(...Object.keys(CLASSIFICATION), 'own'), 'circle'),
  regDataset: key(choice(...Object.keys(REGRESSION), 'own'), 'reg-plane'),
  networkShape: key(widths, [4, 2]),
  seed: key(seed, ''),
  ...Object.fromEntries(FEATURES.map((feature) => [feature.key, key(flag, feature.key === 'x' || feature.key === 'y')])),
  showTestData: key(flag, false),
  discretize: key(flag, false),
  hideText: key(flag, false),
  collectStats: key(flag, false), // known from old addresses; nothing is collected
  // our own
  optimizer: key(choice('sgd', 'momentum', 'adam'), 'sgd'),
  init: key(choice('uniform', 'he', 'glorot', 'small', 'zero'), 'uniform'),
  speed: key(choice('1', '10', '60', '600', 'max'), '60'),
  view: key(choice('plane', 'line', 'fit', 'surface'), 'plane'),
  gradientFlow: key(flag, false),
  logScale: key(flag, false),
  stopEpoch: key(whole(1000000), 0),
  stopLoss: key(amount, 0),
  compare: key(changes, null),
  experiment: key({ takes: 'the name of a guided experiment', read: (t) => (/^[a-z0-9-]{1,40}$/.test(t) ? t : undefined) }, ''),
};

// The names whose `<name>_hide=true` hides a control, those of old addresses among them.
export const HIDEABLE = [
  'activation', 'regularization', 'regularizationRate', 'learningRate', 'batchSize', 'noise', 'percTrainData', 'problem',
  'dataset', 'numHiddenLayers', 'showTestData', 'discretize', 'playButton', 'stepButton', 'resetButton', 'seed',
  'optimizer', 'init', 'speed', 'features', 'gradientFlow', 'logScale', 'stop', 'compare', 'experiment', 'tools',
];

export function defaults() {
  const state = Object.fromEntries(Object.entries(KEYS).map(([name, { usual }]) => [name, copy(usual)]));
  return { ...state, hidden: [] };
}

const copy = (value) => (Array.isArray(value) ? [...value] : value && typeof value === 'object' ? { ...value } : value);
export const copyState = (state) => Object.fromEntries(Object.entries(state).map(([name, value]) => [name, copy(value)]));

// -- reading -------------------------------------------------------------------------------------------------------------

// Read the part of an address after #. Return { state, notes }; each bad value leaves a note and the usual value.
export function readAddress(fragment) {
  const state = defaults();
  const notes = [];
  const hidden = new Set();
  for (const part of parts(fragment)) {
    const [name, text] = splitAt(part, '=').map(decode);
    const note = name === undefined || text === undefined
      ? `${part}: this is not well-formed text of an address` : readPart(state, hidden, name, text);
    if (note) notes.push(`${note} It is ignored.`);
  }
  state.hidden = HIDEABLE.filter((name) => hidden.has(name));
  return { state, notes };
}

// Some readers turn the beginning of "&regDataset" into the sign ®; such addresses are read as they were meant.
const parts = (fragment) => fragment.replace(/^#/, '').replace(/®|%C2%AE/gi, '&reg').split('&').filter(Boolean);

function readPart(state, hidden, name, text) {
  if (name.endsWith('_hide')) return readHiding(hidden, name, text);
  if (name === 'initZero') return readInitZero(state, text);
  if (!Object.hasOwn(KEYS, name)) return `${quote(name)} is not a setting of this playground.`;
  if (!text && name === 'seed') return null;
  const value = KEYS[name].kind.read(text);
  if (value === undefined) return `${name}=${quote(text)}: it takes ${KEYS[name].kind.takes}.`;
  state[name] = value;
  return null;
}

function readHiding(hidden, name, text) {
  const control = name.slice(0, -'_hide'.length);
  if (!HIDEABLE.includes(control)) return `${quote(name)}: there is no control of this name to hide.`;
  if (flag.read(text) === undefined) return `${name}=${quote(text)}: it takes true or false.`;
  if (flag.read(text)) hidden.add(control);
  return null;
}

function readInitZero(state, text) {
  if (flag.read(text) === undefined) return `initZero=${quote(text)}: it takes true or false.`;
  if (flag.read(text)) state.init = 'zero';
  return null;
}

const quote = (text) => `“${text.length > 40 ? `${text.slice(0, 40)}…` : text}”`;

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

// -- writing -------------------------------------------------------------------------------------------------------------

// Return the part of an address after #, in which every setting that is not the usual one is told, and the seed.
export function writeAddress(state) {
  const pairs = Object.entries(KEYS)
    .filter(([name, { usual }]) => write(name, state[name]) !== write(name, usual))
    .map(([name]) => (name === 'init' && state.init === 'zero' ? ['initZero', 'true'] : [name, write(name, state[name])]));
  const hiding = state.hidden.map((name) => [`${name}_hide`, 'true']);
  return [...pairs, ...hiding].map(([name, text]) => `${name}=${encode(text)}`).join('&');
}

// Commas, colons and the like are easier to read as they are.
const encode = (text) => encodeURIComponent(text).replace(/%2C/g, ',').replace(/%3A/g, ':').replace(/%3B/g, ';');

function write(name, value) {
  if (name === 'compare') return value ? Object.entries(value).map(([k, v]) => `${k}:${write(k, v)}`).join(';') : '';
  return String(value);
}

// The state of the second network: the first's with its changes, or null.
export function secondState(state) {
  return state.compare ? { ...copyState(state), ...copyState(state.compare), compare: null } : null;
}

// A seed for a reader who has not chosen one; this alone is not repeatable.
export const newSeed = () => Math.random().toString(36).slice(2, 7);
