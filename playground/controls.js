// Binds the controls of the page to the settings: an element with data-key="learningRate" shows and changes that setting.
import { KEYS, HIDEABLE } from './state.js';

// Call `change(key, value)` whenever a reader changes a control.
export function bind(root, change) {
  for (const control of root.querySelectorAll('[data-key]')) {
    const event = control.type === 'range' ? 'input' : 'change';
    control.addEventListener(event, () => {
      const value = valueOf(control);
      if (value !== undefined) change(control.dataset.key, value);
    });
  }
}

function valueOf(control) {
  if (control.type === 'checkbox') return control.checked;
  if (control.type === 'radio' && !control.checked) return undefined;
  return KEYS[control.dataset.key].kind.read(control.value);
}

export function show(root, state) {
  for (const control of root.querySelectorAll('[data-key]')) {
    const value = state[control.dataset.key];
    if (control.type === 'checkbox') control.checked = value;
    else if (control.type === 'radio') control.checked = control.value === value;
    else control.value = String(value);
  }
  for (const output of root.querySelectorAll('[data-shows]')) output.textContent = `${state[output.dataset.shows]}${output.dataset.unit}`;
  for (const set of root.querySelectorAll('[data-problem]')) set.hidden = set.dataset.problem !== state.problem;
  for (const name of HIDEABLE) {
    for (const part of root.querySelectorAll(`[data-control="${name}"]`)) part.classList.toggle('pg-hidden', state.hidden.includes(name));
  }
  root.classList.toggle('pg-textless', state.hideText);
}

export const byId = (id) => document.getElementById(`pg-${id}`);

export function option(value, text, isSelected = false) {
  return new Option(text, value, isSelected, isSelected);
}
