// DNA with planted binding sites: random bases, and sites drawn from a matrix on either strand.

import { BASES, reverseComplement } from './motif-dna.js';
import { generator, pick, whole } from './motif-random.js';

/** Return random bases, each as likely as the others. */
export function background(random, length) {
  return Array.from({ length }, () => BASES[whole(random, 4)]).join('');
}

/** Return one site: at each place a base as likely as the counts say. */
export function site(random, counts) {
  return counts.map((row) => BASES[pick(random, row)]).join('');
}

/** Return `{sequence, planted}`; `planted` holds `{position, strand}` of sites that do not overlap, in order. */
export function simulate({ counts, length, sites, seed }) {
  const random = generator(seed);
  let sequence = background(random, length);
  const planted = places(random, length, counts.length, sites).map((position) => {
    const strand = random() < 0.5 ? '+' : '-';
    sequence = plant(sequence, position, strand, site(random, counts));
    return { position, strand };
  });
  return { sequence, planted };
}

/** Return the sequence with a site written into it; on strand `-` the site reads on the other strand. */
export function plant(sequence, position, strand, word) {
  const written = strand === '+' ? word : reverseComplement(word);
  return sequence.slice(0, position) + written + sequence.slice(position + word.length);
}

// The free bases are shared out at random before, between and after the sites; as many sites as fit.
function places(random, length, width, sites) {
  const count = Math.min(sites, Math.floor(length / width));
  const free = length - count * width;
  const gaps = Array.from({ length: count }, () => whole(random, free + 1)).sort((a, b) => a - b);
  return gaps.map((gap, place) => gap + place * width);
}
