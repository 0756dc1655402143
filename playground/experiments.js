// Guided experiments: each sets the playground up, asks for a prediction, trains, and tells what happened. The tests run each
// over many seeds.
import { curve } from './pictures.js';

const percent = (share) => `${(100 * share).toFixed(0)} %`;
const short = (value) => String(Number(value.toPrecision(2)));
const zeros = ({ net }) => net.params.reduce((sum, w, i) => sum + Number(net.isWeight[i] && w === 0), 0);
const weights = ({ net }) => net.isWeight.reduce((sum, is) => sum + is, 0);

// `expected` is the choice that comes true; `outcome` finds the one that did, from what was seen of the network (and of the
// second one): { trainLoss, testLoss, scores, ended, net, features }.
export const EXPERIMENTS = [
  {
    id: 'fit-a-line',
    title: 'One linear neuron on linear data',
    setting: 'The labels are (x + y) / 10. The network is one neuron without a bend: a weighted sum of x and y.',
    address: 'problem=regression&regDataset=reg-plane&activation=linear&networkShape=1',
    epochs: 100,
    question: 'What is the test loss after 100 epochs?',
    choices: ['Close to 0: under 0.0001', 'About half of what it was', 'As large as before'],
    expected: 0,
    outcome: ({ first }) => (first.testLoss < 1e-4 ? 0 : first.testLoss > 0.04 ? 2 : 1),
    seen: ({ first }) => `The test loss is ${short(first.testLoss)}. The data are a plane, and so is what the network can draw.`,
  },
  {
    id: 'line-on-cubic',
    title: 'One linear neuron on cubic data',
    setting: 'The labels are x³ / 6. The network is still one neuron without a bend.',
    address: 'problem=regression&regDataset=reg-cubic&activation=linear&networkShape=1&learningRate=0.003&y=false&view=line',
    epochs: 100,
    question: 'Which line does it find?',
    choices: ['A flat one', 'A rising one, which misses the curve', 'One that follows the curve'],
    expected: 1,
    outcome: ({ first }) => (first.scores[1] > 0.95 ? 2 : slope(first) > 1 ? 1 : 0),
    seen: ({ first }) => `It rises by ${short(slope(first))} for each unit of x, and R² in the test set is ${short(first.scores[1])}. The best line has the wrong shape; it is not flat.`,
  },
  {
    id: 'deep-linear',
    title: 'Many layers without a bend',
    setting: 'Three hidden layers of four neurons each, with the linear activation, on the circle.',
    address: 'activation=linear&networkShape=4,4,4',
    epochs: 100,
    question: 'Does depth help to separate the circle?',
    choices: ['Yes, nearly all points are right', 'No, the border stays a straight line'],
    expected: 1,
    outcome: ({ first }) => (first.scores[1] > 0.85 ? 0 : 1),
    seen: ({ first }) => `${percent(first.scores[1])} of the test points are right. A linear function of a linear function is linear.`,
  },
  {
    id: 'two-bends',
    title: 'Two ReLU neurons, two bends',
    setting: 'Two ReLU neurons, given x alone, on cubic data. The dotted lines mark where a neuron starts or stops being active.',
    address: 'problem=regression&regDataset=reg-cubic&activation=relu&networkShape=2&learningRate=0.003&y=false&view=line',
    epochs: 200,
    question: 'How many bends can the curve have?',
    choices: ['At most two', 'As many as training finds useful'],
    expected: 0,
    outcome: ({ first }) => (curve(first.net, first.features).bends.length <= 2 ? 0 : 1),
    seen: ({ first }) => `The curve has ${curve(first.net, first.features).bends.length} within the picture. Each ReLU neuron bends it in one place.`,
  },
  {
    id: 'more-bends',
    title: 'Two neurons against sixteen',
    setting: 'Cubic data again. The first network has two ReLU neurons, the second sixteen.',
    address: 'problem=regression&regDataset=reg-cubic&activation=relu&networkShape=2&learningRate=0.003&y=false&view=line&init=he&compare=networkShape:16',
    epochs: 200,
    question: 'Which has the smaller test loss?',
    choices: ['Two neurons', 'Sixteen neurons', 'They are equal'],
    expected: 1,
    outcome: ({ first, second }) => compare(first.testLoss, second.testLoss),
    seen: ({ first, second }) => `Two neurons: ${short(first.testLoss)}; sixteen: ${short(second.testLoss)}.`,
  },
  {
    id: 'rate-too-large',
    title: 'A learning rate that is too large',
    setting: 'Linear activation on cubic data, whose labels reach from −36 to 36, with a learning rate of 1.',
    address: 'problem=regression&regDataset=reg-cubic&activation=linear&networkShape=1&learningRate=1',
    epochs: 50,
    question: 'What does the loss do?',
    choices: ['It falls faster than with a small rate', 'It falls slowly', 'It grows beyond all numbers'],
    expected: 2,
    outcome: ({ first }) => (first.ended?.reason === 'diverged' ? 2 : first.testLoss < 20 ? 0 : 1),
    seen: ({ first }) => (first.ended?.reason === 'diverged' ? `Training diverged in epoch ${first.ended.epoch + 1}. Each step overshoots by more than the one before.` : `The loss is ${short(first.testLoss)}.`),
  },
  {
    id: 'zero-start',
    title: 'All weights start at zero',
    setting: 'Exclusive or, with tanh and all weights and biases at 0.',
    address: 'dataset=xor&initZero=true&learningRate=0.1',
    epochs: 200,
    question: 'Does it learn?',
    choices: ['Yes, only later', 'No: at zero, no weight has a gradient'],
    expected: 1,
    outcome: ({ first }) => (first.trainLoss < 0.4 ? 0 : 1),
    seen: ({ first }) => `The training loss is ${short(first.trainLoss)}, and ${zeros(first)} of ${weights(first)} weights are still exactly 0. Only the bias of the output has moved.`,
  },
  {
    id: 'right-feature',
    title: 'The right input instead of a hidden layer',
    setting: 'Exclusive or, no hidden layer; the network is given x, y and their product xy.',
    address: 'dataset=xor&networkShape=&xTimesY=true',
    epochs: 100,
    question: 'How many test points are right?',
    choices: ['About half: it needs a hidden layer', 'Nearly all'],
    expected: 1,
    outcome: ({ first }) => (first.scores[1] > 0.93 ? 1 : 0),
    seen: ({ first }) => `${percent(first.scores[1])} are right. The label is the sign of xy, so one weight is enough.`,
  },
  {
    id: 'overfitting',
    title: 'Few noisy points, many weights',
    setting: 'Two noisy clusters, 50 points to train on, two layers of sixteen ReLU neurons, Adam.',
    address: 'dataset=gauss&noise=50&percTrainData=10&networkShape=16,16&activation=relu&optimizer=adam&learningRate=0.01&init=he&showTestData=true',
    epochs: 800,
    question: 'How do training and test loss end up?',
    choices: ['About equal', 'The training loss is far smaller: under two thirds of it'],
    expected: 1,
    outcome: ({ first }) => (first.trainLoss < (2 / 3) * first.testLoss ? 1 : 0),
    seen: ({ first }) => `Training ${short(first.trainLoss)}, test ${short(first.testLoss)}. The network has learned its points, noise included.`,
  },
  {
    id: 'sparse',
    title: 'What an L1 penalty does to weights',
    setting: 'Two clusters with all nine inputs, no hidden layer. The first network has no penalty, the second L1 at 0.1.',
    address: 'dataset=gauss&networkShape=&xSquared=true&ySquared=true&xTimesY=true&sinX=true&sinY=true&cosX=true&cosY=true&compare=regularization:L1;regularizationRate:0.1',
    epochs: 200,
    question: 'How many of the nine weights of the second network are exactly 0?',
    choices: ['None: they are only smaller', 'At least four'],
    expected: 1,
    outcome: ({ second }) => (zeros(second) >= 4 ? 1 : 0),
    seen: ({ first, second }) => `${zeros(second)} of ${weights(second)}; without the penalty ${zeros(first)}.`,
  },
  {
    id: 'vanishing',
    title: 'Five sigmoid layers',
    setting: 'Five hidden layers of six neurons on the circle. The first network uses sigmoid, the second tanh.',
    address: 'activation=sigmoid&networkShape=6,6,6,6,6&gradientFlow=true&compare=activation:tanh',
    epochs: 200,
    question: 'Which one learns?',
    choices: ['Both', 'Tanh alone', 'Sigmoid alone'],
    expected: 1,
    outcome: ({ first, second }) => (first.scores[0] > 0.8 ? (second.scores[0] > 0.8 ? 0 : 2) : 1),
    seen: ({ first, second }) => `Training accuracy: sigmoid ${percent(first.scores[0])}, tanh ${percent(second.scores[0])}. The slope of the sigmoid is at most 1/4, so little of the gradient reaches the first layers.`,
  },
  {
    id: 'adam',
    title: 'Plain SGD against Adam on the spiral',
    setting: 'Two layers of eight tanh neurons on the spiral, learning rate 0.01.',
    address: 'dataset=spiral&networkShape=8,8&learningRate=0.01&init=glorot&compare=optimizer:adam',
    epochs: 300,
    question: 'Which has the smaller training loss after 300 epochs?',
    choices: ['SGD', 'Adam', 'They are equal'],
    expected: 1,
    outcome: ({ first, second }) => compare(first.trainLoss, second.trainLoss),
    seen: ({ first, second }) => `SGD ${short(first.trainLoss)}, Adam ${short(second.trainLoss)}. Adam scales each step by how large the gradients of that weight have been.`,
  },
];

const compare = (first, second) => (Math.abs(first - second) < 1e-9 ? 2 : first < second ? 0 : 1);

// How much the output rises for one unit of x, on average over the picture.
function slope({ net, features }) {
  const { xs, ys } = curve(net, features);
  return (ys.at(-1) - ys[0]) / (xs.at(-1) - xs[0]);
}

// What an experiment looks at, from a snapshot.
export const observed = (snapshot, losses, net, features) => ({
  trainLoss: losses.train.at(-1), testLoss: losses.test.at(-1), scores: snapshot.scores, ended: snapshot.ended, net, features,
});
