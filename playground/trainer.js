// A network in training: batches in a fixed order, losses after each epoch, and when to stop. It knows nothing of the page.
import { makeData } from './data.js';
import { chosenFeatures, tabulate } from './features.js';
import { initialize } from './initial.js';
import { backward, createNetwork, forward, meanGradient, meanLoss } from './network.js';
import { OPTIMIZERS, penalty } from './optimizers.js';

const LONGEST_PATH = 300;

export class Trainer {
  // `state` are the settings; `own` the reader's points; `params` weights to start from instead of drawn ones.
  constructor(state, { own = null, params = null } = {}) {
    this.state = state;
    const points = makeData(state, own);
    const features = chosenFeatures(state);
    this.train = tabulate(points.train, features);
    this.test = tabulate(points.test, features);
    this.net = createNetwork(networkOf(state, features.length));
    if (params?.length === this.net.size) this.net.params.set(params);
    else initialize(this.net, state.init, state.seed);
    this.start();
  }

  start() {
    const { net, state } = this;
    this.update = OPTIMIZERS[state.optimizer](net, { rate: state.learningRate });
    this.shrink = penalty(net, { kind: state.regularization, rate: state.learningRate, strength: state.regularizationRate });
    this.batchSize = Math.min(state.batchSize, this.train.n);
    Object.assign(this, { position: 0, steps: 0, epoch: 0, ended: null, path: [], every: 1 });
    this.epochs = [];
    this.trainLosses = [];
    this.testLosses = [];
    this.record();
  }

  // One update by one batch. The order of the rows stays the same in every epoch; a last batch that is not full is filled
  // from the beginning of the next epoch.
  step() {
    if (this.ended?.final) return;
    const { net, train: { X, y, n }, batchSize } = this;
    forward(net, X, n, this.position, batchSize);
    const loss = backward(net, y, n, this.position, batchSize);
    if (!Number.isFinite(loss)) {
      net.gradient.fill(0);
      this.diverge();
      return;
    }
    this.update(batchSize);
    if (this.shrink) this.shrink();
    this.steps += 1;
    const epochEnds = this.position + batchSize >= n;
    this.position = (this.position + batchSize) % n;
    if (epochEnds) this.endEpoch();
  }

  runEpoch() {
    const { epoch } = this;
    while (this.epoch === epoch && !this.ended?.final) this.step();
  }

  endEpoch() {
    this.epoch += 1;
    if (this.epoch % spacing(this.epoch) === 0 || this.epoch === this.state.stopEpoch) this.record();
  }

  // Note the losses, and where the weights are.
  record() {
    const losses = [meanLoss(this.net, this.train), meanLoss(this.net, this.test)];
    if (!losses.every(Number.isFinite)) {
      this.diverge();
      return;
    }
    this.epochs.push(this.epoch);
    this.trainLosses.push(losses[0]);
    this.testLosses.push(losses[1]);
    this.keepPath();
    this.checkStop(losses[0]);
  }

  keepPath() {
    if (this.epoch % this.every === 0) this.path.push(this.net.params.slice());
    if (this.path.length > LONGEST_PATH) {
      this.path = this.path.filter((_, i) => i % 2 === 0);
      this.every *= 2;
    }
  }

  checkStop(trainLoss) {
    const { stopEpoch, stopLoss } = this.state;
    if (stopEpoch && this.epoch === stopEpoch) this.ended = { reason: 'epoch', epoch: this.epoch };
    if (stopLoss && trainLoss <= stopLoss && this.epoch > 0) this.ended = { reason: 'loss', epoch: this.epoch };
  }

  diverge() {
    this.ended = { reason: 'diverged', epoch: this.epoch, final: true };
  }

  setParam(index, value) {
    this.net.params[index] = value;
  }

  // What a picture of this moment needs.
  snapshot(from = 0) {
    return {
      epoch: this.epoch, steps: this.steps, position: this.position, ended: this.ended, params: this.net.params.slice(),
      losses: { epochs: this.epochs.slice(from), train: this.trainLosses.slice(from), test: this.testLosses.slice(from), from },
      gradient: this.state.gradientFlow ? meanGradient(this.net, this.train) : null,
    };
  }
}

// Losses are noted after every epoch at first, then more sparsely: never more often than a hundredth of the way so far.
export const spacing = (epoch) => (epoch < 500 ? 1 : 10 ** Math.floor(Math.log10(epoch / 50)));

export const networkOf = (state, inputs) => ({
  shape: [inputs, ...state.networkShape, 1],
  activation: state.activation,
  output: state.problem === 'classification' ? 'tanh' : 'linear',
});

// How well outputs agree with labels: the share on the right side, or R², of data with some spread.
export function score(problem, outputs, labels) {
  const n = labels.length;
  if (problem === 'classification') {
    let right = 0;
    for (let i = 0; i < n; i++) right += Number((outputs[i] >= 0) === (labels[i] >= 0));
    return right / n;
  }
  const mean = labels.reduce((sum, label) => sum + label, 0) / n;
  let [left, all] = [0, 0];
  for (let i = 0; i < n; i++) {
    left += (outputs[i] - labels[i]) ** 2;
    all += (labels[i] - mean) ** 2;
  }
  return all > 0 ? 1 - left / all : NaN;
}

export function scores(trainer) {
  return [trainer.train, trainer.test].map((set) => {
    const outputs = new Float64Array(set.n);
    meanLoss(trainer.net, set, outputs);
    return score(trainer.state.problem, outputs, set.y);
  });
}
