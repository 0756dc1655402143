// The large picture: the output over the plane, along x, against the truth, or the surface of the loss.
import { EXTENT } from './data.js';
import { axes, prepare, rule, tidy } from './frame.js';
import { level } from './colors.js';
import { GRID, paint } from './heatmap.js';
import { forwardMany, meanLoss } from './network.js';
import { CELLS } from './surface.js';

const work = typeof document === 'undefined' ? null : document.createElement('canvas');

// -- over the plane ------------------------------------------------------------------------------------------------------

export function drawPlane(canvas, plane, { points, test, scale, colors, isDiscrete, problem }) {
  const { context, width, height } = prepare(canvas);
  paint(work, plane, { scale, colors, isDiscrete, size: GRID });
  context.imageSmoothingEnabled = !isDiscrete;
  context.drawImage(work, 0, 0, width, height);
  const place = (value) => ((value + EXTENT) / (2 * EXTENT)) * width;
  const draw = (point, isTest) => drawPoint(context, place(point.x), height - place(point.y), point.label, { scale, colors, isTest, problem });
  if (test) test.forEach((point) => draw(point, true));
  points.forEach((point) => draw(point, false));
}

// Positive points are round and negative ones square, so that color is not all that tells them apart.
export function drawPoint(context, x, y, label, { scale, colors, isTest, problem }) {
  const radius = problem === 'classification' ? 3.6 : 3;
  const [r, g, b] = [0, 8, 16].map((shift) => (colors.ramp[level(label, scale)] >> shift) & 255);
  context.globalAlpha = isTest ? 0.6 : 1;
  context.fillStyle = `rgb(${r} ${g} ${b})`;
  context.strokeStyle = isTest ? colors.ink : colors.paper;
  context.lineWidth = 1;
  context.beginPath();
  if (label >= 0) context.arc(x, y, radius, 0, 2 * Math.PI);
  else context.rect(x - radius * 0.88, y - radius * 0.88, radius * 1.76, radius * 1.76);
  context.fill();
  context.stroke();
  context.globalAlpha = 1;
}

export function drawThumbnail(canvas, points, { scale, colors, problem }) {
  const context = canvas.getContext('2d');
  context.fillStyle = colors.paper;
  context.fillRect(0, 0, canvas.width, canvas.height);
  const place = (value) => ((value + EXTENT) / (2 * EXTENT)) * canvas.width;
  for (const point of points) {
    const [r, g, b] = [0, 8, 16].map((shift) => (colors.ramp[level(point.label, scale)] >> shift) & 255);
    context.fillStyle = `rgb(${r} ${g} ${b})`;
    const size = problem === 'classification' ? 2.6 : 3.4;
    context.fillRect(place(point.x) - size / 2, canvas.height - place(point.y) - size / 2, size, size);
  }
}

// -- along x, where y is 0 -----------------------------------------------------------------------------------------------

const SAMPLES = 601;
const XS = Float64Array.from({ length: SAMPLES }, (_, i) => -EXTENT + (2 * EXTENT * i) / (SAMPLES - 1));

// The output along x, and where a ReLU neuron of any layer starts or stops being active: there the curve bends.
export function curve(net, features) {
  const planes = Array.from({ length: net.units }, () => new Float64Array(SAMPLES));
  forwardMany(net, features.map(({ f }) => XS.map((x) => f(x, 0))), planes);
  const bends = [];
  if (net.activation === 'relu') {
    for (const { first, outputs } of net.layers.slice(0, -1)) {
      for (let unit = first; unit < first + outputs; unit++) bends.push(...switches(planes[unit]));
    }
  }
  return { xs: XS, ys: planes.at(-1), bends: bends.sort((a, b) => a - b) };
}

function switches(values) {
  const found = [];
  for (let i = 1; i < SAMPLES; i++) if (values[i] > 0 !== values[i - 1] > 0) found.push((XS[i] + XS[i - 1]) / 2);
  return found;
}

export function drawLine(canvas, net, features, { points, test, colors, problem }) {
  const space = prepare(canvas);
  const { context } = space;
  const { xs, ys, bends } = curve(net, features);
  const labels = points.map(({ label }) => label);
  const [low, high] = [Math.min(...labels), Math.max(...labels)];
  const room = 0.15 * (high - low || 1);
  const { px, py, box } = axes(space, colors, { x: [-EXTENT, EXTENT], y: [low - room, high + room], names: ['x', 'Label and output'] });
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.right - box.left, box.bottom - box.top);
  context.clip();
  for (const point of test ?? []) drawPoint(context, px(point.x), py(point.label), point.label, { scale: high || 1, colors, isTest: true, problem });
  for (const point of points) drawPoint(context, px(point.x), py(point.label), point.label, { scale: high || 1, colors, problem });
  context.strokeStyle = colors.third;
  context.setLineDash([3, 4]);
  context.lineWidth = 1.5;
  for (const bend of bends) rule(context, px(bend), box.top, px(bend), box.bottom);
  context.setLineDash([]);
  context.strokeStyle = colors.negative;
  context.lineWidth = 3;
  context.beginPath();
  xs.forEach((x, i) => context.lineTo(px(x), py(ys[i])));
  context.stroke();
  context.restore();
  return bends;
}

