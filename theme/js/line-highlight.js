// Highlights lines of code: on a page all of them at once, in a deck step by step.
// data-code-line-numbers="2|4-6" is two steps, the second a fragment.
const linesOf = (block) => block.dataset.codeLineNumbers.split('|').map(parseLines);

export function highlightLines(root = document) {
  for (const block of root.querySelectorAll('[data-code-line-numbers]')) {
    show(block, block.querySelector('code'), new Set(linesOf(block).flatMap((lines) => [...lines])));
  }
}

export function prepareHighlights(root = document) {
  for (const block of root.querySelectorAll('[data-code-line-numbers]')) {
    const steps = linesOf(block);
    if (steps.every((lines) => lines.size === 0)) continue;
    const code = block.querySelector('code');
    show(block, code, steps[0]);
    steps.slice(1).forEach((lines) => addStep(block, code, lines));
  }
}

// "1,3-5" as the set {1, 3, 4, 5}; "" or "all" as the empty set, which highlights everything.
export function parseLines(text) {
  const lines = new Set();
  for (const part of text.split(',').map((piece) => piece.trim())) {
    const match = /^(\d+)(?:-(\d+))?$/.exec(part);
    if (!match) continue;
    for (let line = Number(match[1]); line <= Number(match[2] ?? match[1]); line += 1) lines.add(line);
  }
  return lines;
}

function show(block, code, chosen) {
  block.classList.toggle('has-line-highlights', chosen.size > 0);
  [...code.children].forEach((line, place) => line.classList.toggle('highlight-line', chosen.has(place + 1)));
}

// A later step is a copy of the code that lies over the first one and fades in as a fragment.
function addStep(block, code, lines) {
  const copy = code.cloneNode(true);
  copy.classList.add('fragment', 'highlight-step');
  copy.setAttribute('aria-hidden', 'true');
  copy.querySelectorAll('[id]').forEach((element) => element.removeAttribute('id'));
  [...copy.children].forEach((line, place) => line.classList.toggle('highlight-line', lines.has(place + 1)));
  code.parentElement.append(copy);
  block.classList.add('has-highlight-steps');
}
