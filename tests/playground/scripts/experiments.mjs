// Runs every guided experiment with several seeds; returns which choice came true in each.
import { chosenFeatures } from '../../../playground/features.js';
import { EXPERIMENTS, observed } from '../../../playground/experiments.js';
import { readAddress, secondState } from '../../../playground/state.js';
import { Trainer, scores } from '../../../playground/trainer.js';
import { answer, input } from './input.mjs';

function finish(state, epochs) {
  const trainer = new Trainer(state);
  while (trainer.epoch < epochs && !trainer.ended) trainer.runEpoch();
  const losses = { train: trainer.trainLosses, test: trainer.testLosses };
  return observed({ scores: scores(trainer), ended: trainer.ended }, losses, trainer.net, chosenFeatures(state));
}

function outcome(experiment, seed) {
  const { state, notes } = readAddress(`${experiment.address}&seed=${seed}`);
  if (notes.length) throw new Error(`${experiment.id}: ${notes.join(' ')}`);
  const second = secondState(state);
  const found = { first: finish(state, experiment.epochs), second: second && finish(second, experiment.epochs) };
  return { choice: experiment.outcome(found), seen: experiment.seen(found) };
}

answer(EXPERIMENTS.map((experiment) => ({
  id: experiment.id, address: experiment.address, expected: experiment.expected, choices: experiment.choices, question: experiment.question,
  runs: input.seeds.map((seed) => outcome(experiment, seed)),
})));
