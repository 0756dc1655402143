// A filter learned by gradient descent: new sequences at each step, half of them with a site; one filter read on both
// strands, a smooth maximum over all windows, the logistic loss. Its best filter is the log-odds matrix of the motif.

import { codes } from './motif-dna.js';
import { generator, normal, whole } from './motif-random.js';
import { background, plant, site } from './motif-simulate.js';

export const STEPS = 400;
export const BATCH = 128;
export const RATE = 0.1;
export const FLANK = 30; // how much longer than the motif a sequence is
const SHIFT_EVERY = 25; // steps, in the first half of the training
const SHIFTS = [0, -1, 1, -2, 2, -4, 4];
const [DECAY, SQUARE_DECAY, TINY] = [0.9, 0.99, 1e-8];
const LN2 = Math.log(2);

/** Return `count` simulated sequences, as columns, with labels: every second holds one site (label 1) on either strand. */
export function simulatedBatch(counts, count, random) {
  const labels = Array.from({ length: count }, (_, number) => number % 2);
  const sequences = labels.map((label) => {
    const text = background(random, counts.length + FLANK);
    if (label === 0) return codes(text);
    return codes(plant(text, whole(random, FLANK + 1), random() < 0.5 ? '+' : '-', site(random, counts)));
  });
  return { sequences, labels };
}

/** Return a trainer: small random weights, a bias (the last weight), and what Adam remembers. */
export function newTrainer(counts, seed) {
  const random = generator(seed);
  const width = counts.length;
  const weights = Float64Array.from({ length: 4 * width + 1 }, () => 0.1 * normal(random));
  const zeros = () => new Float64Array(weights.length);
  return { counts, width, random, weights, mean: zeros(), square: zeros(), steps: 0, losses: [] };
}

/** Return the filter in bits, (width, 4), each place moved so that its base shares sum to 1 against 1/4 each. */
export function learnedFilter({ weights, width }) {
  return Array.from({ length: width }, (_, place) => {
    const row = Array.from(weights.slice(4 * place, 4 * place + 4));
    const shift = Math.log(row.reduce((sum, weight) => sum + Math.exp(weight), 0) / 4);
    return row.map((weight) => (weight - shift) / LN2);
  });
}

/** Take one step of Adam on a new batch; return the loss of the batch before it, in nats. */
export function step(trainer) {
  if (trainer.steps % SHIFT_EVERY === SHIFT_EVERY - 1 && trainer.steps < STEPS / 2) moveToBestShift(trainer);
  const { loss, gradient } = lossAndGradient(trainer, simulatedBatch(trainer.counts, BATCH, trainer.random));
  update(trainer, gradient);
  trainer.losses.push(loss);
  return loss;
}

/** Return the mean loss of a batch and its gradient: the filter's weights place by place, then the bias. */
export function lossAndGradient(trainer, { sequences, labels }) {
  const gradient = new Float64Array(trainer.weights.length);
  let loss = 0;
  sequences.forEach((at, number) => (loss += addGradient(trainer, at, labels[number], gradient)));
  return { loss: loss / labels.length, gradient: gradient.map((slope) => slope / labels.length) };
}

/** Return the share of sequences of a batch that the trained filter puts on the right side. */
export function accuracy(trainer, { sequences, labels }) {
  const right = sequences.filter((at, number) => (outcome(trainer, at, 1).chance > 0.5) === (labels[number] === 1));
  return right.length / labels.length;
}

function addGradient(trainer, at, label, gradient) {
  const { chance, loss, shares } = outcome(trainer, at, label);
  const { width } = trainer;
  const windows = shares.length / 2;
  for (let start = 0; start < windows; start += 1) {
    const [plus, minus] = [(chance - label) * shares[start], (chance - label) * shares[windows + start]];
    for (let place = 0; place < width; place += 1) {
      gradient[4 * place + at[start + place]] += plus;
      gradient[4 * (width - 1 - place) + 3 - at[start + place]] += minus;
    }
  }
  gradient[4 * width] += chance - label;
  return loss;
}

// First the scores on the given strand, then those on the other.
function windowScores({ weights, width }, at) {
  const windows = at.length - width + 1;
  const scores = new Float64Array(2 * windows);
  for (let start = 0; start < windows; start += 1) {
    for (let place = 0; place < width; place += 1) {
      scores[start] += weights[4 * place + at[start + place]];
      scores[windows + start] += weights[4 * (width - 1 - place) + 3 - at[start + place]];
    }
  }
  return scores;
}

// The logit is the log of the mean of e to the score over all windows and strands, plus the bias.
function outcome(trainer, at, label) {
  const scores = windowScores(trainer, at);
  const highest = Math.max(...scores);
  const shares = scores.map((score) => Math.exp(score - highest));
  const sum = shares.reduce((total, share) => total + share, 0);
  const logit = highest + Math.log(sum / scores.length) + trainer.weights.at(-1);
  const signed = label ? logit : -logit;
  const loss = Math.log1p(Math.exp(-Math.abs(signed))) + Math.max(0, -signed);
  return { chance: 1 / (1 + Math.exp(-logit)), loss, shares: shares.map((share) => share / sum) };
}

// A filter that found its motif a few places off the middle cannot see one end of it, and no small step leads out.
function moveToBestShift(trainer) {
  const batch = simulatedBatch(trainer.counts, 2 * BATCH, trainer.random);
  const moved = SHIFTS.map((places) => shifted(trainer.weights, places));
  const losses = moved.map((weights) => lossAndGradient({ ...trainer, weights }, batch).loss);
  const lowest = losses.indexOf(Math.min(...losses));
  trainer.weights = moved[lowest];
  for (const memory of ['mean', 'square']) trainer[memory] = shifted(trainer[memory], SHIFTS[lowest]);
}

function shifted(weights, places) {
  const moved = new Float64Array(weights.length);
  const end = weights.length - 1;
  for (let place = 0; place < end; place += 1) {
    const from = place - 4 * places;
    moved[place] = from >= 0 && from < end ? weights[from] : 0;
  }
  moved[end] = weights[end];
  return moved;
}

// The rate falls to zero in a straight line over the second half of the training.
function update(trainer, gradient) {
  trainer.steps += 1;
  const { weights, mean, square, steps } = trainer;
  const rate = RATE * Math.min(1, Math.max(0.02, 2 * (1 - steps / STEPS)));
  gradient.forEach((slope, place) => {
    mean[place] += (1 - DECAY) * (slope - mean[place]);
    square[place] += (1 - SQUARE_DECAY) * (slope * slope - square[place]);
    const size = Math.sqrt(square[place] / (1 - SQUARE_DECAY ** steps)) + TINY;
    weights[place] -= rate * mean[place] / (1 - DECAY ** steps) / size;
  });
}
