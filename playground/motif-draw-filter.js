// The filter as it slides: a heat map under the window that it reads, the cells that meet a 1 outlined.

import { BASES } from './motif-dna.js';
import { PITCH } from './motif-draw-tracks.js';
import { fill, shown, svg } from './motif-svg.js';

/** Draw the filter at a position; the sum of the outlined cells is the score. */
export function drawFilter(host, { sequence, filter, position }) {
  const most = Math.max(0.001, ...filter.flat().map(Math.abs));
  const cells = filter.flatMap((row, place) => row.map((weight, base) => cell(place, base, weight, most)));
  const met = filter.flatMap((_, place) => outlined(place, BASES.indexOf(sequence[position + place])));
  const frame = svg('rect', { x: 1, y: 1, width: filter.length * PITCH - 2, height: 4 * PITCH - 2, rx: 4, class: 'mt-frame' });
  const label = `The filter over positions ${position} to ${position + filter.length - 1}; the largest weight is ${shown(most)} bits.`;
  const moved = svg('g', { transform: `translate(${position * PITCH} 0)` }, ...cells, ...met, frame);
  fill(host, sequence.length * PITCH, 4 * PITCH, label, moved);
}

function cell(place, base, weight, most) {
  const name = weight < 0 ? 'mt-weight-low' : 'mt-weight-high';
  const strength = (Math.min(1, Math.abs(weight) / most) * 0.85 + 0.03).toFixed(3);
  return svg('rect', { x: place * PITCH + 1, y: base * PITCH + 1, width: PITCH - 2, height: PITCH - 2, class: name, 'fill-opacity': strength });
}

function outlined(place, base) {
  if (base < 0) return [];
  return [svg('rect', { x: place * PITCH + 2, y: base * PITCH + 2, width: PITCH - 4, height: PITCH - 4, rx: 3, class: 'mt-met' })];
}
