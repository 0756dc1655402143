// A fully connected network with one output, on typed arrays: forward, backward, loss.
//
// All weights and biases stand in one array: for each layer its weights, one row per neuron, then its biases.

export const ACTIVATIONS = ['linear', 'relu', 'tanh', 'sigmoid', 'cubic'];

// -- the exponential -----------------------------------------------------------------------------------------------------
// exp(x) = 2^(k/16) exp(r): the first factor from a table, the second by its series, |r| <= ln(2)/32. Within |x| <= 40 the
// relative error is below 1e-14, and it takes a third of the time of Math.exp.

const PARTS = 16;
const REACH = 40;
const HALF = Math.ceil((REACH / Math.LN2) * PARTS) + 1;
const POWERS = Float64Array.from({ length: 2 * HALF + 1 }, (_, i) => 2 ** ((i - HALF) / PARTS));
const PER_UNIT = PARTS / Math.LN2;
const UNIT = Math.LN2 / PARTS;
const ROUND = 6755399441055744; // 1.5 * 2^52: adding it and taking it away rounds to a whole number

function exp(x) {
  const k = x * PER_UNIT + ROUND - ROUND;
  const r = x - k * UNIT;
  const series = 1 + r * (1 + r * (1 / 2 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120 + r * (1 / 720))))));
  return POWERS[(k + HALF) | 0] * series;
}

export function tanh(z) {
  if (z > 19) return 1;
  if (z < -19) return -1;
  return 1 - 2 / (exp(2 * z) + 1);
}

export function sigmoid(z) {
  if (z > 38) return 1;
  if (z < -38) return 0;
  return 1 / (1 + exp(-z));
}

// -- activations on a stretch of an array --------------------------------------------------------------------------------

function activate(code, z, a, from, to) {
  if (code === 1) for (let i = from; i < to; i++) a[i] = z[i] > 0 ? z[i] : z[i] === z[i] ? 0 : NaN;
  else if (code === 2) for (let i = from; i < to; i++) a[i] = tanh(z[i]);
  else if (code === 3) for (let i = from; i < to; i++) a[i] = sigmoid(z[i]);
  else if (code === 4) for (let i = from; i < to; i++) a[i] = z[i] * z[i] * z[i];
  else for (let i = from; i < to; i++) a[i] = z[i];
}

// Turn the gradient by the outputs of a layer into that by its inputs z, in place.
function timesSlope(code, z, a, d, from, to) {
  if (code === 1) for (let i = from; i < to; i++) d[i] = z[i] > 0 ? d[i] : 0;
  else if (code === 2) for (let i = from; i < to; i++) d[i] *= 1 - a[i] * a[i];
  else if (code === 3) for (let i = from; i < to; i++) d[i] *= a[i] * (1 - a[i]);
  else if (code === 4) for (let i = from; i < to; i++) d[i] *= 3 * z[i] * z[i];
}

// -- the network ---------------------------------------------------------------------------------------------------------

// `shape` is [inputs, ...hidden widths, 1]; the output is tanh for classification, linear for regression.
export function createNetwork({ shape, activation, output }) {
  const layers = [];
  let place = 0; // in the parameters
  let unit = shape[0]; // in the activations: the inputs stand first
  for (let l = 1; l < shape.length; l++) {
    const [inputs, outputs] = [shape[l - 1], shape[l]];
    const code = ACTIVATIONS.indexOf(l === shape.length - 1 ? output : activation);
    layers.push({ inputs, outputs, code, weights: place, biases: place + inputs * outputs, below: unit - inputs, first: unit });
    place += (inputs + 1) * outputs;
    unit += outputs;
  }
  const array = (length) => new Float64Array(length);
  const isWeight = new Uint8Array(place);
  for (const { weights, biases } of layers) isWeight.fill(1, weights, biases);
  const rows = () => array((ROWS + 1) * unit); // one row more, so that rows can be taken in pairs
  return { shape, activation, output, layers, units: unit, size: place, isWeight,
    params: array(place), gradient: array(place), z: rows(), a: rows(), d: rows() };
}

// As many rows of X are taken at once; their neurons stand one row after the other in z, a and d.
export const ROWS = 30;

// Compute every neuron for `count` rows of X from row `start` on; after the last row comes the first again.
export function forward(net, X, n, start, count) {
  copyInputs(net, X, n, start, count);
  for (let l = 0; l < net.layers.length; l++) {
    const layer = net.layers[l];
    for (let r = 0; r < count; r += 2) sumPair(net, layer, r * net.units);
    for (let r = 0; r < count; r++) {
      const from = r * net.units + layer.first;
      activate(layer.code, net.z, net.a, from, from + layer.outputs);
    }
  }
}

function copyInputs({ a, units, shape }, X, n, start, count) {
  const inputs = shape[0];
  for (let r = 0, row = start; r < count; r++, row = row + 1 === n ? 0 : row + 1) {
    for (let i = 0; i < inputs; i++) a[r * units + i] = X[row * inputs + i];
  }
}

