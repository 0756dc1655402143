// The page: controls change the state, the state gives the model, the model is shown; the address keeps the state.

import './in-frame.js';
import { watchAddress } from './motif-address.js';
import { cleaned, validated } from './motif-dna.js';
import { cellAt } from './motif-draw-map.js';
import { PITCH } from './motif-draw-tracks.js';
import { parseJaspar } from './motif-matrix.js';
import { derive } from './motif-model.js';
import { walk } from './motif-slide.js';
import { DEFAULTS, LONGEST, MOTIFS, SETTINGS, withMutation } from './motif-state.js';
import { trainingPanel } from './motif-training-panel.js';
import { showAll, showMutagenesis, showWindow } from './motif-view.js';

const find = (id) => document.getElementById(id);
const NUMBERS = ['length', 'sites', 'seed', 'threshold', 'pool'];
let [state, model, motifs] = [DEFAULTS, null, {}];

const address = watchAddress((next, notes) => {
  player.stop();
  state = next;
  showNotes(notes);
  render();
});
const training = trainingPanel(find, (filter) => {
  commit({ filter });
  find('mt-filter').scrollIntoView({ block: 'start' });
});
const player = walk(find('mt-play'), () => moveTo(model.position + 1, true));

try {
  motifs = Object.fromEntries(await Promise.all(Object.keys(MOTIFS).map(async (identifier) => [identifier, await load(identifier)])));
  ({ state } = address.first);
  showNotes(address.first.notes);
  listen();
  render();
  if (model) follow(find('mt-map-box'), model.at - 10, 20);
  find('scanner').dataset.ready = '';
} catch (error) {
  showNotes([`The motif matrices could not be read: ${error.message}. Load the page again.`]);
}

async function load(identifier) {
  const file = `${identifier}.jaspar`;
  const answer = await fetch(`../data/motifs/${file}`);
  if (!answer.ok) throw new Error(`${file}: ${answer.status}`);
  return parseJaspar(await answer.text(), file)[0];
}

function commit(change, isStep = true) {
  state = { ...state, ...change };
  address.save(state, isStep);
  render();
}

function render() {
  showControls();
  training.reset(motifs[state.motif]);
  let wrong = '';
  try {
    model = derive(state, motifs[state.motif].counts);
    showAll(find, model, state, motifs[state.motif], onWeight);
    showWindow(find, model);
    showMutagenesis(find, model, state);
    showText(find('mt-dna'));
  } catch (error) {
    wrong = error.message;
  }
  showError(wrong);
}

// What was typed stays as it was typed, as long as it is the sequence.
function showText(field) {
  if (cleaned(field.value).toUpperCase() !== model.sequence) field.value = model.sequence;
}

function showControls() {
  find('mt-motif').value = state.motif;
  find('mt-strands').checked = state.strands === 'both';
  for (const key of NUMBERS) find(`mt-${key}`).value = String(state[key]);
  find('mt-matrix').disabled = state.filter === null;
  for (const key of ['length', 'sites', 'seed']) find(`mt-${key}`).closest('.mt-field').classList.toggle('is-unused', state.dna !== '');
}

function showError(message) {
  find('mt-dna-error').textContent = message;
  find('mt-dna').setAttribute('aria-invalid', String(message !== ''));
  find('mt-results').classList.toggle('is-stale', message !== '');
}

function showNotes(notes) {
  find('mt-notes').replaceChildren(...notes.map((note) => Object.assign(document.createElement('p'), { textContent: note })));
  find('mt-notes').hidden = notes.length === 0;
}

function onWeight(place, base, weight) {
  const filter = model.filter.map((row) => row.map((value) => Math.round(value * 1000) / 1000));
  filter[place][base] = weight;
  commit({ filter });
}

function listen() {
  find('mt-motif').addEventListener('change', ({ target }) => commit({ motif: target.value, filter: null }));
  find('mt-strands').addEventListener('change', ({ target }) => commit({ strands: target.checked ? 'both' : 'plus' }));
  for (const key of NUMBERS) find(`mt-${key}`).addEventListener('change', ({ target }) => onNumber(key, target));
  find('mt-new').addEventListener('click', () => commit({ dna: '', mutations: [], seed: (state.seed + 1) % 1000000 }));
  find('mt-dna').addEventListener('input', ({ target }) => onText(target.value));
  find('mt-matrix').addEventListener('click', () => commit({ filter: null }));
  find('mt-zero').addEventListener('click', () => commit({ filter: model.filter.map(() => [0, 0, 0, 0]) }));
  listenToWindow();
  listenToMutations();
}

function onNumber(key, field) {
  try {
    const value = SETTINGS[key].read(field.value);
    const isSimulation = key === 'length' || key === 'sites' || key === 'seed';
    field.removeAttribute('aria-invalid');
    showNotes([]);
    commit(isSimulation ? { [key]: value, dna: '', mutations: [] } : { [key]: value });
  } catch (error) {
    field.setAttribute('aria-invalid', 'true');
    showNotes([`${field.labels[0].firstElementChild.textContent}: ${error.message}.`]);
  }
}

function onText(text) {
  const letters = cleaned(text);
  try {
    if (letters.length > LONGEST) throw new Error(`the sequence has ${letters.length} letters; the page takes ${LONGEST} at most`);
    commit({ dna: validated(letters), mutations: [] }, false);
  } catch (error) {
    showError(error.message);
  }
}

function listenToWindow() {
  find('mt-back').addEventListener('click', () => moveTo(model.position - 1, true));
  find('mt-step').addEventListener('click', () => moveTo(model.position + 1, true));
  find('mt-to-best').addEventListener('click', () => moveTo(model.best.position, true));
  find('mt-position').addEventListener('input', ({ target }) => moveTo(Number(target.value), true));
  find('mt-tracks').addEventListener('click', ({ target, clientX }) => {
    const drawing = target.closest('svg');
    if (drawing) moveTo(Math.floor((clientX - drawing.getBoundingClientRect().left) / PITCH), false);
  });
}

/** Put the window at a position, as far as there is one; return whether it can go on. */
function moveTo(wanted, isFollowed) {
  const last = model.main.length - 1;
  const position = Math.max(0, Math.min(last, wanted));
  state = { ...state, position };
  model = { ...model, position };
  address.save(state, false);
  showWindow(find, model);
  if (isFollowed) follow(find('mt-tracks'), position, model.filter.length);
  return position < last;
}

function follow(box, position, width) {
  const [left, right] = [position * PITCH, (position + width) * PITCH];
  if (left < box.scrollLeft || right > box.scrollLeft + box.clientWidth) box.scrollLeft = left - PITCH * 2;
}

function listenToMutations() {
  find('mt-at').addEventListener('input', ({ target }) => {
    if (target.value !== '' && target.validity.valid) {
      commit({ at: Number(target.value) }, false);
      follow(find('mt-map-box'), model.at, 1);
    }
  });
  for (const base of 'ACGT') find(`mt-base-${base}`).addEventListener('click', () => mutate(model.at, base));
  find('mt-undo').addEventListener('click', () => commit({ mutations: state.mutations.slice(0, -1) }));
  find('mt-original').addEventListener('click', () => commit({ mutations: [] }));
  find('mt-map').addEventListener('click', (event) => {
    const box = find('mt-map').getBoundingClientRect();
    const { position, base } = cellAt(event.clientX - box.left, event.clientY - box.top, model.sequence.length);
    if (base) mutate(position, base);
    else commit({ at: position }, false);
  });
}

function mutate(position, base) {
  commit({ at: position, mutations: withMutation(model.mutations, position, base, model.original[position]) });
}
