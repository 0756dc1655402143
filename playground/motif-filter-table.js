// The filter as a table of number fields, one for each base and place.

import { BASES } from './motif-dna.js';
import { rounded } from './motif-state.js';

/** Fill the table; fields that have the focus keep what is being typed. `onWeight(place, base, weight)` is told of edits. */
export function showFilterTable(table, filter, onWeight) {
  if (table.rows.length === 0 || table.rows[0].cells.length !== filter.length + 1) build(table, filter.length, onWeight);
  filter.forEach((row, place) => row.forEach((weight, base) => {
    const field = table.rows[base + 1].cells[place + 1].firstChild;
    if (field !== document.activeElement || field.validity.valid) writeInto(field, weight);
  }));
}

/** Outline the cells that meet a 1 of the sequence at the position of the window. */
export function markTable(table, sequence, position) {
  for (const [base, row] of Array.from(table.rows).slice(1).entries()) {
    Array.from(row.cells).slice(1).forEach((cell, place) => cell.classList.toggle('is-met', sequence[position + place] === BASES[base]));
  }
}

function writeInto(field, weight) {
  const text = String(rounded(weight));
  if (Number(field.value) !== Number(text) || field.value === '') field.value = text;
  field.parentElement.classList.toggle('is-low', weight < 0);
  field.parentElement.style.setProperty('--strength', `${Math.min(100, Math.round(Math.abs(weight) * 15))}%`);
}

function build(table, width, onWeight) {
  const head = row('th', ['Base', ...Array.from({ length: width }, (_, place) => String(place + 1))], 'col');
  const rows = Array.from(BASES, (letter, base) => {
    const line = row('th', [letter], 'row');
    line.append(...Array.from({ length: width }, (_, place) => fieldCell(letter, base, place, onWeight)));
    return line;
  });
  table.replaceChildren(wrap('thead', head), wrap('tbody', ...rows));
}

function wrap(name, ...children) {
  const element = document.createElement(name);
  element.append(...children);
  return element;
}

function row(name, texts, scope) {
  return wrap('tr', ...texts.map((text) => Object.assign(wrap(name, text), { scope })));
}

function fieldCell(letter, base, place, onWeight) {
  const field = Object.assign(document.createElement('input'), { type: 'number', step: 'any', min: '-99', max: '99' });
  field.setAttribute('aria-label', `Weight of ${letter} at place ${place + 1}, in bits`);
  field.addEventListener('change', () => {
    if (field.value !== '' && field.validity.valid) onWeight(place, base, rounded(Number(field.value)));
  });
  return wrap('td', field);
}
