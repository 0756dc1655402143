// Keeps the address and the state together; Back and Forward give the state that was.

import { formatState, parseState } from './motif-state.js';

const PAUSE = 250; // ms: a browser complains of addresses that change too often

/** Call `onState(state, notes)` when the reader goes back or forward; return `{first, save}`. */
export function watchAddress(onState) {
  let [timer, waiting] = [0, null];
  const read = () => {
    clearTimeout(timer);
    waiting = null;
    const { state, notes } = parseState(location.hash);
    onState(state, notes);
  };
  const write = () => {
    const { state, isStep } = waiting;
    waiting = null;
    const fragment = formatState(state);
    if (fragment !== location.hash.slice(1)) history[isStep ? 'pushState' : 'replaceState'](null, '', `#${fragment}`);
  };
  const save = (state, isStep) => {
    waiting = { state, isStep: isStep || Boolean(waiting?.isStep) };
    clearTimeout(timer);
    timer = setTimeout(write, PAUSE);
  };
  addEventListener('popstate', read);
  addEventListener('hashchange', read);
  return { first: parseState(location.hash), save };
}
