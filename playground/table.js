// The weights and biases of one layer as a table, for those who read it rather than see it.
import { neuronName } from './graph.js';
import { tidy } from './frame.js';

const cell = (tag, text, scope) => {
  const made = document.createElement(tag);
  made.textContent = text;
  if (scope) made.scope = scope;
  return made;
};

const row = (...cells) => {
  const made = document.createElement('tr');
  made.append(...cells);
  return made;
};

export function writeTable(table, net, layer, sourceName) {
  const { inputs, outputs, weights, biases } = net.layers[layer];
  const names = Array.from({ length: inputs }, (_, i) => cell('th', `from ${sourceName(layer, i)}`, 'col'));
  const head = document.createElement('thead');
  head.append(row(cell('th', 'Neuron', 'col'), cell('th', 'Bias', 'col'), ...names));
  const body = document.createElement('tbody');
  for (let j = 0; j < outputs; j++) {
    const values = Array.from({ length: inputs }, (_, i) => cell('td', tidy(net.params[weights + j * inputs + i])));
    body.append(row(cell('th', neuronName(layer, j, net.layers.length), 'row'), cell('td', tidy(net.params[biases + j])), ...values));
  }
  const caption = document.createElement('caption');
  caption.textContent = `${layer === net.layers.length - 1 ? 'Output' : `Layer ${layer + 1}`}: its biases, and the weights of what comes in`;
  table.replaceChildren(caption, head, body);
}
