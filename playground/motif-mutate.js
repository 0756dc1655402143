// In-silico mutagenesis: what the best score of a sequence would be after each possible change of one base.

import { BASES, codes } from './motif-dna.js';
import { turned } from './motif-matrix.js';
import { windowScore } from './motif-scan.js';

/** Return the sequence with another base at a position. */
export function mutated(sequence, position, base) {
  return sequence.slice(0, position) + base + sequence.slice(position + 1);
}

/** Return the best score after each change, (length, 4); the base that is there gives the score as it is. */
export function bestAfterEach(sequence, filter, both, scores) {
  const at = codes(sequence);
  const filters = both ? [filter, turned(filter)] : [filter];
  const [before, after] = [runningMax(scores), runningMax(scores.toReversed()).reverse()];
  const last = scores.length - 1;
  return Array.from(at, (own, position) => {
    const [from, to] = [Math.max(0, position - filter.length + 1), Math.min(last, position)];
    const outside = Math.max(from > 0 ? before[from - 1] : -Infinity, to < last ? after[to + 1] : -Infinity);
    const row = Array.from(BASES, (_, base) => {
      at[position] = base;
      return Math.max(outside, bestOf(at, filters, from, to));
    });
    at[position] = own;
    return row;
  });
}

function bestOf(at, filters, from, to) {
  let highest = -Infinity;
  for (const filter of filters) {
    for (let start = from; start <= to; start += 1) highest = Math.max(highest, windowScore(at, filter, start));
  }
  return highest;
}

function runningMax(values) {
  let highest = -Infinity;
  return values.map((value) => (highest = Math.max(highest, value)));
}
