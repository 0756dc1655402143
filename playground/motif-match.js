// How alike two filters are: Pearson's correlation of their weights, over shifts and both strands.

import { turned } from './motif-matrix.js';

const LEAST_OVERLAP = 0.6; // of the shorter one

/** Return `{correlation, shift, strand}` of the alignment in which the filter is most like the reference. */
export function bestMatch(filter, reference) {
  const least = Math.ceil(LEAST_OVERLAP * Math.min(filter.length, reference.length));
  let found = { correlation: -Infinity, shift: 0, strand: '+' };
  for (const [strand, rows] of [['+', filter], ['-', turned(filter)]]) {
    for (let shift = least - rows.length; shift <= reference.length - least; shift += 1) {
      const correlation = correlated(rows, reference, shift);
      if (correlation > found.correlation) found = { correlation, shift, strand };
    }
  }
  return found;
}

// Places that only one of them has count as zeros, so that a part of a motif is not a perfect match.
function correlated(rows, reference, shift) {
  const [from, to] = [Math.min(0, shift), Math.max(reference.length, shift + rows.length)];
  const [one, other] = [[], []];
  for (let place = from; place < to; place += 1) {
    one.push(...centered(rows[place - shift]));
    other.push(...centered(reference[place]));
  }
  return pearson(one, other);
}

function centered(row = [0, 0, 0, 0]) {
  const mean = row.reduce((sum, weight) => sum + weight, 0) / 4;
  return row.map((weight) => weight - mean);
}

/** Return Pearson's correlation, 0 where one of them does not vary. Both must have mean 0. */
function pearson(one, other) {
  const dot = (a, b) => a.reduce((sum, value, place) => sum + value * b[place], 0);
  const size = Math.sqrt(dot(one, one) * dot(other, other));
  return size > 0 ? dot(one, other) / size : 0;
}
