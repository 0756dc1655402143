// The picture of the home page, computed: a filter slides along one-hot encoded DNA and answers where its motif stands.
const BASES = 'ACGT';
const MOTIF = 'CACGTG'; // the E-box
const LENGTH = 36;
const PLACE = 21; // where the motif is planted
const STEP = 18; // width of a base in the drawing
const TOP = { letters: 18, grid: 32, response: 128 };
const HEIGHT = 84; // of the response

// Random numbers from a seed (mulberry32).
function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export function makeSequence(seed) {
  const random = generator(seed);
  const bases = Array.from({ length: LENGTH }, () => BASES[Math.floor(random() * 4)]);
  bases.splice(PLACE, MOTIF.length, ...MOTIF);
  return bases.join('');
}

export const oneHot = (sequence) => [...sequence].map((base) => [...BASES].map((b) => Number(b === base)));

// The filter: 1 for the motif's base, -1/3 for each other base, so that its mean answer to random DNA is zero.
const weights = oneHot(MOTIF).map((row) => row.map((x) => (x ? 1 : -1 / 3)));

// Convolution as deep learning means it: the sum of products in each window.
export function convolve(input, filter) {
  return Array.from({ length: input.length - filter.length + 1 }, (_, start) =>
    filter.reduce((sum, row, i) => sum + row.reduce((s, w, j) => s + w * input[start + i][j], 0), 0));
}

const x = (position) => position * STEP;
const y = (score) => TOP.response + HEIGHT * (1 - (score + 2) / (MOTIF.length + 2));
const middle = (start) => x(start + MOTIF.length / 2);

function grid(sequence) {
  return oneHot(sequence).flatMap((row, i) => row.map((on, j) =>
    `<rect class="bit${on ? ` nt-${BASES[j].toLowerCase()}` : ''}" rx="2.5"
      x="${x(i) + 1.5}" y="${TOP.grid + j * STEP + 1.5}" width="${STEP - 3}" height="${STEP - 3}"/>`)).join('');
}

function letters(sequence) {
  return [...sequence].map((base, i) =>
    `<text class="base nt-${base.toLowerCase()}" x="${x(i + 0.5)}" y="${TOP.letters}">${base}</text>`).join('');
}

const line = (scores, first, last, name) =>
  `<polyline class="response ${name}" points="${scores.slice(first, last + 1)
    .map((score, i) => `${middle(first + i)},${y(score)}`).join(' ')}"/>`;

function draw(svg, sequence, scores) {
  svg.setAttribute('viewBox', `0 0 ${x(LENGTH)} ${TOP.response + HEIGHT + 8}`);
  svg.innerHTML = `${letters(sequence)}${grid(sequence)}
    <line class="zero" x1="0" x2="${x(LENGTH)}" y1="${y(0)}" y2="${y(0)}"/>
    ${line(scores, 0, scores.length - 1, 'ahead')}<g class="moving"></g>`;
}

function place(svg, scores, start) {
  const left = x(start);
  svg.querySelector('.moving').innerHTML = `
    <rect class="window" rx="5" x="${left - 1}" y="${TOP.grid - 28}" width="${MOTIF.length * STEP + 2}"
      height="${4 * STEP + 32}"/>
    ${line(scores, 0, start, '')}
    <circle class="dot" r="6" cx="${middle(start)}" cy="${y(scores[start])}"/>`;
}

function describe(sequence, scores, start) {
  const window = sequence.slice(start, start + MOTIF.length);
  const matches = [...window].filter((base, i) => base === MOTIF[i]).length;
  return `Position ${start + 1}: ${window} matches ${MOTIF} in ${matches} of ${MOTIF.length} bases, response ${
    scores[start].toFixed(2)}`;
}

export function setUpScanPicture(figure) {
  const svg = figure.querySelector('svg');
  const slider = figure.querySelector('input');
  const text = figure.querySelector('[data-says]');
  const sequence = makeSequence(7);
  const scores = convolve(oneHot(sequence), weights);
  const show = (start) => {
    slider.value = start;
    place(svg, scores, start);
    text.textContent = describe(sequence, scores, start);
    slider.setAttribute('aria-valuetext', text.textContent);
  };
  draw(svg, sequence, scores);
  slider.max = scores.length - 1;
  const stop = animate(show, scores.length);
  slider.addEventListener('input', () => {
    stop();
    show(Number(slider.value));
  });
  figure.hidden = false;
}

// Moves the filter once from the start to the motif; a reader who wants no motion sees the end at once.
function animate(show) {
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) {
    show(PLACE);
    return () => {};
  }
  let start = 0;
  show(start);
  const timer = setInterval(() => {
    start += 1;
    show(start);
    if (start >= PLACE) clearInterval(timer);
  }, 110);
  return () => clearInterval(timer);
}

for (const figure of document.querySelectorAll('.scan-picture')) setUpScanPicture(figure);
