// The loss along two directions in the space of all weights, with the path of the training so far projected on them.
import { meanLoss } from './network.js';
import { generator, normal } from './random.js';

export const CELLS = 25;

const minus = (a, b) => a.map((value, i) => value - b[i]);
const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);
const length = (a) => Math.sqrt(dot(a, a));
const without = (a, unit) => {
  const along = dot(a, unit);
  return a.map((value, i) => value - along * unit[i]);
};
const scaled = (a, size) => a.map((value) => value / size);

// The first direction leads from the first weights to the present ones; the second is at right angles to it, towards the
// point of the path that is farthest from that line. A path without such points gets random directions.
export function directions(path, seed) {
  const random = generator(`${seed}/surface`);
  const any = () => path[0].map(() => normal(random, 0, 1));
  const unit = (candidates, first) => {
    for (const candidate of candidates) {
      const rest = first ? without(candidate, first) : candidate;
      if (length(rest) > 1e-6 * (1 + length(candidate))) return scaled(rest, length(rest));
    }
    return path[0].map(() => 0); // a network of one parameter has one direction
  };
  const first = unit([minus(path.at(-1), path[0]), any()], null);
  const farthest = path.map((point) => minus(point, path[0]))
    .reduce((best, way) => (length(without(way, first)) > length(without(best, first)) ? way : best));
  return [first, unit([farthest, any(), any()], first)];
}

export function lossSurface(trainer) {
  const { net, train } = trainer;
  const path = [...trainer.path, net.params.slice()];
  const axes = directions(path, trainer.state.seed);
  const points = path.map((point) => axes.map((axis) => dot(minus(point, path[0]), axis)));
  const { middle, half } = frame(points);
  const kept = net.params.slice();
  const losses = new Float64Array(CELLS * CELLS);
  for (let cell = 0; cell < losses.length; cell++) {
    const [u, v] = [cell % CELLS, Math.floor(cell / CELLS)]
      .map((at, k) => middle[k] + half * ((2 * at) / (CELLS - 1) - 1));
    for (let i = 0; i < net.size; i++) net.params[i] = path[0][i] + u * axes[0][i] + v * axes[1][i];
    losses[cell] = meanLoss(net, train);
  }
  net.params.set(kept);
  return { losses, points, middle, half };
}

// A square around the path, with room on all sides.
function frame(points) {
  const sides = [0, 1].map((k) => points.map((point) => point[k]));
  const [low, high] = [sides.map((side) => Math.min(...side)), sides.map((side) => Math.max(...side))];
  const middle = low.map((value, k) => (value + high[k]) / 2);
  return { middle, half: Math.max(1, 0.75 * Math.max(high[0] - low[0], high[1] - low[1])) };
}
