// The guided experiments on the page: choose, predict, train, see.
import { byId, option } from './controls.js';
import { EXPERIMENTS, observed } from './experiments.js';

export class Guided {
  // `on.open(experiment)` sets the page to it, `on.run(experiment)` trains.
  constructor(on) {
    Object.assign(this, { on, current: null, isRunning: false });
    byId('experiment').append(...EXPERIMENTS.map(({ id, title }) => option(id, title)));
    byId('experiment').addEventListener('change', ({ target }) => on.open(EXPERIMENTS.find(({ id }) => id === target.value) ?? null));
    byId('try').addEventListener('click', () => this.begin());
  }

  show(id) {
    const experiment = EXPERIMENTS.find((candidate) => candidate.id === id) ?? null;
    byId('experiment').value = experiment?.id ?? '';
    byId('task').hidden = !experiment;
    if (experiment === this.current) return;
    this.current = experiment;
    this.isRunning = false;
    if (!experiment) return;
    byId('setting').textContent = experiment.setting;
    byId('question').textContent = experiment.question;
    byId('choices').replaceChildren(byId('question'), ...experiment.choices.map(choiceField));
    byId('verdict').replaceChildren();
  }

  begin() {
    if (!this.current) return;
    if (!document.querySelector('[name="pg-choice"]:checked')) {
      byId('verdict').textContent = 'First say what you expect.';
      return;
    }
    byId('verdict').textContent = 'Training …';
    this.isRunning = true;
    this.on.run(this.current);
  }

  // Called after each snapshot; when all runs have ended, say what came true.
  watch(first, second) {
    const hasEnded = (session) => !session || (session.snapshot?.ended && !session.isPlaying);
    if (!this.isRunning || !hasEnded(first) || !hasEnded(second)) return;
    this.isRunning = false;
    const view = (session) => session && observed(session.snapshot, session.losses, session.net, session.features);
    const found = { first: view(first), second: view(second) };
    const choice = this.current.outcome(found);
    const isRight = Number(document.querySelector('[name="pg-choice"]:checked')?.value) === choice;
    byId('verdict').replaceChildren(paragraph(`${isRight ? 'As you expected' : 'Not as you expected'}: ${this.current.choices[choice]}.`, 'pg-verdict-head'),
      paragraph(this.current.seen(found)));
  }
}

function paragraph(text, name = '') {
  return Object.assign(document.createElement('p'), { textContent: text, className: name });
}

function choiceField(text, i) {
  const label = document.createElement('label');
  label.className = 'pg-check';
  const radio = Object.assign(document.createElement('input'), { type: 'radio', name: 'pg-choice', value: String(i) });
  label.append(radio, Object.assign(document.createElement('span'), { textContent: text }));
  return label;
}
