// A run in its worker, as the page sees it: commands go there, the latest snapshot comes back when a picture is due.
import { makeData } from './data.js';
import { chosenFeatures, tabulate } from './features.js';
import { createNetwork } from './network.js';
import { networkOf } from './trainer.js';

export class Session {
  // `onSnapshot` is called after each; `onSurface` with a loss surface that was asked for.
  constructor({ onSnapshot, onSurface = () => {} }) {
    Object.assign(this, { onSnapshot, onSurface, run: 0, isPlaying: false, isAsked: false, isAskedForSurface: false });
    this.worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
    this.worker.onmessage = ({ data }) => this.receive(data);
  }

  configure(state, own, params = null) {
    const features = chosenFeatures(state);
    this.state = state;
    this.points = makeData(state, own);
    this.train = tabulate(this.points.train, features);
    this.test = tabulate(this.points.test, features);
    this.features = features;
    this.net = createNetwork(networkOf(state, features.length));
    this.losses = { epochs: [], train: [], test: [] };
    this.snapshot = null;
    this.isPlaying = false;
    this.run += 1;
    this.send('configure', { state, own, params, number: this.run });
    this.isAsked = this.isAskedForSurface = false;
    this.ask();
  }

  send(kind, more = {}) {
    this.worker.postMessage({ kind, ...more });
  }

  play(speed) {
    this.isPlaying = true;
    this.send('play', { speed });
    this.ask();
  }

  pause() {
    this.isPlaying = false;
    this.send('pause');
    this.ask();
  }

  step(kind) {
    this.isPlaying = false;
    this.send(kind);
    this.ask();
  }

  setParam(index, value) {
    this.net.params[index] = value;
    this.send('param', { index, value });
    this.ask();
  }

  // Ask for a snapshot; a second request while one is under way is remembered.
  ask() {
    if (this.isAsked) {
      this.isWanted = true;
      return;
    }
    this.isAsked = true;
    this.isWanted = false;
    this.send('ask', { from: this.losses.epochs.length });
  }

  askForSurface() {
    if (this.isAskedForSurface) return;
    this.isAskedForSurface = true;
    this.send('surface');
  }

  receive(data) {
    if (data.run !== this.run) return;
    if (data.kind === 'surface') {
      this.isAskedForSurface = false;
      this.onSurface(data);
      return;
    }
    this.isAsked = false;
    for (const name of ['epochs', 'train', 'test']) for (const value of data.losses[name]) this.losses[name].push(value);
    this.net.params.set(data.params);
    this.snapshot = data;
    if (!this.isWanted) this.isPlaying = data.isPlaying;
    else this.ask();
    this.onSnapshot(data);
  }
}
