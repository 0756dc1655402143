// Trains each address with each seed; returns what the guide speaks of.
import { meanGradient } from '../../../playground/network.js';
import { readAddress } from '../../../playground/state.js';
import { Trainer, scores } from '../../../playground/trainer.js';
import { answer, input } from './input.mjs';

const norm = (values) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));

function observe({ address, epochs }, seed) {
  const { state, notes } = readAddress(`${address}&seed=${seed}`);
  if (notes.length) throw new Error(notes.join(' '));
  const trainer = new Trainer(state);
  while (trainer.epoch < epochs && !trainer.ended) trainer.runEpoch();
  const { net } = trainer;
  const gradient = meanGradient(net, trainer.train);
  const layer = ({ weights, biases }) => norm(gradient.slice(weights, biases));
  return {
    train: trainer.trainLosses.at(-1), test: trainer.testLosses.at(-1), accuracy: scores(trainer)[1], ended: trainer.ended?.reason ?? null,
    weights: norm(net.params.filter((_, i) => net.isWeight[i])), gradients: [layer(net.layers[0]), layer(net.layers.at(-1))],
    zeros: net.params.filter((value, i) => net.isWeight[i] && value === 0).length,
    spread: norm(trainer.train.y.map((label) => label - trainer.train.y.reduce((a, b) => a + b) / trainer.train.n)) ** 2 / (2 * trainer.train.n),
  };
}

answer(input.claims.map((claim) => input.seeds.map((seed) => observe(claim, seed))));
