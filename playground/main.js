// The page: settings come from the address and the controls, and go to the run and the pictures.
import { bind, byId, show } from './controls.js';
import { readCsv } from './csv.js';
import { datasetOf } from './data.js';
import { png, save, svg, weightsFile } from './export.js';
import { chosenFeatures } from './features.js';
import { Guided } from './guided.js';
import './in-frame.js';
import { RUN_FILE, pytorch, runFile } from './pytorch.js';
import { Second } from './second.js';
import { Session } from './session.js';
import { KEYS, MOST_LAYERS, MOST_NEURONS, copyState, defaults, newSeed, readAddress, writeAddress } from './state.js';
import { Undo } from './undo.js';
import { View, viewFor } from './view.js';

// What changes pictures or pace and leaves the run as it is; everything else starts training anew.
const LIVE = new Set(['showTestData', 'discretize', 'hideText', 'collectStats', 'gradientFlow', 'logScale', 'speed', 'view', 'stopEpoch', 'stopLoss', 'experiment']);
const WAY_DOWN = Object.fromEntries(KEYS.learningRate.kind.options.map((rate, i, all) => [rate, all[Math.max(0, i - 2)]]));

let state = defaults();
let own = null; // the reader's points
let initial = null; // weights that undo brought back, for the next start
const undo = new Undo();
const session = new Session({ onSnapshot: () => received(), onSurface: (found) => view.showSurface(found) });
const second = new Second({ change: (compare) => change({ compare }), onSnapshot: () => received() });
const view = new View(session, {
  toggle: (key) => toggleFeature(key),
  widen: (layer, by) => change({ networkShape: state.networkShape.map((width, l) => (l === layer ? clamp(width + by, 1, MOST_NEURONS) : width)) }),
  select: (layer, neuron, input) => view.select(layer, neuron, input ?? null),
  second: () => second.session,
  own: () => own?.points,
  painted: (plane, colors) => second.draw(session, plane, colors),
});
const guided = new Guided({
  open: (experiment) => open(experiment),
  run: (experiment) => {
    change({ stopEpoch: experiment.epochs, speed: 'max' }, '', { isForced: true });
    play();
  },
});

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

// -- settings ------------------------------------------------------------------------------------------------------------

// Take over some settings; `about` names a control whose changes in a row count as one.
function change(changes, about = '', { isForced = false } = {}) {
  const next = { ...copyState(state), ...changes };
  if (!isForced && writeAddress(next) === writeAddress(state)) return;
  undo.note({ state, params: session.net?.params.slice() }, about);
  const isSlide = about && about === history.state?.about && Date.now() - history.state.time < 1000;
  adopt(next, isForced);
  const entry = { about, time: Date.now() };
  history[isSlide ? 'replaceState' : 'pushState'](entry, '', `#${writeAddress(state)}`);
}

function adopt(next, isForced = false) {
  const isLive = !isForced && session.net && Object.keys(KEYS).every((key) => LIVE.has(key) || String(JSON.stringify(next[key])) === String(JSON.stringify(state[key])));
  state = next;
  showSettings();
  if (isLive) adjust();
  else restart();
}

function showSettings() {
  show(document.body, state);
  byId('seed').value = state.seed;
  byId('layer-count').textContent = `${state.networkShape.length} hidden layer${state.networkShape.length === 1 ? '' : 's'}`;
  byId('fewer').disabled = state.networkShape.length === 0;
  byId('more').disabled = state.networkShape.length === MOST_LAYERS;
  byId('stop-epoch').value = String(state.stopEpoch);
  byId('stop-loss').value = String(state.stopLoss);
  for (const option of document.querySelectorAll('[data-own]')) option.hidden = !own || option.closest('[data-problem]').dataset.problem !== own.problem;
  byId('undo').disabled = undo.isEmpty;
  guided.show(state.experiment);
}

function adjust() {
  for (const run of [session, second.session]) {
    run?.send('gradients', { isShown: state.gradientFlow });
    run?.send('speed', { speed: state.speed });
    run?.send('stops', state);
  }
  session.ask();
  view.adjust(state);
}

