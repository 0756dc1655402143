// The states that can be gone back to.
const MOST = 100;

export class Undo {
  constructor() {
    this.stack = [];
  }

  // Note how things stood before a change. Changes of the same thing in a row, as of a slider, count as one.
  note(entry, about = '', now = Date.now()) {
    const last = this.stack.at(-1);
    const isSame = last && about && last.about === about && now - this.time < 1000;
    this.time = now;
    if (isSame) return;
    this.stack.push({ ...entry, about });
    if (this.stack.length > MOST) this.stack.shift();
  }

  take() {
    return this.stack.pop() ?? null;
  }

  get isEmpty() {
    return this.stack.length === 0;
  }
}
