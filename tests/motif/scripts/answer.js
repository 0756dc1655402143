// Reads [[name, argument], ...] from standard input and prints the answers of the scanner's modules as JSON.

import { readFileSync } from 'node:fs';

const home = new URL('../../../playground/', import.meta.url);
const load = (name) => import(new URL(`motif-${name}.js`, home));
const [dna, matrix, scan, simulate, mutate, state, train, match, model, random] = await Promise.all(
  ['dna', 'matrix', 'scan', 'simulate', 'mutate', 'state', 'train', 'match', 'model', 'random'].map(load),
);

// JSON has no infinity.
const finite = (values) => Array.from(values, (value) => (Number.isFinite(value) ? value : null));

const answers = {
  validated: (text) => dna.validated(text),
  cleaned: (text) => dna.cleaned(text),
  reverseComplement: (text) => dna.reverseComplement(text),
  oneHot: (text) => dna.oneHot(dna.validated(text)),
  jaspar: ({ text, file }) => matrix.parseJaspar(text, file),
  pwm: ({ counts, pseudocount }) => matrix.pwm(counts, pseudocount),
  information: (counts) => matrix.information(counts.map((row) => row.map((count) => count / row.reduce((a, b) => a + b)))),
  consensus: (filter) => matrix.consensus(filter),
  scan: ({ text, counts }) => {
    const { plus, minus } = scan.scan(dna.validated(text), matrix.pwm(counts));
    return { plus: finite(plus), minus: finite(minus) };
  },
  pooled: ({ scores, threshold, width }) => scan.maxPool(scan.relu(Float64Array.from(scores), threshold), width),
  best: ({ text, counts, both }) => scan.best(scan.scan(text, matrix.pwm(counts)), both),
  simulate: (options) => simulate.simulate(options),
  sites: ({ counts, seed, count }) => {
    const generator = random.generator(seed);
    return Array.from({ length: count }, () => simulate.site(generator, counts));
  },
  effects: ({ text, counts, both }) => {
    const filter = matrix.pwm(counts);
    const scores = scan.merged(scan.scan(text, filter), both);
    return mutate.bestAfterEach(text, filter, both, scores).map(finite);
  },
  derive: ({ change, counts }) => {
    const { sequence, original, best, filter } = model.derive({ ...state.DEFAULTS, ...change }, counts);
    return { sequence, original, best, filter };
  },
  defaults: () => ({ state: state.DEFAULTS, motifs: state.MOTIFS }),
  roundTrip: (change) => {
    const full = { ...state.DEFAULTS, ...change };
    return { full, text: state.formatState(full), back: state.parseState(`#${state.formatState(full)}`) };
  },
  parse: (fragment) => state.parseState(fragment),
  train: ({ counts, seed, steps }) => {
    const trainer = train.newTrainer(counts, seed);
    const reference = matrix.pwm(counts);
    const before = match.bestMatch(train.learnedFilter(trainer), reference);
    for (let number = 0; number < (steps ?? train.STEPS); number += 1) train.step(trainer);
    const filter = train.learnedFilter(trainer);
    const fresh = train.simulatedBatch(counts, 400, random.generator(99));
    return { before, after: match.bestMatch(filter, reference), filter, losses: trainer.losses, accuracy: train.accuracy(trainer, fresh) };
  },
  gradient: ({ counts, seed }) => {
    const trainer = train.newTrainer(counts, seed);
    trainer.weights.forEach((weight, place) => (trainer.weights[place] = 8 * weight));
    const batch = train.simulatedBatch(counts, 6, random.generator(seed));
    const loss = (weights) => train.lossAndGradient({ ...trainer, weights }, batch).loss;
    const numeric = Array.from(trainer.weights, (weight, place) => {
      const [up, down] = [1e-5, -1e-5].map((step) => loss(trainer.weights.with(place, weight + step)));
      return (up - down) / 2e-5;
    });
    return { numeric, exact: Array.from(train.lossAndGradient(trainer, batch).gradient) };
  },
  match: ({ filter, reference }) => match.bestMatch(filter, reference),
};

const questions = JSON.parse(readFileSync(0, 'utf8'));
console.log(JSON.stringify(questions.map(([name, argument]) => {
  try {
    return answers[name](argument);
  } catch (error) {
    return { error: error.message };
  }
})));
