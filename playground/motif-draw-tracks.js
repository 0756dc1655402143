// The tracks along the sequence, one column a base: letters, one-hot rows, scores on both strands, ReLU and pooling.

import { BASES } from './motif-dna.js';
import { range } from './motif-matrix.js';
import { fill, shown, svg } from './motif-svg.js';

export const PITCH = 18; // px a base
const [LETTERS_HIGH, TRACK_HIGH, TICK_EVERY] = [44, 84, 10];

/** Draw positions, letters, and marks over planted sites and under mutated bases. */
export function drawLetters(host, { sequence, planted, mutations, filter, counts }) {
  const changed = new Set(mutations.map(({ position }) => position));
  const letters = Array.from(sequence, (letter, place) => svg('text', {
    x: (place + 0.5) * PITCH, y: 38, class: `mt-letter base-${letter}`, 'text-anchor': 'middle',
  }, letter));
  const under = [...changed].map((place) => svg('rect', { x: place * PITCH + 2, y: 41, width: PITCH - 4, height: 3, class: 'mt-changed' }));
  const sites = planted.map(({ position, strand }) => svg('g', {},
    svg('rect', { x: position * PITCH, y: 21, width: counts.length * PITCH, height: 22, rx: 4, class: 'mt-planted' }),
    svg('text', { x: position * PITCH + 4, y: 16, class: 'mt-tick mt-site-name' }, `planted, strand ${strand === '+' ? '+' : '−'}`)));
  const told = planted.map(({ position, strand }) => `${position} on strand ${strand}`).join(', ');
  const label = `The sequence, ${sequence.length} bases${told && `; sites planted at ${told}`}`
    + `${changed.size ? `; changed at ${[...changed].join(', ')}` : ''}. The filter has ${filter.length} places.`;
  fill(host, sequence.length * PITCH, LETTERS_HIGH, label, ...ticks(sequence.length, planted, counts.length), ...sites, ...letters, ...under);
}

// A number is left out where the name of a planted site stands.
function ticks(length, planted, width) {
  const isFree = (place) => planted.every(({ position }) => place < position - 1 || place > position + Math.max(width - 1, 7));
  return Array.from({ length: Math.ceil(length / TICK_EVERY) }, (_, number) => number * TICK_EVERY).filter(isFree)
    .map((place) => svg('text', { x: (place + 0.5) * PITCH, y: 16, class: 'mt-tick', 'text-anchor': 'middle' }, String(place)));
}

/** Draw the one-hot rows: a filled cell is 1, an empty one 0. */
export function drawOneHot(host, { sequence }) {
  const grid = Array.from(BASES, (_, row) => svg('rect', {
    x: 0, y: row * PITCH + 0.5, width: sequence.length * PITCH, height: PITCH - 1, class: 'mt-zero',
  }));
  const ones = Array.from(sequence).flatMap((letter, place) => (letter === 'N' ? [] : [svg('rect', {
    x: place * PITCH + 1.5, y: BASES.indexOf(letter) * PITCH + 1.5, width: PITCH - 3, height: PITCH - 3, rx: 3, class: `base-${letter}`,
  })]));
  const label = `One-hot matrix of ${sequence.length} columns and the rows A, C, G, T: one filled cell for each base, none for N.`;
  fill(host, sequence.length * PITCH, 4 * PITCH, label, ...grid, ...ones);
}

/** Return what the axis of the scores spans: up to the best that the filter can give, down to a quarter of it below zero. */
export function axisRange(filter, threshold) {
  const most = Math.max(2, range(filter)[1], threshold);
  return [-most / 4, most];
}

/** Draw the score of each window on one strand, above and below zero, with the threshold. */
export function drawScores(host, scores, strand, { sequence, filter, planted }, threshold) {
  const [lowest, most] = axisRange(filter, threshold);
  const y = (score) => 4 + (most - Math.max(lowest, score)) / (most - lowest) * (TRACK_HIGH - 14);
  const width = sequence.length * PITCH;
  const bars = Array.from(scores).flatMap((score, place) => (Number.isFinite(score) ? [bar(place, y(score), y(0), score > threshold)] : []));
  const isSite = new Set(planted.filter((site) => site.strand === strand).map((site) => site.position));
  const marks = [...isSite].filter((place) => place < scores.length).map((place) => svg('circle', { cx: (place + 0.5) * PITCH, cy: TRACK_HIGH - 4, r: 3, class: 'mt-truth' }));
  const above = Array.from(scores.keys()).filter((place) => scores[place] > threshold);
  const highest = Math.max(...scores);
  const label = `Scores on strand ${strand}: the highest is ${shown(highest)} bits`
    + `${Number.isFinite(highest) ? ` at ${scores.indexOf(highest)}` : ''}; above the threshold of ${shown(threshold)} bits: ${above.slice(0, 12).join(', ') || 'none'}.`;
  fill(host, width, TRACK_HIGH, label, level(width, y(0), 'mt-axis'), ...bars, level(width, y(threshold), 'mt-threshold'), ...marks);
}

function bar(place, one, other, isAbove) {
  const [top, bottom] = [Math.min(one, other), Math.max(one, other)];
  const name = isAbove ? 'mt-above' : one < other ? 'mt-positive' : 'mt-negative';
  return svg('rect', { x: place * PITCH + 3, y: top, width: PITCH - 6, height: Math.max(1, bottom - top), class: name });
}

function level(width, y, name) {
  return svg('line', { x1: 0, x2: width, y1: y, y2: y, class: name });
}

/** Draw what is left after ReLU as bars, and the maximum of each block as a step over it. */
export function drawPooled(host, { sequence, active, pooled }) {
  const most = Math.max(1, ...active);
  const y = (value) => 18 + (1 - value / most) * (TRACK_HIGH - 22);
  const steps = pooled.flatMap(({ start, end, value }) => [
    svg('rect', { x: start * PITCH + 1, y: y(value), width: (end - start) * PITCH - 2, height: y(0) - y(value), class: 'mt-block' }),
    svg('line', { x1: start * PITCH + 1, x2: end * PITCH - 1, y1: y(value), y2: y(value), class: value > 0 ? 'mt-block-top' : 'mt-axis' }),
    value > 0 ? svg('text', { x: (start + end) / 2 * PITCH, y: y(value) - 4, class: 'mt-tick', 'text-anchor': 'middle' }, shown(value)) : '',
  ]);
  const bars = Array.from(active).flatMap((value, place) => (value > 0 ? [bar(place, y(value), y(0), true)] : []));
  const told = pooled.filter(({ value }) => value > 0).slice(0, 12).map(({ start, value }) => `${shown(value)} from ${start}`).join(', ');
  const label = `After ReLU and max pooling, ${pooled.length} blocks: ${told || 'all are 0'}.`;
  fill(host, sequence.length * PITCH, TRACK_HIGH, label, ...steps, ...bars);
}
