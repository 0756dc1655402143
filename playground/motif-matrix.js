// Matrices: JASPAR's text format, counts to log-odds, what a logo shows. As course_lib.motifs does it.

import { BASES } from './motif-dna.js';

const BACKGROUND = 0.25;

/** Return `[{identifier, name, counts}]` of a text in JASPAR's format; `file` is named in errors. Counts are (k, 4). */
export function parseJaspar(text, file = 'text') {
  const lines = text.split(/\r\n|\r|\n/).map((line, place) => [place + 1, line.trim()]).filter(([, line]) => line);
  const motifs = [];
  for (let at = 0; at < lines.length; at += 5) motifs.push(entry(lines.slice(at, at + 5), file));
  if (motifs.length === 0) throw new Error(`path: ${file} holds no motif`);
  return motifs;
}

function entry([[number, head], ...rest], file) {
  if (!head.startsWith('>')) throw wrong(file, number, `expected '>identifier name', got '${head.slice(0, 30)}'`);
  const [, identifier, name = ''] = head.slice(1).match(head.includes('\t') ? /^([^\t]*)\t?(.*)$/ : /^([^ ]*) ?(.*)$/);
  const rows = {};
  Array.from(BASES).forEach((base, place) => {
    if (!rest[place]) throw new Error(`path: ${file}, end of file: expected the counts of ${base}`);
    const [letter, values] = countsOf(base, rest[place], file);
    rows[letter] = values;
  });
  const sizes = Object.values(rows).map((row) => row.length);
  if (sizes.length < 4 || new Set(sizes).size > 1) {
    const got = Object.entries(rows).map(([base, row]) => `${base} ${row.length}`).join(', ');
    throw wrong(file, number, `the motif needs rows A, C, G, T of one length, got ${got}`);
  }
  const counts = rows.A.map((_, place) => Array.from(BASES, (base) => rows[base][place]));
  checkCounts(counts, file, number);
  return { identifier: identifier.trim(), name: name.trim(), counts };
}

function countsOf(base, [number, line], file) {
  const named = BASES.includes(line[0].toUpperCase());
  const words = (named ? line.slice(1) : line).replace(/[[\]]/g, ' ').split(/\s+/).filter(Boolean);
  const values = words.map((word) => (/^[-+.\de]+$/i.test(word) ? Number(word) : NaN));
  if (values.some(Number.isNaN)) throw wrong(file, number, `expected numbers, got '${words.join(' ').slice(0, 40)}'`);
  return [named ? line[0].toUpperCase() : base, values];
}

function checkCounts(counts, file, number) {
  const good = counts.length > 0 && counts.every((row) => row.every((value) => Number.isFinite(value) && value >= 0)
    && row.some((value) => value > 0));
  if (!good) throw wrong(file, number, 'the motif needs numbers of 0 or more, and a sum above 0 at each place');
}

function wrong(file, number, message) {
  return new Error(`path: ${file}, line ${number}: ${message}`);
}

/** Return log-odds in bits, (k, 4), against a background of 1/4 each. */
export function pwm(counts, pseudocount = 1) {
  return counts.map((row) => {
    const padded = row.map((count) => count + pseudocount * BACKGROUND);
    const sum = padded.reduce((total, value) => total + value, 0);
    return padded.map((value) => Math.log2(value / sum / BACKGROUND));
  });
}

/** Return the filter that finds the same motif on the other strand. */
export function turned(filter) {
  return filter.map((row) => row.toReversed()).reverse();
}

/** Return the probabilities that a filter in bits stands for: 1/4 times 2 to the weight, summing to 1. */
export function probabilities(filter) {
  return filter.map((row) => {
    const highest = Math.max(...row);
    const shares = row.map((weight) => 2 ** (weight - highest));
    const sum = shares.reduce((total, share) => total + share, 0);
    return shares.map((share) => share / sum);
  });
}

/** Return the bits that each place tells, 0 to 2. */
export function information(shares) {
  return shares.map((row) => row.reduce((sum, share) => sum + (share > 0 ? share * Math.log2(share / BACKGROUND) : 0), 0));
}

/** Return the base with the largest weight at each place. */
export function consensus(filter) {
  return filter.map((row) => BASES[row.indexOf(Math.max(...row))]).join('');
}

/** Return the lowest and the highest score that a filter can give. */
export function range(filter) {
  const sum = (pick) => filter.reduce((total, row) => total + pick(...row), 0);
  return [sum(Math.min), sum(Math.max)];
}
