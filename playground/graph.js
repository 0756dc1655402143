// The network: inputs, neurons with what each computes, and lines for the weights.
import { FEATURES } from './features.js';
import { paint, scaleOf } from './heatmap.js';
import { tidy } from './frame.js';
import { MOST_NEURONS } from './state.js';

const NODE = 44;
const ROW = 52;
const MARGIN = 12; // right of the output
const LEFT = 62; // room for the names of the inputs
const HEADS = { wide: 84, narrow: 130 }; // room for the buttons above a layer, side by side or one above the other
const NEAR = 7; // pixels from a line that count as on it
const WIDE = 104; // from layer to layer, with the buttons side by side
const NARROW = 72; // with one above the other; what still does not fit scrolls
const BESIDE = 504; // what data and output take of the page where the network stands between them

const element = (tag, attributes = {}, text = '') => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.textContent = text;
  return made;
};

export const neuronName = (layer, index, count) => (layer === count - 1 ? 'Output' : `Neuron ${layer + 1}.${index + 1}`);

export class Graph {
  // `on` has the actions: toggle(feature), widen(layer, by), select(layer, index, input), look(unit or null), say(text).
  constructor(box, on) {
    Object.assign(this, { box, on, signature: '' });
    this.lines = element('canvas', { role: 'img', class: 'pg-lines', 'aria-label': 'Weights as lines' });
    box.addEventListener('pointermove', (event) => this.hover(event));
    box.addEventListener('pointerleave', () => this.leave());
    box.addEventListener('click', (event) => this.click(event));
  }

  // Build anew when inputs, widths or size have changed; the focus stays on what it was on.
  build(net, features, state) {
    const signature = JSON.stringify([net.shape, features.map(({ key }) => key), this.box.clientWidth, state.hidden]);
    Object.assign(this, { net, features, state });
    if (signature === this.signature) return;
    this.signature = signature;
    const focused = this.box.contains(document.activeElement) ? document.activeElement.dataset.name : null;
    this.place();
    this.box.replaceChildren(this.lines, ...this.inputs(), ...this.heads(), ...this.neurons());
    if (focused) this.box.querySelector(`[data-name="${focused}"]`)?.focus({ preventScroll: true });
  }

  place() {
    const { net, box } = this;
    const columns = net.layers.length;
    const needed = LEFT + NODE + columns * NARROW + MARGIN;
    const page = box.closest('.pg-columns');
    page.classList.toggle('is-deep', needed > page.clientWidth - BESIDE); // then the data stand above
    const width = Math.max(box.clientWidth - 4, needed);
    const gap = (width - LEFT - NODE - MARGIN) / columns;
    const head = gap < WIDE ? HEADS.narrow : HEADS.wide;
    const height = head + ROW * Math.max(FEATURES.length, ...net.shape.slice(1)) + 4;
    box.classList.toggle('pg-narrow', gap < WIDE);
    Object.assign(this, { width, height, gap, head });
    this.unitPlaces = [];
    this.features.forEach(({ key }) => this.unitPlaces.push([LEFT, head + ROW * FEATURES.findIndex((f) => f.key === key)]));
    net.layers.forEach(({ outputs, first }, l) => {
      const top = l === columns - 1 && l > 0 ? (ROW * (net.shape[l] - 1)) / 2 : 0;
      for (let j = 0; j < outputs; j++) this.unitPlaces[first + j] = [LEFT + (l + 1) * gap, head + top + ROW * j];
    });
    box.style.setProperty('--pg-height', `${height}px`);
  }

  inputs() {
    const isHidden = this.state.hidden.includes('features');
    return FEATURES.flatMap(({ key, label }, i) => {
      const isOn = this.features.some((feature) => feature.key === key);
      if (isHidden && !isOn) return [];
      const button = element('button', { type: 'button', class: 'pg-node pg-input', 'aria-pressed': String(isOn), 'data-name': `f-${key}` });
      button.append(element('span', {}, label));
      if (isOn) button.append(element('canvas', { 'aria-hidden': 'true', 'data-unit': this.features.findIndex((f) => f.key === key) }));
      button.setAttribute('aria-label', `Input ${label}`);
      button.disabled = isHidden;
      move(button, 0, this.head + ROW * i);
      button.addEventListener('click', () => this.on.toggle(key));
      return [button];
    });
  }

  heads() {
    if (this.state.hidden.includes('numHiddenLayers')) return [];
    return this.state.networkShape.map((width, l) => {
      const head = element('div', { class: 'pg-head', role: 'group', 'aria-label': `Layer ${l + 1}` });
      const fewer = element('button', { type: 'button', 'aria-label': `One neuron less in layer ${l + 1}`, 'data-name': `less-${l}` }, '−');
      const more = element('button', { type: 'button', 'aria-label': `One neuron more in layer ${l + 1}`, 'data-name': `more-${l}` }, '+');
      fewer.disabled = width === 1;
      more.disabled = width === MOST_NEURONS;
      fewer.addEventListener('click', () => this.on.widen(l, -1));
      more.addEventListener('click', () => this.on.widen(l, 1));
      head.append(fewer, more, element('span', {}, `${width} neuron${width === 1 ? '' : 's'}`));
      move(head, LEFT + (l + 1) * this.gap + NODE / 2, 0);
      return head;
    });
  }

