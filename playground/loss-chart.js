// The losses by epoch, with axes, for one network or two.
import { axes, prepare, tidy } from './frame.js';

const SMALLEST = 1e-12; // below this a logarithmic scale shows nothing of use

export function drawLosses(canvas, runs, { colors, isLog, marked }) {
  const space = prepare(canvas);
  const { context } = space;
  const all = runs.flatMap(({ losses }) => [...losses.train, ...losses.test]);
  const lastEpoch = Math.max(1, ...runs.map(({ losses }) => losses.epochs.at(-1) ?? 0));
  const scales = axes(space, colors, { x: [0, lastEpoch], y: extent(all, isLog), names: ['Epoch', 'Loss'], log: isLog });
  runs.forEach((run, k) => {
    line(context, scales, run.losses.epochs, run.losses.train, { color: k ? colors.third : colors.positive, isLog });
    line(context, scales, run.losses.epochs, run.losses.test, { color: k ? colors.third : colors.negative, isLog, dash: [6, 4] });
  });
  if (marked !== null) mark(context, scales, runs[0].losses, marked, colors);
}

function extent(values, isLog) {
  let [low, high] = [Infinity, 0];
  for (const value of values) {
    if (value > high) high = value;
    if (value < low && value > 0) low = value;
  }
  if (!(high > 0)) return isLog ? [0.1, 1] : [0, 1];
  return isLog ? [10 ** Math.floor(Math.log10(Math.max(low, SMALLEST))), 10 ** Math.ceil(Math.log10(high) + 1e-9)] : [0, high * 1.05];
}

function line(context, { px, py }, epochs, values, { color, dash = [], isLog }) {
  context.strokeStyle = color;
  context.lineWidth = 2;
  context.setLineDash(dash);
  context.beginPath();
  epochs.forEach((epoch, i) => context.lineTo(px(epoch), py(isLog ? Math.max(values[i], SMALLEST) : values[i])));
  context.stroke();
  context.setLineDash([]);
}

function mark(context, { px, py, box }, losses, index, colors) {
  const epoch = losses.epochs[index];
  if (epoch === undefined) return;
  context.strokeStyle = colors.soft;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(px(epoch), box.top);
  context.lineTo(px(epoch), box.bottom);
  context.stroke();
  for (const [name, color] of [['train', colors.positive], ['test', colors.negative]]) {
    context.fillStyle = color;
    context.beginPath();
    context.arc(px(epoch), py(Math.max(losses[name][index], SMALLEST)), 4, 0, 2 * Math.PI);
    context.fill();
  }
}

// What the chart says in words.
export function describeLosses({ epochs, train, test }) {
  if (epochs.length < 2) return `Loss by epoch, before training: training ${tidy(train[0])}, test ${tidy(test[0])}.`;
  const last = epochs.length - 1;
  return `Loss by epoch. Training loss from ${tidy(train[0])} to ${tidy(train[last])}, test loss from ${tidy(test[0])} to ` +
    `${tidy(test[last])}, after ${epochs[last]} epochs.`;
}
