// The mutagenesis map: for each base of the sequence and each letter, the change of the best score.

import { BASES } from './motif-dna.js';
import { PITCH } from './motif-draw-tracks.js';
import { fill, shown, signed, svg } from './motif-svg.js';

export const ROW = 30; // px
const TOP = 26;

/** Return the changes of the best score, (length, 4); 0 where there is no score before or after. */
export function changes({ effects, best }) {
  return effects.map((row) => row.map((after) => {
    const change = after - best.score;
    return Number.isFinite(change) ? change : 0;
  }));
}

/** Draw the map with the chosen position framed. */
export function drawMap(host, shownModel) {
  const { sequence, at } = shownModel;
  const map = changes(shownModel);
  const most = Math.max(0.5, ...map.flat().map(Math.abs));
  const cells = map.flatMap((row, place) => row.flatMap((change, base) => cell(place, base, change, most, sequence[place])));
  const letters = Array.from(sequence, (letter, place) => svg('text', {
    x: (place + 0.5) * PITCH, y: 18, class: `mt-letter base-${letter}`, 'text-anchor': 'middle',
  }, letter));
  const frame = svg('rect', { x: at * PITCH + 1, y: 3, width: PITCH - 2, height: TOP + 4 * ROW - 5, rx: 4, class: 'mt-frame' });
  fill(host, sequence.length * PITCH, TOP + 4 * ROW, description(map, sequence), ...cells, ...letters, frame);
}

/** Return `{position, base}` of the cell at a point of the drawing; `base` is empty over the letters. */
export function cellAt(x, y, length) {
  const row = Math.floor((y - TOP) / ROW);
  return { position: Math.max(0, Math.min(length - 1, Math.floor(x / PITCH))), base: BASES[row] ?? '' };
}

function cell(place, base, change, most, own) {
  const [x, y] = [place * PITCH, TOP + base * ROW];
  if (BASES[base] === own) return [svg('circle', { cx: x + PITCH / 2, cy: y + ROW / 2, r: 3, class: 'mt-own' })];
  const name = change < 0 ? 'mt-loss' : 'mt-gain';
  const strength = (Math.abs(change) / most * 0.85).toFixed(3);
  const rect = svg('rect', { x: x + 1, y: y + 1, width: PITCH - 2, height: ROW - 2, rx: 2, class: name, 'fill-opacity': strength });
  if (Math.abs(change) < 1) return [svg('rect', { x: x + 1, y: y + 1, width: PITCH - 2, height: ROW - 2, rx: 2, class: 'mt-zero' }), rect];
  return [rect, svg('text', { x: x + PITCH / 2, y: y + ROW / 2 + 5, class: 'mt-sign', 'text-anchor': 'middle' }, change < 0 ? '−' : '+')];
}

function description(map, sequence) {
  const all = map.flatMap((row, place) => row.map((change, base) => ({ place, base: BASES[base], change })));
  const [worst, best] = [all.reduce((a, b) => (b.change < a.change ? b : a)), all.reduce((a, b) => (b.change > a.change ? b : a))];
  const told = ({ place, base, change }) => `${signed(change)} bits, ${sequence[place]} to ${base} at ${place}`;
  return `Change of the best score for each change of one base. Largest loss: ${worst.change < 0 ? told(worst) : 'none'}. `
    + `Largest gain: ${best.change > 0 ? told(best) : 'none'}.`;
}

/** Return the change of one base as text. */
export function changeText(map, position, base) {
  return shown(map[position][BASES.indexOf(base)]) === '0.0' ? '0.0' : signed(map[position][BASES.indexOf(base)]);
}
