// Writes what has been computed into the page: pictures, tables, sentences.

import { BASES, reverseComplement } from './motif-dna.js';
import { drawFilter } from './motif-draw-filter.js';
import { drawLogo } from './motif-draw-logo.js';
import { changeText, changes, drawMap } from './motif-draw-map.js';
import { axisRange, drawLetters, drawOneHot, drawPooled, drawScores } from './motif-draw-tracks.js';
import { markTable, showFilterTable } from './motif-filter-table.js';
import { shown, signed } from './motif-svg.js';

/** Show everything that does not depend on where the window stands. */
export function showAll(find, model, state, motif, onWeight) {
  drawLogo(find('mt-logo'), model.filter, state.filter ? 'your filter' : motif.name);
  find('mt-filter-name').textContent = state.filter ? 'Your filter' : `${motif.name}, ${motif.identifier}`;
  showFilterTable(find('mt-table'), model.filter, onWeight);
  drawLetters(find('mt-letters'), model);
  drawOneHot(find('mt-onehot'), model);
  find('mt-axis').textContent = axisRange(model.filter, state.threshold).map((score) => shown(score)).join(' to ');
  drawScores(find('mt-plus'), model.scores.plus, '+', model, state.threshold);
  drawScores(find('mt-minus'), model.scores.minus, '-', model, state.threshold);
  find('mt-minus-track').classList.toggle('is-unused', !model.both);
  drawPooled(find('mt-pooled'), model);
  showRanked(find('mt-ranked'), model);
}

/** Show the window: the filter over it, the cells that meet a 1, and the sum. */
export function showWindow(find, model) {
  const { sequence, filter, position, scores } = model;
  const word = sequence.slice(position, position + filter.length);
  drawFilter(find('mt-sliding'), model);
  markTable(find('mt-table'), sequence, position);
  Object.assign(find('mt-position'), { max: String(scores.plus.length - 1), value: String(position) });
  find('mt-position-shown').textContent = `${position}, of 0 to ${scores.plus.length - 1}`;
  find('mt-window').textContent = word;
  find('mt-window-sum').textContent = sumText(word, filter);
  find('mt-window-plus').textContent = bits(scores.plus[position]);
  find('mt-window-minus').textContent = bits(scores.minus[position]);
}

/** Show the prediction, the map, and what each base would do at the chosen position. */
export function showMutagenesis(find, model, state) {
  const map = changes(model);
  drawMap(find('mt-map'), model);
  Object.assign(find('mt-at'), { max: String(model.sequence.length - 1) });
  if (Number(find('mt-at').value) !== model.at) find('mt-at').value = String(model.at);
  for (const base of BASES) {
    const isOwn = model.sequence[model.at] === base;
    const button = find(`mt-base-${base}`);
    button.setAttribute('aria-pressed', String(isOwn));
    button.querySelector('span').textContent = isOwn ? 'is here' : `${changeText(map, model.at, base)} bits`;
  }
  showPrediction(find, model, state);
}

function showPrediction(find, { best, originalBest, mutations }, { threshold }) {
  const isBound = best.score > threshold;
  find('mt-best').textContent = Number.isFinite(best.score) ? bits(best.score) : 'No score';
  find('mt-verdict').textContent = isBound ? `above the threshold of ${shown(threshold)} bits: a site` : `not above the threshold of ${shown(threshold)} bits: no site`;
  find('mt-where').textContent = Number.isFinite(best.score) ? `at position ${best.position}, strand ${best.strand === '+' ? '+' : '−'}` : 'every window holds N';
  const change = best.score - originalBest;
  find('mt-change').textContent = mutations.length === 0 ? 'No base is changed.'
    : `${mutations.map(({ position, base }) => `${position} to ${base}`).join(', ')}: ${Number.isFinite(change) ? signed(change) : 'no'} bits against the original sequence.`;
  for (const id of ['mt-undo', 'mt-original']) find(id).disabled = mutations.length === 0;
}

function showRanked(body, { ranked, sequence, filter }) {
  body.replaceChildren(...ranked.map(({ position, strand, score }) => {
    const word = sequence.slice(position, position + filter.length);
    const row = document.createElement('tr');
    for (const text of [String(position), strand === '+' ? '+' : '−', strand === '+' ? word : reverseComplement(word), shown(score)]) row.insertCell().textContent = text;
    row.cells[2].className = 'mt-word';
    return row;
  }));
}

function bits(score) {
  return Number.isFinite(score) ? `${shown(score, 2)} bits` : 'no score: the window holds N';
}

function sumText(word, filter) {
  const weights = Array.from(word, (letter, place) => filter[place][BASES.indexOf(letter)]);
  return weights.map((weight, place) => (weight === undefined ? 'N' : place === 0 ? shown(weight) : `${weight < 0 ? '−' : '+'} ${shown(Math.abs(weight))}`)).join(' ');
}
