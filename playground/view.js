// Draws a run: the network, the large picture, the losses, the numbers. At most once a frame, and only what has changed.
import { byId, option } from './controls.js';
import { palette, paintScale } from './colors.js';
import { ONE_DIMENSIONAL, datasetOf, makeData } from './data.js';
import { tidy } from './frame.js';
import { Graph, neuronName } from './graph.js';
import { Planes, scaleOf } from './heatmap.js';
import { describeLosses, drawLosses } from './loss-chart.js';
import { describe, drawFit, drawLine, drawPlane, drawSurface, drawThumbnail } from './pictures.js';
import { writeTable } from './table.js';

const CALM = matchMedia('(prefers-reduced-motion: reduce)');
const CALM_PAUSE = 500; // milliseconds between two pictures for readers who want less motion
const WORDS_PAUSE = 1000; // between two changes of what a screen reader finds
const ONE_FRAME = 24; // units of a network that is computed and drawn within one frame; a larger one takes turns

export class View {
  constructor(session, on) {
    Object.assign(this, { session, on, looked: null, marked: null, isDirty: false, lastDraw: 0, lastWords: 0, surface: null, lastSurface: 0 });
    this.graph = new Graph(byId('graph'), { ...on, look: (unit) => this.look(unit), say: (text) => { byId('hovered').textContent = text; } });
    this.colors = palette();
    document.documentElement.addEventListener('schemechange', () => this.recolor());
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.recolor());
    addEventListener('resize', () => this.draw());
    byId('read-at').addEventListener('input', ({ target }) => this.read(Number(target.value)));
    byId('chart').addEventListener('pointermove', (event) => this.readAt(event));
    byId('table-layer').addEventListener('change', () => this.table());
    byId('table-fold').addEventListener('toggle', () => this.table());
  }

  // A new run: other data, another network.
  configure(state) {
    this.state = state;
    Object.assign(this, { surface: null, marked: null, looked: null, isComputed: false });
    this.planes = new Planes(this.session.net, this.session.features);
    this.scale = labelScale(state, this.session.points.train);
    this.graph.build(this.session.net, this.session.features, state);
    this.neurons();
    this.thumbnails();
    paintScale(byId('scale'), this.colors);
  }

  // Settings that change pictures and not the run.
  adjust(state) {
    this.state = state;
    this.session.state = { ...this.session.state, discretize: state.discretize };
    this.draw();
  }

  recolor() {
    this.colors = palette();
    paintScale(byId('scale'), this.colors);
    this.thumbnails();
    this.draw();
  }

  draw() {
    this.isDirty = true;
    if (!this.isScheduled) {
      this.isScheduled = true;
      requestAnimationFrame((now) => this.frame(now));
    }
  }

  frame(now) {
    this.isScheduled = false;
    const { session } = this;
    const isCalm = CALM.matches && session.isPlaying && now - this.lastDraw < CALM_PAUSE;
    if (this.isDirty && session.snapshot && !isCalm) {
      this.isDirty = false;
      this.lastDraw = now;
      this.paint(now);
    }
    const playing = this.playing();
    for (const run of playing) run.ask();
    if (playing.length) this.draw();
  }

  // The runs that train: the first, the second, or both; either may end before the other.
  playing() {
    return [this.session, this.on.second()].filter((run) => run?.isPlaying);
  }

  // While a large network trains, one frame computes it and the next draws it: both fit into a sixtieth of a second.
  paint(now) {
    const { session, graph, planes, state, colors } = this;
    const takesTurns = session.isPlaying && !CALM.matches && planes.planes.length > ONE_FRAME;
    this.isComputed = takesTurns && !this.isComputed;
    graph.build(session.net, session.features, state);
    if (this.isComputed || !takesTurns) planes.compute();
    if (!this.isComputed) {
      graph.draw(planes.planes, state.gradientFlow ? session.snapshot.gradient : null, colors);
      this.picture(now);
      this.on.painted?.(planes.planes.at(-1), colors);
    }
    this.chart();
    this.numbers();
    if (!session.isPlaying || now - this.lastWords > WORDS_PAUSE) this.words(now);
  }

  picture(now) {
    const { session, state, colors } = this;
    const { points, net, features, train, test } = session;
    const canvas = byId('picture');
    const shared = { points: points.train, test: state.showTestData ? points.test : null, scale: this.scale, colors, problem: state.problem };
    const view = this.looked === null ? state.view : 'plane';
    if (view === 'line') this.bends = drawLine(canvas, net, features, shared);
    else if (view === 'fit') drawFit(canvas, net, state.showTestData ? [train, test] : [train], shared);
    else if (view === 'surface') this.surfacePicture(canvas, now);
    else this.planePicture(canvas, shared);
    byId('picture').classList.toggle('pg-square', view === 'plane');
    byId('scale').parentElement.style.visibility = view === 'plane' ? '' : 'hidden'; // the other pictures have axes
    byId('picture-name').textContent = this.looked === null ? 'Output' : this.nameOf(this.looked);
    byId('key').textContent = keyOf(view, state);
  }

  planePicture(canvas, shared) {
    const plane = this.planes.planes[this.looked ?? this.session.net.units - 1];
    const scale = this.looked === null ? this.scale : scaleOf(plane);
    drawPlane(canvas, plane, { ...shared, scale, isDiscrete: this.state.discretize });
    byId('low').textContent = tidy(-scale);
    byId('high').textContent = tidy(scale);
  }

  surfacePicture(canvas, now) {
    drawSurface(canvas, this.surface, { colors: this.colors });
    const isOld = this.surface?.epoch !== this.session.snapshot.epoch;
    if (isOld && now - this.lastSurface > 700) {
      this.lastSurface = now;
      this.session.askForSurface();
    } else if (isOld && !this.session.isPlaying) setTimeout(() => this.draw(), 700);
  }

  showSurface(found) {
    this.surface = { ...found, epoch: this.session.snapshot.epoch };
    this.draw();
  }

  chart() {
    const runs = [this.session, this.on.second()].filter((run) => run?.losses.epochs.length);
    const range = byId('read-at');
    range.max = String(Math.max(0, this.session.losses.epochs.length - 1));
    if (this.marked === null) range.value = range.max;
    drawLosses(byId('chart'), runs, { colors: this.colors, isLog: this.state.logScale, marked: this.marked });
    this.readings();
  }

  read(index) {
    this.marked = index;
    this.draw();
  }

  readAt({ offsetX, target }) {
    const { epochs } = this.session.losses;
    const wanted = ((offsetX - 52) / (target.clientWidth - 62)) * (epochs.at(-1) || 1);
    const index = epochs.findIndex((epoch) => epoch >= wanted);
    this.read(index < 0 ? epochs.length - 1 : index);
    byId('read-at').value = String(this.marked);
  }

  readings() {
    const { epochs, train, test } = this.session.losses;
    const at = Math.min(this.marked ?? epochs.length - 1, epochs.length - 1);
    const words = `epoch ${epochs[at]}: training ${tidy(train[at])}, test ${tidy(test[at])}`;
    byId('read').textContent = words;
    byId('read-at').setAttribute('aria-valuetext', words);
  }

  numbers() {
    const { snapshot, losses } = this.session;
    const isClass = this.state.problem === 'classification';
    byId('epochs').textContent = snapshot.epoch.toLocaleString('en-US');
    byId('train').textContent = tidy(losses.train.at(-1));
    byId('test').textContent = tidy(losses.test.at(-1));
    byId('score-name').textContent = isClass ? 'Test accuracy' : 'Test R²';
    byId('score').textContent = isClass ? `${(100 * snapshot.scores[1]).toFixed(1)} %` : tidy(snapshot.scores[1]);
    byId('play').textContent = this.playing().length ? 'Pause' : 'Play';
  }

  // What stands in for the pictures, the table and the value of the chosen weight.
  words(now) {
    this.lastWords = now;
    const { session, state } = this;
    const name = this.looked === null ? 'The output' : this.nameOf(this.looked);
    const view = this.looked === null ? state.view : 'plane';
    byId('picture').setAttribute('aria-label', describe(view, { name, snapshot: session.snapshot, bends: this.bends, problem: state.problem, surface: this.surface }));
    byId('chart').setAttribute('aria-label', describeLosses(session.losses));
    this.value();
    this.table();
  }

  look(unit) {
    this.looked = unit;
    this.draw();
  }

  nameOf(unit) {
    const { layers } = this.session.net;
    const l = layers.findIndex(({ first, outputs }) => unit >= first && unit < first + outputs);
    return l < 0 ? `Input ${this.session.features[unit].label}` : neuronName(l, unit - layers[l].first, layers.length);
  }

  sourceName(layer, input) {
    const { net, features } = this.session;
    return layer === 0 ? features[input].label : neuronName(layer - 1, input, net.layers.length);
  }

  // -- the neuron and the weight that are chosen --------------------------------------------------------------------------

  neurons() {
    const { net } = this.session;
    const names = net.layers.flatMap(({ outputs }, l) => Array.from({ length: outputs }, (_, j) => [`${l},${j}`, neuronName(l, j, net.layers.length)]));
    byId('neuron').replaceChildren(...names.map(([value, text]) => option(value, text)));
    byId('neuron').value = names.at(-1)[0];
    this.params();
    byId('table-layer').replaceChildren(...net.layers.map((_, l) => option(String(l), l === net.layers.length - 1 ? 'Output' : `Layer ${l + 1}`)));
  }

  params(chosen = null) {
    const { net } = this.session;
    const [l, j] = byId('neuron').value.split(',').map(Number);
    const { inputs, weights, biases } = net.layers[l];
    const choices = [option(String(biases + j), 'Bias')];
    for (let i = 0; i < inputs; i++) choices.push(option(String(weights + j * inputs + i), `Weight from ${this.sourceName(l, i)}`));
    byId('param').replaceChildren(...choices);
    if (chosen !== null) byId('param').value = String(weights + j * inputs + chosen);
    this.value(true);
  }

  value(isForced = false) {
    const index = Number(byId('param').value);
    this.graph.chosen = this.session.net.isWeight[index] ? index : null;
    if (isForced || document.activeElement !== byId('value')) byId('value').value = String(Number(this.session.net.params[index].toPrecision(6)));
  }

  select(layer, neuron, input = null) {
    byId('neuron').value = `${layer},${neuron}`;
    this.params(input);
    this.draw();
  }

  table() {
    if (!byId('table-fold').open) return;
    writeTable(byId('table'), this.session.net, Number(byId('table-layer').value), (layer, input) => this.sourceName(layer, input));
  }

  thumbnails() {
    const signature = JSON.stringify([this.state.seed, this.state.noise, this.on.own()?.length, this.colors.paper]);
    if (signature === this.drawnThumbnails) return;
    this.drawnThumbnails = signature;
    for (const canvas of document.querySelectorAll('[data-thumbnail]')) {
      const name = canvas.dataset.thumbnail;
      const problem = canvas.closest('[data-problem]').dataset.problem;
      const state = { ...this.state, problem, dataset: name, regDataset: name };
      if (name === 'own' && !this.on.own()) continue;
      const { train } = makeData(state, this.on.own());
      drawThumbnail(canvas, train.slice(0, 300), { scale: labelScale(state, train), colors: this.colors, problem });
    }
  }
}

function labelScale(state, points) {
  if (state.problem === 'classification') return 1;
  return points.reduce((most, { label }) => Math.max(most, Math.abs(label)), 0) || 1;
}

export const viewFor = (state) => (state.problem === 'regression' && ONE_DIMENSIONAL.has(datasetOf(state)) ? 'line' : 'plane');

function keyOf(view, state) {
  if (view === 'surface') return 'Strong color is low, pale is high. The path starts at the open circle.';
  if (view === 'fit') return 'On the dashed line a prediction is exact.';
  const tests = state.showTestData ? ' Pale with a rim: test data.' : '';
  if (view === 'line') return `The output where y is 0.${state.activation === 'relu' ? ' Dotted: where a ReLU neuron switches.' : ''}${tests}`;
  return `${state.problem === 'classification' ? 'Round: +1. Square: −1.' : 'Round: positive. Square: negative.'}${tests}`;
}
