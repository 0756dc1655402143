// The course of a training: loss and correlation with the planted matrix, step by step.

import { fill, shown, svg } from './motif-svg.js';

const [WIDEST, HIGH, LEFT, RIGHT, TOP, BELOW] = [460, 190, 34, 34, 20, 26];

/** Draw both curves; losses are in nats, correlations from -1 to 1. */
export function drawTraining(host, losses, correlations, steps) {
  const wide = Math.min(WIDEST, host.parentElement.clientWidth || WIDEST);
  const plot = { wide, steps, most: Math.max(0.75, ...losses) };
  const label = losses.length === 0 ? 'Loss and correlation by step, before training.'
    : `After ${losses.length} steps: loss ${shown(losses[0], 2)} at first, ${shown(losses.at(-1), 2)} now; correlation with the planted matrix ${shown(correlations.at(-1), 2)}.`;
  fill(host, wide, HIGH, label, ...axes(plot), curve(losses, plot, 'mt-curve-loss'), curve(correlations, { ...plot, most: 1 }, 'mt-curve-match'));
}

const across = (step, { wide, steps }) => LEFT + step / steps * (wide - LEFT - RIGHT);
const down = (value, most) => TOP + (1 - Math.max(0, value) / most) * (HIGH - TOP - BELOW);

function curve(values, plot, name) {
  const points = values.map((value, step) => `${across(step + 1, plot).toFixed(1)},${down(value, plot.most).toFixed(1)}`);
  return svg('polyline', { points: points.join(' '), class: name });
}

function axes({ wide, most, steps }) {
  const text = (x, y, words, anchor, name = '') => svg('text', { x, y, class: `mt-tick ${name}`, 'text-anchor': anchor }, words);
  return [
    ...[0, 0.5, 1].map((share) => svg('line', { x1: LEFT, x2: wide - RIGHT, y1: down(share, 1), y2: down(share, 1), class: share ? 'mt-rule' : 'mt-axis' })),
    text(LEFT - 6, down(most, most) + 4, shown(most), 'end'), text(LEFT - 6, down(0, 1) + 4, '0', 'end'),
    text(wide - RIGHT + 6, down(1, 1) + 4, '1', 'start'), text(wide - RIGHT + 6, down(0, 1) + 4, '0', 'start'),
    text(LEFT, 12, 'Loss (solid)', 'start', 'mt-name-loss'), text(wide - RIGHT, 12, 'Correlation (dashed)', 'end', 'mt-name-match'),
    text(LEFT, HIGH - 6, 'step 0', 'start'), text(wide - RIGHT, HIGH - 6, `step ${steps}`, 'end'),
  ];
}
