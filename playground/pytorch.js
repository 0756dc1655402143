// The PyTorch of what is on the screen, and the file with data and initial weights that it reads.
import { chosenFeatures } from './features.js';
import { Trainer } from './trainer.js';

const OPTIMIZER = {
  sgd: (rate) => `torch.optim.SGD(model.parameters(), lr=${rate})`,
  momentum: (rate) => `torch.optim.SGD(model.parameters(), lr=${rate}, momentum=0.9)`,
  adam: (rate) => `torch.optim.Adam(model.parameters(), lr=${rate})`,
};

export const RUN_FILE = 'playground-run.json';

// Python writes small numbers with at least two digits in the exponent; both read the same.
const python = (value) => String(value);

function penaltyLines({ regularization, regularizationRate, learningRate }) {
  if (regularization === 'none' || regularizationRate === 0) return { before: [], inside: [] };
  const shrink = `${python(learningRate)} * ${python(regularizationRate)}`;
  if (regularization === 'L2') {
    return { before: [], inside: [
      '        with torch.no_grad():  # the L2 penalty, on weights and not on biases',
      '            for layer in model.layers:',
      `                layer.weight -= ${shrink} * layer.weight`,
    ] };
  }
  return {
    before: ['gone = [torch.zeros_like(layer.weight, dtype=torch.bool) for layer in model.layers]'],
    inside: [
      '        with torch.no_grad():  # the L1 penalty: a weight that would cross zero stops there and stays',
      '            for layer, stays in zip(model.layers, gone, strict=True):',
      `                moved = layer.weight - ${shrink} * layer.weight.sign()`,
      '                stays |= layer.weight * moved < 0',
      '                layer.weight.copy_(torch.where(stays, 0.0, moved))',
    ],
  };
}

// Return the code that trains the network of `state` for so many epochs.
export function pytorch(state, epochs, trainRows) {
  const inputs = chosenFeatures(state);
  const widths = state.networkShape.join(', ');
  const output = state.problem === 'classification' ? 'torch.tanh(model(X))  # the labels are -1 and 1' : 'model(X)';
  const penalty = penaltyLines(state);
  const batch = Math.min(state.batchSize, trainRows);
  return [
    'import json',
    'from pathlib import Path',
    '',
    'import torch',
    '',
    'from course_lib.mlp import MLP',
    '',
    `# ${RUN_FILE} holds the data and the initial weights of this run.`,
    `# The columns of X are ${inputs.map((f) => f.python).join(', ')}.`,
    `run = json.loads(Path("${RUN_FILE}").read_text())`,
    'X, y, X_test, y_test = (torch.tensor(run[name], dtype=torch.float64) for name in ("X", "y", "X_test", "y_test"))',
    '',
    `model = MLP(${inputs.length}, [${widths}], 1, activation="${state.activation}").double()`,
    'model.load_state_dict({name: torch.tensor(values, dtype=torch.float64) for name, values in run["weights"].items()})',
    `optimizer = ${OPTIMIZER[state.optimizer](python(state.learningRate))}`,
    ...penalty.before,
    '',
    '',
    'def predict(X):',
    `    return ${output}`,
    '',
    '',
    'def loss_fn(y_hat, y):',
    '    return ((y_hat - y) ** 2).mean() / 2',
    '',
    '',
    'losses, start = [], 0',
    `for epoch in range(${epochs}):`,
    '    while True:',
    `        rows = (start + torch.arange(${batch})) % len(y)  # the same order in every epoch`,
    '        loss = loss_fn(predict(X[rows]), y[rows])',
    '        optimizer.zero_grad()',
    '        loss.backward()',
    '        optimizer.step()',
    ...penalty.inside,
    `        start += ${batch}`,
    '        if start >= len(y):',
    '            start -= len(y)',
    '            break',
    '    with torch.no_grad():',
    '        losses.append((loss_fn(predict(X), y).item(), loss_fn(predict(X_test), y_test).item()))',
    'print(f"{len(losses)} epochs: training loss {losses[-1][0]:.6f}, test loss {losses[-1][1]:.6f}")',
    '',
  ].join('\n');
}

// Return what the code reads: a fresh run of these settings, before its first step.
export function runFile(state, own = null) {
  const { train, test, net } = new Trainer(state, { own });
  return { X: rowsOf(train), y: [...train.y], X_test: rowsOf(test), y_test: [...test.y], weights: weightsOf(net) };
}

function rowsOf({ X, n }) {
  const width = X.length / n;
  return Array.from({ length: n }, (_, row) => [...X.subarray(row * width, (row + 1) * width)]);
}

// The weights under the names that course_lib.mlp.MLP gives them: fc1.weight, fc1.bias and so on.
export function weightsOf({ layers, params }) {
  return Object.fromEntries(layers.flatMap(({ inputs, outputs, weights, biases }, l) => [
    [`fc${l + 1}.weight`, Array.from({ length: outputs }, (_, j) => [...params.subarray(weights + j * inputs, weights + (j + 1) * inputs)])],
    [`fc${l + 1}.bias`, [...params.subarray(biases, biases + outputs)]],
  ]));
}
