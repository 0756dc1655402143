// A reader's own data: rows of x, y, label or of x, label. Bad rows are named, good ones are used.
import { EXTENT } from './data.js';

export const MOST_ROWS = 5000;
const FEWEST_ROWS = 4;

// Return { points, problem, bad, changes }: the points, the problem that their labels make, the rows that could not be read,
// and what was done to the numbers; or { error }.
export function readCsv(text) {
  const lines = text.replace(/\r\n?/g, '\n').split('\n');
  const rows = lines.map((line, i) => ({ number: i + 1, cells: line.split(/[,;\t]/).map((part) => part.trim()) }))
    .filter(({ cells }) => cells.some(Boolean));
  if (rows.length && rows[0].cells.every((text) => !isNumber(text))) rows.shift(); // names of the columns
  if (!rows.length) return { error: 'There is no row of numbers.' };
  const width = rows[0].cells.length;
  if (width !== 2 && width !== 3) return { error: `Row ${rows[0].number} has ${width} column${width === 1 ? '' : 's'}; there must be 2 (x, label) or 3 (x, y, label).` };
  const bad = [];
  const points = [];
  for (const { number, cells } of rows) {
    const fault = faultOf(cells, width);
    if (fault) bad.push(`Row ${number}: ${fault}.`);
    else points.push(pointOf(cells.map(Number)));
  }
  if (points.length < FEWEST_ROWS) return { error: `Only ${points.length} rows can be read; at least ${FEWEST_ROWS} are needed.`, bad };
  if (points.length > MOST_ROWS) return { error: `${points.length} rows are more than the ${MOST_ROWS} that this page takes.`, bad };
  return { ...prepared(points), bad };
}

const isNumber = (text) => text !== '' && Number.isFinite(Number(text));

function faultOf(cells, width) {
  if (cells.length !== width) return `it has ${cells.length} columns instead of ${width}`;
  const wrong = cells.find((text) => !isNumber(text));
  if (wrong === undefined) return null;
  return wrong === '' ? 'a number is missing' : `“${wrong.slice(0, 20)}” is not a number`;
}

const pointOf = ([x, ...rest]) => ({ x, y: rest.length === 2 ? rest[0] : 0, label: rest.at(-1) });

// Two labels make a classification. Coordinates beyond the plane are shrunk to it, the same way for all points.
function prepared(points) {
  const labels = [...new Set(points.map(({ label }) => label))].sort((a, b) => a - b);
  const changes = [];
  const isTwo = labels.length === 2 && labels[1] === 1 && (labels[0] === 0 || labels[0] === -1);
  if (isTwo && labels[0] === 0) {
    changes.push('The label 0 was read as −1.');
    for (const point of points) if (point.label === 0) point.label = -1;
  }
  for (const axis of ['x', 'y']) {
    const most = points.reduce((most, point) => Math.max(most, Math.abs(point[axis])), 0);
    if (most <= EXTENT) continue;
    changes.push(`${axis} was divided by ${Number((most / EXTENT).toPrecision(4))}, so that it fits the plane from −6 to 6.`);
    for (const point of points) point[axis] *= EXTENT / most;
  }
  return { points, problem: isTwo ? 'classification' : 'regression', changes };
}