// The weighted sums of a layer for two rows at once: each weight is read once for both.
function sumPair({ params, z, a, units }, { inputs, outputs, weights, biases, below, first }, row) {
  const one = row + below;
  const two = one + units;
  for (let j = 0, w = weights; j < outputs; j++) {
    let s = params[biases + j];
    let t = s;
    for (let i = 0; i < inputs; i++, w++) {
      const weight = params[w];
      s += weight * a[one + i];
      t += weight * a[two + i];
    }
    z[row + first + j] = s;
    z[row + units + first + j] = t;
  }
}

// Add the gradient of (output - target)^2 / 2, summed over the rows that `forward` has just computed, to net.gradient.
// Returns the sum of (output - target)^2.
export function backward(net, y, n, start, count) {
  const { z, a, d, units, layers } = net;
  const loss = outputErrors(net, y, n, start, count);
  for (let l = layers.length - 1; l >= 0; l--) {
    const layer = layers[l];
    for (let r = 0; r < count; r++) {
      const from = r * units + layer.first;
      timesSlope(layer.code, z, a, d, from, from + layer.outputs);
      if (l > 0) passDown(net, layer, r * units);
    }
    addGradient(net, layer, count);
  }
  return loss;
}

function outputErrors({ a, d, units }, y, n, start, count) {
  let sum = 0;
  for (let r = 0, row = start, last = units - 1; r < count; r++, last += units, row = row + 1 === n ? 0 : row + 1) {
    const error = a[last] - y[row];
    d[last] = error;
    sum += error * error;
  }
  return sum;
}

// The errors of the layer below: each is the sum of the errors above it, weighted. Two neurons at a time.
function passDown({ params, d }, { inputs, outputs, weights, below, first }, row) {
  const top = row + first;
  for (let i = 0; i < inputs; i += 2) {
    const odd = i + 1 < inputs ? 1 : 0;
    let s = 0;
    let t = 0;
    for (let j = 0, w = weights + i; j < outputs; j++, w += inputs) {
      const delta = d[top + j];
      s += delta * params[w];
      t += delta * params[w + odd];
    }
    d[row + below + i] = s;
    if (odd) d[row + below + i + 1] = t;
  }
}

function addGradient({ gradient, a, d, units }, { inputs, outputs, weights, biases, below, first }, count) {
  const end = count * units;
  for (let j = 0, w = weights; j < outputs; j++, w += inputs) {
    let bias = 0;
    for (let r = first + j; r < end; r += units) bias += d[r];
    gradient[biases + j] += bias;
    for (let i = 0; i < inputs; i += 2) {
      const odd = i + 1 < inputs ? 1 : 0;
      let s = 0;
      let t = 0;
      for (let r = 0; r < end; r += units) {
        const delta = d[r + first + j];
        s += delta * a[r + below + i];
        t += delta * a[r + below + i + odd];
      }
      gradient[w + i] += s;
      if (odd) gradient[w + i + 1] += t;
    }
  }
}

// The mean of (output - target)^2 / 2, and the outputs where an array for them is given.
export function meanLoss(net, { X, y, n }, outputs = null) {
  const { a, units } = net;
  let sum = 0;
  for (let start = 0; start < n; start += ROWS) {
    const count = Math.min(ROWS, n - start);
    forward(net, X, n, start, count);
    for (let r = 0, last = units - 1; r < count; r++, last += units) {
      const error = a[last] - y[start + r];
      sum += error * error;
      if (outputs) outputs[start + r] = a[last];
    }
  }
  return sum / (2 * n);
}

// The mean gradient over all rows, as a new array.
export function meanGradient(net, { X, y, n }) {
  const kept = net.gradient;
  net.gradient = new Float64Array(net.size);
  for (let start = 0; start < n; start += ROWS) {
    const count = Math.min(ROWS, n - start);
    forward(net, X, n, start, count);
    backward(net, y, n, start, count);
  }
  const mean = net.gradient.map((g) => g / n);
  net.gradient = kept;
  return mean;
}

// Every neuron at many points at once, for pictures: `columns` holds one array of the points for each input, `planes` gets
// one for each unit, inputs first.
export function forwardMany(net, columns, planes) {
  const { params, layers } = net;
  columns.forEach((column, i) => planes[i].set(column));
  for (const layer of layers) {
    for (let j = 0; j < layer.outputs; j++) {
      const plane = planes[layer.first + j];
      plane.fill(params[layer.biases + j]);
      for (let i = 0; i < layer.inputs; i++) addScaled(plane, planes[layer.below + i], params[layer.weights + j * layer.inputs + i]);
      activate(layer.code, plane, plane, 0, plane.length);
    }
  }
}

function addScaled(to, from, factor) {
  for (let p = 0; p < to.length; p++) to[p] += factor * from[p];
}