// Start anew: the weights are drawn again from the seed, or are those that were handed over.
function restart() {
  alertReader('');
  session.configure(state, own?.points, initial);
  initial = null;
  second.configure(state, own?.points);
  view.configure(state);
  view.draw();
  writeCode();
}

function toggleFeature(key) {
  const next = { ...copyState(state), [key]: !state[key] };
  if (chosenFeatures(next).length === 0) notes(['The network needs at least one input.']);
  else change({ [key]: next[key] });
}

function received() {
  byId('undo').disabled = undo.isEmpty;
  view.draw();
  tellTheEnd();
  guided.watch(session, second.session);
  if (!session.isPlaying) writeCode();
}

// -- the address ---------------------------------------------------------------------------------------------------------

function load() {
  const read = readAddress(location.hash);
  const found = read.notes;
  let next = read.state;
  if (datasetOf(next) === 'own' && own?.problem !== next.problem) {
    found.push('Your own data are not part of an address; put them in again below. A data set of the playground is shown.');
    next = { ...next, dataset: KEYS.dataset.usual, regDataset: KEYS.regDataset.usual };
  }
  if (chosenFeatures(next).length === 0) {
    found.push('The address switches all inputs off; x is switched on again.');
    next.x = true;
  }
  if (!next.seed) next.seed = state.seed || newSeed();
  notes(found);
  adopt(next, !session.net);
  if (`#${writeAddress(state)}` !== location.hash) history.replaceState(history.state, '', `#${writeAddress(state)}`);
}

function notes(found) {
  byId('notes').hidden = found.length === 0;
  byId('notes').replaceChildren(...found.map((text) => Object.assign(document.createElement('p'), { textContent: text })));
}

// -- training ------------------------------------------------------------------------------------------------------------

const runs = () => [session, second.session].filter(Boolean);

function play() {
  for (const run of runs()) run.play(state.speed);
  view.draw();
}

function toggle() {
  if (view.playing().length) for (const run of runs()) run.pause();
  else play();
  view.draw();
}

function tellTheEnd() {
  const ended = session.snapshot?.ended;
  if (session.isPlaying || !ended) return;
  if (ended.reason === 'diverged') tellDivergence(ended);
  else alertReader(ended.reason === 'epoch' ? `Stopped after epoch ${ended.epoch}.` : `Stopped in epoch ${ended.epoch}: the training loss has reached ${state.stopLoss}.`);
}

function tellDivergence({ epoch }) {
  const smaller = WAY_DOWN[state.learningRate];
  const box = alertReader(`Training diverged in epoch ${epoch + 1}: the loss has grown beyond all numbers, because each step overshoots by more than the ` +
    'one before. The weights shown are the last finite ones. Take a smaller learning rate, or smaller initial weights.');
  if (!box || smaller === state.learningRate) return;
  const button = Object.assign(document.createElement('button'), { type: 'button', textContent: `Start again at a learning rate of ${smaller}` });
  button.addEventListener('click', () => change({ learningRate: smaller }));
  box.append(button);
}

// Say something once; the same words again change nothing, so that a screen reader does not repeat them.
function alertReader(text) {
  const box = byId('alert');
  if (box.dataset.text === text) return null;
  box.dataset.text = text;
  box.hidden = !text;
  box.replaceChildren(Object.assign(document.createElement('p'), { textContent: text }));
  return box;
}

function goBack() {
  const entry = undo.take();
  if (!entry) return;
  initial = entry.params ?? null;
  adopt(entry.state, true);
  history.pushState({}, '', `#${writeAddress(state)}`);
}

function editParam() {
  const value = byId('value').valueAsNumber;
  if (!Number.isFinite(value)) return;
  undo.note({ state, params: session.net.params.slice() });
  session.setParam(Number(byId('param').value), value);
}

function open(experiment) {
  if (!experiment) {
    change({ experiment: '' });
    return;
  }
  const { state: next } = readAddress(`${experiment.address}&experiment=${experiment.id}`);
  change({ ...next, seed: state.seed, hidden: state.hidden }, '', { isForced: true });
}

// -- tools ---------------------------------------------------------------------------------------------------------------

