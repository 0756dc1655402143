// A sequence logo: at each place the bases one above the other, as high as what the place tells, in bits.

import { BASES } from './motif-dna.js';
import { consensus, information, probabilities } from './motif-matrix.js';
import { LETTERS, fill, shown, svg } from './motif-svg.js';

const [PITCH, HIGH, LEFT, BELOW] = [34, 110, 26, 18];
const MOST = 2; // bits

/** Draw the logo of a filter in bits. */
export function drawLogo(host, filter, name) {
  const shares = probabilities(filter);
  const bits = information(shares);
  const total = bits.reduce((sum, value) => sum + value, 0);
  const label = `Logo of ${name}: ${consensus(filter)}, ${shown(total)} bits over ${filter.length} places.`;
  const columns = shares.map((row, place) => column(row, bits[place], LEFT + place * PITCH));
  const numbers = shares.map((_, place) => caption(LEFT + (place + 0.5) * PITCH, HIGH + BELOW - 4, place + 1));
  fill(host, LEFT + filter.length * PITCH + 2, HIGH + BELOW, label, ...axis(filter.length), ...columns.flat(), ...numbers);
}

function column(row, bits, left) {
  let top = HIGH;
  const order = Array.from(row.keys()).sort((one, other) => row[one] - row[other]);
  return order.map((base) => {
    const tall = row[base] * bits / MOST * (HIGH - 6);
    top -= tall;
    if (tall < 0.7) return '';
    const transform = `translate(${left + 1.5} ${top}) scale(${(PITCH - 3) / 100} ${tall / 100})`;
    return svg('path', { d: LETTERS[BASES[base]], class: `base-${BASES[base]}`, 'fill-rule': 'evenodd', transform });
  });
}

function axis(places) {
  const y = (bits) => HIGH - bits / MOST * (HIGH - 6);
  return [0, 1, 2].flatMap((bits) => [
    svg('line', { x1: LEFT, x2: LEFT + places * PITCH, y1: y(bits), y2: y(bits), class: bits ? 'mt-rule' : 'mt-axis' }),
    svg('text', { x: LEFT - 6, y: y(bits) + 4, class: 'mt-tick', 'text-anchor': 'end' }, String(bits)),
  ]);
}

function caption(x, y, text) {
  return svg('text', { x, y, class: 'mt-tick', 'text-anchor': 'middle' }, String(text));
}