// -- predicted against true ----------------------------------------------------------------------------------------------

export function drawFit(canvas, net, sets, { colors, problem }) {
  const space = prepare(canvas);
  const { context } = space;
  const outputs = sets.map((set) => {
    const found = new Float64Array(set.n);
    meanLoss(net, set, found);
    return found;
  });
  let [low, high] = [Infinity, -Infinity];
  for (const values of [...sets.map(({ y }) => y), ...outputs]) {
    for (const value of values) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  const room = 0.06 * (high - low || 1);
  const { px, py } = axes(space, colors, { x: [low - room, high + room], y: [low - room, high + room], names: ['True', 'Predicted'] });
  context.strokeStyle = colors.soft;
  context.setLineDash([5, 4]);
  rule(context, px(low), py(low), px(high), py(high));
  context.setLineDash([]);
  sets.forEach((set, k) => {
    context.fillStyle = k ? colors.negative : colors.positive;
    context.globalAlpha = 0.55;
    outputs[k].forEach((output, i) => {
      const aside = problem === 'classification' ? (((i * 7919) % 101) / 101 - 0.5) * 24 : 0;
      context.fillRect(px(set.y[i]) + aside - 1.5, py(output) - 1.5, 3, 3);
    });
    context.globalAlpha = 1;
  });
}

// -- the loss surface ----------------------------------------------------------------------------------------------------

export function drawSurface(canvas, found, { colors }) {
  const space = prepare(canvas);
  const { context } = space;
  if (!found) return;
  const { losses, points, middle, half } = found;
  const ends = (k) => [middle[k] - half, middle[k] + half];
  const { px, py, box } = axes(space, colors, { x: ends(0), y: ends(1), names: ['From the first weights to the present ones', 'Across'] });
  const logs = losses.map((loss) => Math.log10(Math.max(loss, 1e-12)));
  const finite = logs.filter(Number.isFinite);
  const [low, high] = [finite.reduce((a, b) => Math.min(a, b), Infinity), finite.reduce((a, b) => Math.max(a, b), -Infinity)];
  const [w, h] = [(box.right - box.left) / CELLS, (box.bottom - box.top) / CELLS];
  logs.forEach((loss, cell) => {
    const share = Number.isFinite(loss) ? (loss - low) / (high - low || 1) : 1;
    const band = Math.round(share * 12) / 12; // bands, so that the contours can be seen
    const value = colors.ramp[level(1 - band, 1)];
    context.fillStyle = `rgb(${value & 255} ${(value >> 8) & 255} ${(value >> 16) & 255})`;
    context.fillRect(box.left + (cell % CELLS) * w, box.bottom - (Math.floor(cell / CELLS) + 1) * h, w + 0.6, h + 0.6);
  });
  context.strokeStyle = colors.negative;
  context.lineWidth = 2.5;
  context.beginPath();
  points.forEach(([u, v]) => context.lineTo(px(u), py(v)));
  context.stroke();
  for (const [point, isLast] of [[points[0], false], [points.at(-1), true]]) {
    context.fillStyle = isLast ? colors.negative : colors.paper;
    context.beginPath();
    context.arc(px(point[0]), py(point[1]), 5, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
  }
}

// -- in words ------------------------------------------------------------------------------------------------------------

export function describe(view, { name, snapshot, bends, problem, surface }) {
  const [train, test] = snapshot.scores.map((score) => (problem === 'classification' ? `${(100 * score).toFixed(1)} %` : tidy(score)));
  const measure = problem === 'classification' ? 'accuracy' : 'R²';
  const state = `after ${snapshot.epoch} epochs: ${measure} ${train} in training, ${test} in the test set`;
  if (view === 'line') {
    const where = bends?.length ? ` It bends at x = ${bends.slice(0, 12).map(tidy).join(', ')}.` : '';
    return `The output along x where y is 0, with the data, ${state}.${where}`;
  }
  if (view === 'fit') return `Predicted against true labels, ${state}.`;
  if (view === 'surface') {
    return surface ? `The loss around the path of training, from ${tidy(surface.losses.reduce((a, b) => Math.min(a, b)))} up; ` +
      `the path leads downhill from the first weights to the present ones, ${state}.` : 'The loss surface is being computed.';
  }
  return `${name} over the plane, ${state}.`;
}
