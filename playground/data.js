// The data sets. A point is { x, y, label }; classification has labels +1 and -1, regression any number.
import { generator, normal, shuffle, uniform } from './random.js';

export const SIZES = { classification: 500, regression: 1200 };
// The plane that is shown.
export const EXTENT = 6;

const sign = (truth) => (truth ? 1 : -1);

function circle(random, n, nu) {
  const radius = 5;
  return points(n, (i) => {
    const r = i < n / 2 ? uniform(random, 0, radius * 0.5) : uniform(random, radius * 0.7, radius);
    const angle = uniform(random, 0, 2 * Math.PI);
    const [x, y] = [r * Math.sin(angle), r * Math.cos(angle)];
    const [dx, dy] = [jitter(random, nu), jitter(random, nu)];
    return { x, y, label: sign(Math.hypot(x + dx, y + dy) < radius * 0.5) };
  });
}

function xor(random, n, nu) {
  const away = (u) => u + (u > 0 ? 0.3 : -0.3);
  return points(n, () => {
    const [x, y] = [away(uniform(random, -5, 5)), away(uniform(random, -5, 5))];
    return { x, y, label: sign((x + jitter(random, nu)) * (y + jitter(random, nu)) >= 0) };
  });
}

function gauss(random, n, nu) {
  const deviation = Math.sqrt(0.5 + 7 * nu);
  return points(n, (i) => {
    const label = sign(i < n / 2);
    return { x: normal(random, 2 * label, deviation), y: normal(random, 2 * label, deviation), label };
  });
}

function spiral(random, n, nu) {
  const arm = n / 2;
  return points(n, (index) => {
    const label = sign(index < arm);
    const i = index % arm;
    const r = (5 * i) / arm;
    const t = (3.5 * Math.PI * i) / arm + (label > 0 ? 0 : Math.PI);
    return { x: r * Math.sin(t) + uniform(random, -1, 1) * nu, y: r * Math.cos(t) + uniform(random, -1, 1) * nu, label };
  });
}

// Labels are computed at coordinates that noise has moved; the stored ones are where the point is drawn.
const surface = (f) => (random, n, nu) => points(n, () => {
  const [x, y] = [uniform(random, -EXTENT, EXTENT), uniform(random, -EXTENT, EXTENT)];
  return { x, y, label: f(x + jitter(random, nu, EXTENT), y + jitter(random, nu, EXTENT)) };
});

const BUMPS = [[-4, 2.5, 1], [0, 2.5, -1], [4, 2.5, 1], [-4, -2.5, -1], [0, -2.5, 1], [4, -2.5, -1]];

function bumps(x, y) {
  let label = 0;
  for (const [cx, cy, height] of BUMPS) {
    const value = height * Math.min(1, Math.max(0, 1 - Math.hypot(x - cx, y - cy) / 2));
    if (Math.abs(value) > Math.abs(label)) label = value;
  }
  return label;
}

const jitter = (random, nu, extent = 5) => uniform(random, -extent, extent) * nu;
const points = (n, make) => Array.from({ length: n }, (_, i) => make(i));

export const CLASSIFICATION = { circle, xor, gauss, spiral };
export const REGRESSION = {
  'reg-plane': surface((x, y) => (x + y) / 10),
  'reg-gauss': surface(bumps),
  'reg-linear': surface((x) => x / 6),
  'reg-cubic': surface((x) => x ** 3 / 6),
  'reg-sin1cos2': surface((x, y) => (Math.sin(x) + Math.cos(y)) / 2),
};
export const NAMES = {
  circle: 'Circle', xor: 'Exclusive or', gauss: 'Two clusters', spiral: 'Spiral',
  'reg-plane': 'Plane', 'reg-gauss': 'Six bumps', 'reg-linear': 'Line, x / 6', 'reg-cubic': 'Cubic, x³ / 6',
  'reg-sin1cos2': 'Waves, (sin x + cos y) / 2', own: 'Your own data',
};
// Data sets whose label depends on x alone: they are also drawn as a curve.
export const ONE_DIMENSIONAL = new Set(['reg-linear', 'reg-cubic']);

export const datasetOf = (state) => (state.problem === 'classification' ? state.dataset : state.regDataset);

// Return { train, test } of a state; `own` are the reader's points, for the data set of that name.
export function makeData(state, own = null) {
  const name = datasetOf(state);
  const random = generator(`${state.seed}/data`);
  const all = name === 'own' && own ? own.map((point) => ({ ...point })) : generate(state, name, random);
  shuffle(random, all);
  const held = Math.min(all.length - 1, Math.max(1, Math.round((all.length * state.percTrainData) / 100)));
  return { train: all.slice(0, held), test: all.slice(held) };
}

function generate(state, name, random) {
  const sets = state.problem === 'classification' ? CLASSIFICATION : REGRESSION;
  const make = sets[name] ?? Object.values(sets)[0];
  return make(random, SIZES[state.problem], state.noise / 100);
}
