// The page "What you have done": shows what this browser remembers, saves it as text, clears it after a question.
import { clear, marks, onChange, remembers } from './progress-store.js';

const SAID = { right: 'answered', tried: 'tried', done: 'done' };
const FINISHED = ['right', 'done'];
const lessons = [...document.querySelectorAll('.progress-lesson')];
const dialog = document.querySelector('.progress-dialog');
const status = document.querySelector('.progress-status');

function show() {
  const known = marks();
  let [done, all] = [0, 0];
  for (const lesson of lessons) {
    const places = [...lesson.querySelectorAll('.progress-mark')];
    places.forEach((place) => showMark(place, known[place.dataset.item]));
    const finished = places.filter((place) => FINISHED.includes(known[place.dataset.item])).length;
    fill(lesson.querySelector('.progress-line'), finished, places.length);
    done += finished;
    all += places.length;
  }
  fill(document.querySelector('.progress-total'), done, all, 'In all: ');
}

function showMark(place, mark) {
  place.textContent = SAID[mark] ?? 'not yet';
  place.dataset.mark = mark in SAID ? mark : '';
}

function fill(line, done, all, lead = '') {
  line.querySelector('progress').max = Math.max(all, 1);
  line.querySelector('progress').value = done;
  line.querySelector('.progress-text').textContent = `${lead}${done} of ${all} done`;
}

function asText() {
  const lines = [document.title, new Date().toISOString().slice(0, 10)];
  for (const lesson of lessons) {
    const heading = lesson.querySelector('h2').firstChild.textContent.trim();
    lines.push('', `${heading}: ${lesson.querySelector('.progress-text').textContent}`);
    for (const row of lesson.querySelectorAll('li')) {
      lines.push(`  ${row.querySelector('.progress-mark').textContent.padEnd(9)} ${row.querySelector('a').textContent}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function save() {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([asText()], { type: 'text/plain' }));
  link.download = 'what-you-have-done.txt';
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  status.textContent = 'Saved as what-you-have-done.txt.';
}

function wipe() {
  clear();
  dialog.close();
  show();
  status.textContent = 'Cleared. This browser remembers nothing of what you have done.';
}

document.querySelector('.progress-export').addEventListener('click', save);
document.querySelector('.progress-clear').addEventListener('click', () => dialog.showModal());
document.querySelector('.progress-keep').addEventListener('click', () => dialog.close());
document.querySelector('.progress-confirm').addEventListener('click', wipe);
if (!remembers()) status.textContent = 'This browser does not let pages remember anything, so nothing is kept.';
onChange(show);
addEventListener('pageshow', show);
show();