function writeCode() {
  if (!byId('code-fold').open || !session.snapshot) return;
  byId('code').textContent = pytorch(state, session.snapshot.epoch || 100, session.train.n);
}

function useRows(text) {
  const found = readCsv(text);
  const lines = found.error ? [found.error] : [`${found.points.length} rows are used, as ${found.problem === 'classification' ? 'a classification' : 'a regression'}.`, ...found.changes];
  const bad = found.bad ?? [];
  const listed = [...lines, ...bad.slice(0, 20), ...(bad.length > 20 ? [`And ${bad.length - 20} more rows that cannot be read.`] : [])];
  byId('csv-says').replaceChildren(...listed.map((line) => Object.assign(document.createElement('p'), { textContent: line })));
  if (found.error) return;
  own = found;
  change({ problem: found.problem, dataset: found.problem === 'classification' ? 'own' : state.dataset, regDataset: found.problem === 'regression' ? 'own' : state.regDataset }, '', { isForced: true });
}

async function copy(text, box, words) {
  try {
    await navigator.clipboard.writeText(text);
    box.textContent = words;
  } catch {
    box.textContent = `Copy it from here: ${text}`; // the browser does not allow it
  }
}

const drawing = () => svg({ graph: view.graph, picture: byId('picture'), session, colors: view.colors, title: document.title });

function wire() {
  bind(document.body, (key, value) => {
    const more = key === 'regDataset' || key === 'problem' ? { view: viewFor({ ...state, [key]: value }) } : {};
    change({ [key]: value, ...more }, key);
  });
  const clicks = {
    play: toggle,
    step: () => { for (const run of runs()) run.step('step'); },
    epoch: () => { for (const run of runs()) run.step('epoch'); },
    reset: () => restart(),
    undo: goBack,
    fewer: () => change({ networkShape: state.networkShape.slice(0, -1) }),
    more: () => change({ networkShape: [...state.networkShape, state.networkShape.at(-1) ?? 4] }),
    'new-seed': () => change({ seed: newSeed() }),
    'copy-link': () => copy(location.href, byId('share-says'), 'The link is copied.'),
    'copy-code': () => copy(byId('code').textContent, byId('copy-code'), 'Copied'),
    'save-run': () => save(RUN_FILE, JSON.stringify(runFile(state, own?.points)), 'application/json'),
    'save-weights': () => save('playground-weights.json', weightsFile(session), 'application/json'),
    'save-svg': () => save('playground.svg', drawing(), 'image/svg+xml'),
    'save-png': async () => save('playground.png', await png(drawing())),
    'use-csv': () => useRows(byId('csv').value),
  };
  for (const [id, action] of Object.entries(clicks)) byId(id).addEventListener('click', action);
  byId('seed').addEventListener('change', ({ target }) => (target.value ? change({ seed: target.value }) : showSettings()));
  byId('neuron').addEventListener('change', () => { view.params(); view.draw(); });
  byId('param').addEventListener('change', () => { view.value(true); view.draw(); });
  byId('value').addEventListener('change', editParam);
  byId('stop-epoch').addEventListener('change', ({ target }) => stopAt('stopEpoch', target.value));
  byId('stop-loss').addEventListener('change', ({ target }) => stopAt('stopLoss', target.value));
  byId('code-fold').addEventListener('toggle', writeCode);
  byId('file').addEventListener('change', async ({ target }) => { if (target.files[0]) useRows(await target.files[0].text()); });
  addEventListener('keydown', shortcut);
  addEventListener('popstate', load);
}

function stopAt(key, text) {
  const value = KEYS[key].kind.read(text.trim());
  if (value === undefined) showSettings();
  else change({ [key]: value });
}

const SHORTCUTS = { p: 'play', s: 'step', r: 'reset' };

function shortcut(event) {
  const isTyping = event.target.matches?.('input, textarea, select');
  if (event.altKey && !event.ctrlKey && SHORTCUTS[event.key]) byId(SHORTCUTS[event.key]).click();
  else if (event.ctrlKey && event.key === 'z' && !isTyping) byId('undo').click();
  else return;
  event.preventDefault();
}

wire();
load();
