// From the settings to all that is shown: sequence, filter, scores, pooled maximum, effect of each change of a base.

import { validated } from './motif-dna.js';
import { pwm } from './motif-matrix.js';
import { bestAfterEach, mutated } from './motif-mutate.js';
import { best, maxPool, merged, ranked, relu, scan } from './motif-scan.js';
import { simulate } from './motif-simulate.js';

const SHOWN_WINDOWS = 6;

/** Return what the page shows for a state; `counts` are those of the chosen motif. Throws where nothing can be scanned. */
export function derive(state, counts) {
  const { sequence: original, planted } = state.dna ? { sequence: validated(state.dna), planted: [] } : simulate({ ...state, counts });
  const mutations = state.mutations.filter(({ position }) => position < original.length);
  const sequence = mutations.reduce((text, { position, base }) => mutated(text, position, base), original);
  const filter = state.filter ?? pwm(counts);
  const [both, scores] = [state.strands === 'both', scan(sequence, filter)];
  const main = merged(scores, both);
  const effects = bestAfterEach(sequence, filter, both, main);
  const active = relu(main, state.threshold);
  return {
    original, sequence, planted, mutations, filter, scores, both, main, active, counts,
    pooled: maxPool(active, state.pool),
    best: best(scores, both),
    ranked: ranked(scores, both, SHOWN_WINDOWS),
    effects,
    originalBest: best(scan(original, filter), both).score,
    position: Math.min(state.position, main.length - 1),
    at: Math.min(state.at ?? weakest(effects), sequence.length - 1),
  };
}

// The position at which a change costs most: the first one to look at.
function weakest(effects) {
  const lowest = effects.map((row) => Math.min(...row));
  return lowest.indexOf(Math.min(...lowest));
}
