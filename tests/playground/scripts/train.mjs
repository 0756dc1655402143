// Trains each given state: the loss of the whole training set after every step, and what PyTorch needs for the same.
import { pytorch, runFile } from '../../../playground/pytorch.js';
import { readAddress } from '../../../playground/state.js';
import { Trainer } from '../../../playground/trainer.js';
import { meanLoss } from '../../../playground/network.js';
import { answer, input } from './input.mjs';

function run({ address, steps, epochs }) {
  const { state, notes } = readAddress(address);
  if (notes.length) throw new Error(notes.join(' '));
  const trainer = new Trainer(state);
  const losses = [];
  for (let step = 0; step < (steps ?? 0); step++) {
    trainer.step();
    losses.push(meanLoss(trainer.net, trainer.train));
  }
  while (trainer.epoch < (epochs ?? 0) && !trainer.ended) trainer.runEpoch();
  return { state, file: runFile(state), losses, recorded: [trainer.epochs, trainer.trainLosses, trainer.testLosses],
    code: pytorch(state, epochs ?? 1, trainer.train.n) };
}

answer(input.map(run));
