// Trains in a thread of its own, so that drawing never waits for training, nor training for drawing.
import { lossSurface } from './surface.js';
import { Trainer, scores } from './trainer.js';

const SLICE = 8; // milliseconds of work between two looks at the messages
const RATES = { 1: { steps: 1 }, 10: { steps: 10 }, 60: { epochs: 60 }, 600: { epochs: 600 }, max: {} };

let trainer = null;
let run = 0; // the number of the run, so that pictures of an earlier one are known
let speed = 'max';
let isPlaying = false;
let owed = 0; // steps or epochs that the speed allows and that are not done yet
let last = 0;

const wake = new MessageChannel();
wake.port1.onmessage = () => tick();

const ACTIONS = {
  configure: ({ state, own, params, number }) => {
    run = number;
    isPlaying = false;
    trainer = new Trainer(state, { own, params });
  },
  play: (message) => {
    speed = message.speed;
    if (isPlaying || trainer.ended?.final) return;
    trainer.ended = null; // go on after a stop that the reader asked for
    isPlaying = true;
    owed = 0;
    last = performance.now();
    soon();
  },
  speed: (message) => { speed = message.speed; },
  pause: () => { isPlaying = false; },
  step: () => { isPlaying = false; trainer.ended = trainer.ended?.final ? trainer.ended : null; trainer.step(); },
  epoch: () => { isPlaying = false; trainer.ended = trainer.ended?.final ? trainer.ended : null; trainer.runEpoch(); },
  param: ({ index, value }) => trainer.setParam(index, value),
  gradients: ({ isShown }) => { trainer.state.gradientFlow = isShown; },
  stops: ({ stopEpoch, stopLoss }) => Object.assign(trainer.state, { stopEpoch, stopLoss }),
  ask: ({ from }) => report(from),
  surface: () => postMessage({ kind: 'surface', run, ...lossSurface(trainer) }),
};

onmessage = ({ data }) => ACTIONS[data.kind](data);

function report(from) {
  postMessage({ kind: 'snapshot', run, isPlaying, scores: scores(trainer), ...trainer.snapshot(from) });
}

function tick() {
  if (!isPlaying) return;
  const now = performance.now();
  const { steps, epochs } = RATES[speed];
  if (steps || epochs) {
    const rate = steps ?? epochs;
    owed = Math.min(owed + ((now - last) * rate) / 1000, Math.max(1, rate / 10));
  } else owed = Infinity;
  last = now;
  while (owed >= 1 && !trainer.ended && performance.now() - now < SLICE) {
    if (steps) trainer.step();
    else trainer.runEpoch();
    owed -= 1;
  }
  if (trainer.ended) isPlaying = false;
  else soon();
}

// At full speed at once, after waiting messages; else when the next step is due.
function soon() {
  if (speed === 'max') wake.port2.postMessage(null);
  else setTimeout(tick, speed === '600' ? 1 : 8);
}
