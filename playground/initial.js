// The weights that a network starts from.
import { generator, uniform } from './random.js';

// Half the width of the uniform distribution, for a layer of so many inputs and outputs.
export const LIMITS = {
  uniform: () => 0.5,
  small: () => 0.01,
  zero: () => 0,
  he: (inputs) => Math.sqrt(6 / inputs), // variance 2 / inputs
  glorot: (inputs, outputs) => Math.sqrt(6 / (inputs + outputs)), // variance 2 / (inputs + outputs)
};
const BIAS = { uniform: 0.1, small: 0, zero: 0, he: 0, glorot: 0 };

export function initialize(net, scheme, seed) {
  const random = generator(`${seed}/weights`);
  for (const { inputs, outputs, weights, biases } of net.layers) {
    const limit = LIMITS[scheme](inputs, outputs);
    for (let i = weights; i < biases; i++) net.params[i] = uniform(random, -limit, limit);
    net.params.fill(BIAS[scheme], biases, biases + outputs);
  }
}
