// Self-check questions: checks an answer, says why, lets you try again. Marks exercises as done. Nothing leaves the browser.
import { marks, remember } from './progress-store.js';

const SAID = { right: 'answered', tried: 'tried' };

function setUp(question) {
  const inputs = [...question.querySelectorAll('input')];
  const check = question.querySelector('.question-check');
  inputs.forEach((input) => { input.checked = false; }); // some browsers fill in what was chosen before a reload
  question.addEventListener('input', () => forget(question));
  check.addEventListener('click', () => judge(question, inputs));
  inputs.filter((input) => input.type === 'text').forEach((input) => {
    input.addEventListener('keydown', (event) => { if (event.key === 'Enter') judge(question, inputs); });
  });
  if (question.closest('.reveal')) setUpSlide(question);
  showRemembered(question);
}

function judge(question, inputs) {
  const verdict = question.dataset.kind === 'number' ? judgeNumber(question, inputs[0]) : judgeChoices(question, inputs);
  forget(question);
  verdict.marked?.forEach(([label, right]) => label.classList.add(right ? 'is-right' : 'is-wrong'));
  const result = question.querySelector('.question-result');
  result.replaceChildren(...verdict.said);
  question.classList.add('has-result');
  if (verdict.right === undefined) return;
  question.classList.add('checked');
  const { item } = question.dataset;
  if (verdict.right || marks()[item] !== 'right') remember(item, verdict.right ? 'right' : 'tried');
  showRemembered(question);
}

function forget(question) {
  question.querySelector('.question-result').replaceChildren();
  question.classList.remove('has-result');
  question.querySelectorAll('.question-choice').forEach((label) => label.classList.remove('is-right', 'is-wrong'));
}

function showRemembered(question) {
  const said = SAID[marks()[question.dataset.item]];
  question.querySelector('.question-remembered').textContent = said ? ` (${said})` : '';
}

// -- choices ------------------------------------------------------------------------------------------------------

function judgeChoices(question, inputs) {
  const answers = [...question.querySelectorAll('.question-answer ol > li')];
  const isRight = (place) => answers[place].classList.contains('question-right');
  const chosen = inputs.map((input, place) => (input.checked ? place : -1)).filter((place) => place >= 0);
  if (!chosen.length) return { said: [paragraph('Choose an answer first.')] };
  const missing = answers.filter((answer, place) => isRight(place) && !inputs[place].checked).length;
  const right = missing === 0 && chosen.every(isRight);
  return {
    right,
    said: [...summary(question, right, chosen.filter(isRight).length, chosen.length, missing),
      ...chosen.map((place) => box(isRight(place), place + 1, answers[place].childNodes))],
    marked: chosen.map((place) => [inputs[place].closest('.question-choice'), isRight(place)]),
  };
}

function summary(question, right, found, chosen, missing) {
  if (question.dataset.kind === 'single') return [];
  if (right) return [paragraph('All right, and none is missing.')];
  const lacking = missing ? ` Right answers not chosen: ${missing}.` : '';
  return [paragraph(`Not yet. Right among your choices: ${found} of ${chosen}.${lacking} Try again.`)];
}

// -- numbers ------------------------------------------------------------------------------------------------------

function toNumber(written) {
  const plain = written.trim().replace('−', '-').replace(/,(?=\d{3}(\D|$))/g, '').replace(/^([-+]?\d*),(\d+)$/, '$1.$2');
  return plain === '' ? NaN : Number(plain);
}

// The tolerance, and what the computer's own rounding may add to it.
function fits(given, data) {
  const value = Number(data.number);
  return Math.abs(given - value) <= Number(data.tolerance) + 1e-9 * Math.max(1, Math.abs(value));
}

function judgeNumber(question, input) {
  const given = toNumber(input.value);
  input.setAttribute('aria-invalid', String(!Number.isFinite(given)));
  if (!Number.isFinite(given)) return { said: [paragraph('Type a number first, such as 12 or 0.5.')] };
  if (fits(given, question.dataset)) {
    return { right: true, said: [box(true, '', [bold('Right. '), ...question.querySelector('.question-why').childNodes])] };
  }
  const known = [...question.querySelectorAll('.question-answer li[data-number]')].find((li) => fits(given, li.dataset));
  const side = given < Number(question.dataset.number) ? 'larger' : 'smaller';
  const why = known ? known.childNodes : [document.createTextNode(`The number is ${side}. Try again.`)];
  return { right: false, said: [box(false, '', [bold('Wrong. '), ...why])] };
}

// -- what is said -------------------------------------------------------------------------------------------------

function paragraph(words) {
  const p = document.createElement('p');
  p.textContent = words;
  return p;
}

function bold(words) {
  const strong = document.createElement('strong');
  strong.textContent = words;
  return strong;
}

// The sign and the first word say what the color says too.
function box(right, number, nodes) {
  const holder = document.createElement('div');
  holder.className = `question-feedback ${right ? 'is-right' : 'is-wrong'}`;
  if (number) {
    const tag = document.createElement('span');
    tag.className = 'question-number';
    tag.textContent = number;
    holder.append(tag);
  }
  const words = document.createElement('div');
  words.append(...[...nodes].map((node) => node.cloneNode(true)));
  holder.append(words);
  return holder;
}

// -- slides -------------------------------------------------------------------------------------------------------

// A key pressed in a question is the question's; after a click the keys are the deck's again, so the next key goes on.
function setUpSlide(question) {
  question.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') return document.activeElement.blur();
    if (event.target.matches('input') || [' ', 'Enter'].includes(event.key)) event.stopPropagation();
  });
  let pointed = false;
  question.addEventListener('pointerdown', () => { pointed = true; });
  question.addEventListener('keydown', () => { pointed = false; }, true);
  question.addEventListener('click', (event) => {
    if (pointed && !event.target.closest('.question-field')) document.activeElement?.blur();
  });
  const answer = question.querySelector('.question-shown');
  window.Reveal?.on('fragmentshown', () => { if (answer.classList.contains('visible')) forget(question); });
}

// -- exercises ----------------------------------------------------------------------------------------------------

function setUpExercise(box) {
  box.checked = marks()[box.dataset.item] === 'done';
  box.addEventListener('change', () => remember(box.dataset.item, box.checked ? 'done' : null));
}

document.querySelectorAll('.question').forEach(setUp);
document.querySelectorAll('.exercise-mark input').forEach(setUpExercise);
