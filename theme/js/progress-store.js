// What this browser remembers of what you have done: one text in its own storage, which goes nowhere.
// An item is `source#id`; its mark is "right" or "tried" for a question, "done" for an exercise.
const KEY = 'course-progress';
let here = {}; // where storage is off, the marks live as long as the page

function isMarks(value) {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

export function marks() {
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    return isMarks(stored) ? stored : {};
  } catch (error) {
    return error instanceof SyntaxError ? {} : here;
  }
}

function keep(all) {
  here = all;
  try {
    localStorage.setItem(KEY, JSON.stringify(all));
    return true;
  } catch {
    return false;
  }
}

// A mark of null is taken away.
export function remember(item, mark) {
  const all = marks();
  if (mark === null) delete all[item];
  else all[item] = mark;
  return keep(all);
}

export function clear() {
  here = {};
  try {
    localStorage.removeItem(KEY);
  } catch {
    // storage is off: there was nothing to clear
  }
}

// Tells whether the browser lets this page remember anything.
export function remembers() {
  return keep(marks());
}

export function onChange(act) {
  addEventListener('storage', (event) => { if (event.key === KEY || event.key === null) act(); });
}
