// The second network: its settings, its run, and the two outputs side by side.
import { byId, option } from './controls.js';
import { tidy } from './frame.js';
import { Planes, scaleOf } from './heatmap.js';
import { drawPlane } from './pictures.js';
import { Session } from './session.js';
import { COMPARABLE, KEYS, secondState } from './state.js';

const NAMES = {
  activation: 'Activation', learningRate: 'Learning rate', optimizer: 'Optimizer', init: 'Initial weights', regularization: 'Penalty',
  regularizationRate: 'Penalty rate', batchSize: 'Batch size', networkShape: 'Hidden layers, as 4,2',
};

// A value is called what it is called in the settings of the first network.
const nameOf = (key, value) => document.querySelector(`[data-key="${key}"] option[value="${value}"]`)?.textContent ?? value;

export class Second {
  // `change(changes)` is called with what differs in the second network, or null; `onSnapshot` after each of its snapshots.
  constructor({ change, onSnapshot }) {
    Object.assign(this, { change, onSnapshot, session: null });
    byId('second-settings').append(...COMPARABLE.map((key) => this.field(key)));
  }

  field(key) {
    const label = document.createElement('label');
    label.className = 'pg-field';
    const { options } = KEYS[key].kind;
    const control = document.createElement(options && options.length < 20 ? 'select' : 'input');
    if (control.tagName === 'SELECT') control.append(option('', 'As the first'), ...options.map((value) => option(String(value), nameOf(key, String(value)))));
    else control.placeholder = 'As the first';
    control.dataset.second = key;
    control.addEventListener('change', () => this.read(control));
    label.append(Object.assign(document.createElement('span'), { textContent: NAMES[key] }), control);
    return label;
  }

  read(control) {
    const changes = {};
    for (const field of document.querySelectorAll('[data-second]')) {
      const key = field.dataset.second;
      const value = field.value === '' ? undefined : KEYS[key].kind.read(field.value);
      field.setAttribute('aria-invalid', String(field.value !== '' && value === undefined));
      if (value !== undefined) changes[key] = value;
    }
    if (control.getAttribute('aria-invalid') !== 'true') this.change(Object.keys(changes).length ? changes : null);
  }

  // Follow the settings: start, restart or end the second run.
  configure(state, own) {
    const mine = secondState(state);
    for (const field of document.querySelectorAll('[data-second]')) {
      const value = state.compare?.[field.dataset.second];
      field.value = value === undefined ? '' : String(value);
    }
    byId('second').hidden = !mine;
    if (!mine) {
      this.session?.worker.terminate();
      this.session = null;
      return;
    }
    byId('compare').open = true;
    this.session ??= new Session({ onSnapshot: this.onSnapshot });
    this.session.configure(mine, own);
    this.planes = new Planes(this.session.net, this.session.features);
  }

  draw(first, firstPlane, colors) {
    const { session, planes } = this;
    if (!session?.snapshot) return;
    planes.compute();
    const most = first.points.train.reduce((max, { label }) => Math.max(max, Math.abs(label)), 0);
    const scale = first.state.problem === 'classification' ? 1 : most || 1;
    const pair = [[first, firstPlane, 'a', 'First'], [session, planes.planes.at(-1), 'b', 'Second']];
    for (const [run, plane, letter, name] of pair) {
      const canvas = byId(`picture-${letter}`);
      drawPlane(canvas, plane, { points: run.points.train, test: null, scale: scale || scaleOf(plane), colors, isDiscrete: run.state.discretize, problem: run.state.problem });
      const words = `${name}: epoch ${run.snapshot.epoch}, training loss ${tidy(run.losses.train.at(-1))}, test loss ${tidy(run.losses.test.at(-1))}`;
      byId(`caption-${letter}`).textContent = words;
      canvas.setAttribute('aria-label', `The output over the plane. ${words}.`);
    }
  }
}
