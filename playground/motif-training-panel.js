// The training of a filter on the page: a few milliseconds of it in each frame, so that everything else stays quick.

import { drawLogo } from './motif-draw-logo.js';
import { drawTraining } from './motif-draw-training.js';
import { bestMatch } from './motif-match.js';
import { pwm, turned } from './motif-matrix.js';
import { generator } from './motif-random.js';
import { rounded } from './motif-state.js';
import { shown } from './motif-svg.js';
import { STEPS, accuracy, learnedFilter, newTrainer, simulatedBatch, step } from './motif-train.js';

const BUDGET = 8; // ms of a frame
const [TEST_SIZE, TEST_SEED] = [400, 424242];

/** Set up the panel; `find(id)` gives its elements, `onUse(filter)` takes the learned filter. Return `{reset}`. */
export function trainingPanel(find, onUse) {
  const panel = { find, frame: 0 };
  find('mt-train').addEventListener('click', () => (panel.frame ? pause(panel) : run(panel)));
  find('mt-train-step').addEventListener('click', () => {
    pause(panel);
    oneStep(panel);
    show(panel);
  });
  find('mt-train-reset').addEventListener('click', () => restart(panel));
  find('mt-train-seed').addEventListener('change', () => restart(panel));
  find('mt-use').addEventListener('click', () => onUse(aligned(panel).map((row) => row.map(rounded))));
  return {
    /** Begin anew for another motif; the same motif keeps its training. */
    reset(motif) {
      if (panel.motif === motif) return;
      panel.motif = motif;
      restart(panel);
    },
  };
}

function restart(panel) {
  const field = panel.find('mt-train-seed');
  if (!field.validity.valid || field.value === '') field.value = '1';
  pause(panel);
  panel.reference = pwm(panel.motif.counts);
  panel.trainer = newTrainer(panel.motif.counts, Number(field.value));
  panel.correlations = [];
  show(panel);
}

function run(panel) {
  panel.find('mt-train').textContent = 'Pause';
  const tick = () => {
    const end = performance.now() + BUDGET;
    while (panel.trainer.steps < STEPS && performance.now() < end) oneStep(panel);
    panel.frame = panel.trainer.steps < STEPS ? requestAnimationFrame(tick) : 0;
    if (panel.frame === 0) pause(panel);
    show(panel);
  };
  panel.frame = requestAnimationFrame(tick);
}

function pause(panel) {
  cancelAnimationFrame(panel.frame);
  panel.frame = 0;
  panel.find('mt-train').textContent = 'Train';
}

function oneStep(panel) {
  if (panel.trainer.steps >= STEPS) return;
  step(panel.trainer);
  panel.correlations.push(bestMatch(learnedFilter(panel.trainer), panel.reference).correlation);
}

// A filter may learn the motif as the other strand shows it; it is drawn as the matrix reads.
function aligned({ trainer, reference }) {
  const filter = learnedFilter(trainer);
  return bestMatch(filter, reference).strand === '+' ? filter : turned(filter);
}

function show(panel) {
  const { find, trainer, correlations, motif, reference } = panel;
  const isDone = trainer.steps >= STEPS;
  const match = bestMatch(learnedFilter(trainer), reference).correlation;
  find('mt-train').disabled = isDone;
  find('mt-train-step').disabled = isDone;
  find('mt-steps').textContent = String(trainer.steps);
  find('mt-loss').textContent = trainer.steps ? shown(trainer.losses.at(-1), 2) : '–';
  find('mt-match').textContent = shown(match, 2);
  find('mt-accuracy').textContent = panel.frame ? '…' : `${Math.round(100 * accuracy(trainer, testBatch(motif)))} %`;
  drawLogo(find('mt-logo-planted'), reference, `the planted motif, ${motif.name}`);
  drawLogo(find('mt-logo-learned'), aligned(panel), `the filter after ${trainer.steps} steps`);
  drawTraining(find('mt-curves'), trainer.losses, correlations, STEPS);
  find('mt-train-says').textContent = isDone ? `Done: the correlation of the learned filter with the planted matrix is ${shown(match, 2)}.` : '';
}

function testBatch({ counts }) {
  return simulatedBatch(counts, TEST_SIZE, generator(TEST_SEED));
}
