// Moves the window by itself, a place at a time; slowly where the reader wants less motion.

const [PAUSE, CALM_PAUSE] = [160, 1000]; // ms a step

/** Make a button start and stop the walk; `move()` takes a step and tells whether there is another. Return `{stop}`. */
export function walk(button, move) {
  let timer = 0;
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    button.textContent = 'Play';
  };
  const start = () => {
    const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    button.textContent = 'Pause';
    timer = setInterval(() => move() || stop(), isCalm ? CALM_PAUSE : PAUSE);
  };
  button.addEventListener('click', () => (timer ? stop() : start()));
  return { stop, isOn: () => timer !== 0 };
}
