// The scan: every window gets a score on each strand, as course_lib.motifs.scan gives it; then ReLU and max pooling.

import { codes } from './motif-dna.js';
import { turned } from './motif-matrix.js';

/** Return the score of every window with one filter; a window that holds N scores minus infinity. */
export function strandScores(sequence, filter) {
  if (sequence.length < filter.length) {
    throw new Error(`sequence must be as long as the motif (${filter.length}) or longer, got ${sequence.length} letters`);
  }
  const at = codes(sequence);
  return Float64Array.from({ length: at.length - filter.length + 1 }, (_, start) => windowScore(at, filter, start));
}

/** Return the score of the window that begins at `start`; `at` holds columns, -1 for N. */
export function windowScore(at, filter, start) {
  let score = 0;
  for (let place = 0; place < filter.length; place += 1) {
    const column = at[start + place];
    score += column < 0 ? -Infinity : filter[place][column];
  }
  return score;
}

/** Return `{plus, minus}`: the scores on the given strand and on the other, by where the window begins on the given. */
export function scan(sequence, filter) {
  return { plus: strandScores(sequence, filter), minus: strandScores(sequence, turned(filter)) };
}

/** Return the better strand's score of each window; only the given strand's where `both` is false. */
export function merged({ plus, minus }, both) {
  return both ? plus.map((score, start) => Math.max(score, minus[start])) : plus;
}

/** Return what is above the threshold, and 0 for the rest. */
export function relu(scores, threshold) {
  return scores.map((score) => Math.max(0, score - threshold));
}

/** Return the largest value of each block of `width` values, the last block as long as what is left. */
export function maxPool(values, width) {
  const blocks = [];
  for (let start = 0; start < values.length; start += width) {
    blocks.push({ start, end: Math.min(start + width, values.length), value: Math.max(...values.slice(start, start + width)) });
  }
  return blocks;
}

/** Return the best window: `{position, strand, score}`; of equals the first, `+` before `-`. */
export function best(scores, both) {
  const windows = ranked(scores, both, 1);
  return windows[0];
}

/** Return the `count` best windows, best first. */
export function ranked({ plus, minus }, both, count) {
  const windows = Array.from(plus, (score, position) => ({ position, strand: '+', score }));
  if (both) minus.forEach((score, position) => windows.push({ position, strand: '-', score }));
  const below = (one, other) => (one.score === other.score ? 0 : other.score - one.score);
  return windows.sort((one, other) => below(one, other) || one.position - other.position || (one.strand === '+' ? -1 : 1))
    .slice(0, count);
}
