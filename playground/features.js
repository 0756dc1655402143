// What the network may be given of a point.
export const FEATURES = [
  { key: 'x', label: 'x', python: 'x', f: (x) => x },
  { key: 'y', label: 'y', python: 'y', f: (x, y) => y },
  { key: 'xSquared', label: 'x²', python: 'x**2', f: (x) => x * x },
  { key: 'ySquared', label: 'y²', python: 'y**2', f: (x, y) => y * y },
  { key: 'xTimesY', label: 'xy', python: 'x * y', f: (x, y) => x * y },
  { key: 'sinX', label: 'sin x', python: 'sin(x)', f: (x) => Math.sin(x) },
  { key: 'sinY', label: 'sin y', python: 'sin(y)', f: (x, y) => Math.sin(y) },
  { key: 'cosX', label: 'cos x', python: 'cos(x)', f: (x) => Math.cos(x) },
  { key: 'cosY', label: 'cos y', python: 'cos(y)', f: (x, y) => Math.cos(y) },
];

export const chosenFeatures = (state) => FEATURES.filter(({ key }) => state[key]);

// Return the features of some points as { X, y, n }: X row by row, both typed arrays.
export function tabulate(points, features) {
  const X = new Float64Array(points.length * features.length);
  const y = Float64Array.from(points, ({ label }) => label);
  points.forEach((point, row) => features.forEach(({ f }, column) => {
    X[row * features.length + column] = f(point.x, point.y);
  }));
  return { X, y, n: points.length };
}