  neurons() {
    const count = this.net.layers.length;
    return this.net.layers.flatMap(({ outputs, first }, l) => Array.from({ length: outputs }, (_, j) => {
      const name = neuronName(l, j, count);
      const button = element('button', { type: 'button', class: 'pg-node', 'aria-label': `${name}: show and edit`, 'data-name': `n-${l}-${j}` });
      button.append(element('canvas', { 'aria-hidden': 'true', 'data-unit': first + j }));
      move(button, ...this.unitPlaces[first + j]);
      button.addEventListener('click', () => this.on.select(l, j));
      for (const [event, unit] of [['pointerenter', first + j], ['pointerleave', null], ['focus', first + j], ['blur', null]]) {
        button.addEventListener(event, () => this.on.look(unit));
      }
      return button;
    }));
  }

  // Paint all neurons and lines. `planes` are their values, `gradient` is null where the weights are shown.
  draw(planes, gradient, colors) {
    for (const canvas of this.box.querySelectorAll('canvas[data-unit]')) {
      const plane = planes[Number(canvas.dataset.unit)];
      paint(canvas, plane, { scale: scaleOf(plane), colors, isDiscrete: this.state.discretize });
    }
    this.drawLines(gradient, colors);
  }

  drawLines(gradient, colors) {
    const { lines, width, height } = this;
    if (Boolean(gradient) !== Boolean(this.gradient)) {
      this.gradient = gradient;
      this.on.say(this.key());
    }
    this.gradient = gradient;
    const density = Math.min(2, devicePixelRatio || 1);
    if (lines.width !== Math.round(width * density) || lines.height !== Math.round(height * density)) {
      Object.assign(lines, { width: Math.round(width * density), height: Math.round(height * density) });
      lines.style.width = `${width}px`;
      lines.style.height = `${height}px`;
    }
    const context = lines.getContext('2d');
    context.setTransform(density, 0, 0, density, 0, 0);
    context.clearRect(0, 0, width, height);
    const values = gradient ?? this.net.params;
    const most = gradient ? gradient.reduce((a, b) => Math.max(a, Math.abs(b)), 1e-12) : 1.5;
    this.eachWeight((index, from, to) => {
      const size = Math.min(1, Math.abs(values[index]) / most);
      const isChosen = index === this.chosen;
      context.strokeStyle = isChosen ? colors.third : values[index] >= 0 ? colors.positive : colors.negative;
      context.globalAlpha = isChosen ? 1 : 0.25 + 0.65 * size;
      context.lineWidth = isChosen ? 4 : 0.5 + 5 * size;
      context.setLineDash(values[index] < 0 ? [6, 5] : []);
      context.beginPath();
      context.moveTo(...from);
      const reach = (to[0] - from[0]) / 3;
      context.bezierCurveTo(from[0] + reach, from[1], to[0] - reach, to[1], ...to);
      context.stroke();
    });
    context.globalAlpha = 1;
    this.label(gradient);
  }

  key() {
    return `Line: ${this.gradient ? 'gradient' : 'weight'}. Solid is positive, dashed negative, wide is large.`;
  }

  label(gradient) {
    const { layers, isWeight } = this.net;
    const weights = isWeight.reduce((sum, is) => sum + is, 0);
    this.lines.setAttribute('aria-label', `${weights} ${gradient ? 'gradients' : 'weights'} between ${this.features.length} inputs and ` +
      `${layers.length} layers, drawn as lines; the table below has their values.`);
  }

  eachWeight(visit) {
    this.net.layers.forEach(({ inputs, outputs, weights, below, first }, l) => {
      for (let j = 0, index = weights; j < outputs; j++) {
        for (let i = 0; i < inputs; i++, index++) {
          const [x0, y0] = this.unitPlaces[below + i];
          const [x1, y1] = this.unitPlaces[first + j];
          visit(index, [x0 + NODE, y0 + NODE / 2], [x1, y1 + NODE / 2], { layer: l, neuron: j, input: i });
        }
      }
    });
  }

  // The weight whose line passes nearest to the pointer: a line is the curve y = y0 + dy (3 u^2 - 2 u^3).
  nearest({ clientX, clientY }) {
    const rectangle = this.lines.getBoundingClientRect();
    const [x, y] = [clientX - rectangle.left, clientY - rectangle.top];
    let best = { distance: NEAR };
    this.eachWeight((index, [x0, y0], [x1, y1], place) => {
      const u = (x - x0) / (x1 - x0);
      if (u < 0 || u > 1) return;
      const distance = Math.abs(y - y0 - (y1 - y0) * u * u * (3 - 2 * u));
      if (distance < best.distance) best = { index, distance, ...place };
    });
    return best.index === undefined ? null : best;
  }

  hover(event) {
    const found = event.target === this.lines ? this.nearest(event) : null;
    this.box.classList.toggle('pg-on-line', Boolean(found));
    if (found) this.on.say(`${this.sourceName(found.layer, found.input)} → ${neuronName(found.layer, found.neuron, this.net.layers.length)}: ${this.gradient ? 'gradient' : 'weight'} ${tidy((this.gradient ?? this.net.params)[found.index])}`);
  }

  leave() {
    this.box.classList.remove('pg-on-line');
    this.on.say(this.key());
  }

  click(event) {
    const found = event.target === this.lines ? this.nearest(event) : null;
    if (found) this.on.select(found.layer, found.neuron, found.input);
  }

  sourceName(layer, input) {
    return layer === 0 ? this.features[input].label : neuronName(layer - 1, input, this.net.layers.length);
  }
}

function move(node, left, top) {
  node.style.setProperty('left', `${left}px`);
  node.style.setProperty('top', `${top}px`);
}
