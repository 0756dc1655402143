// How a gradient changes the weights. Each function takes the sum of the gradients of a batch, and empties it.

export const MOMENTUM = 0.9;
export const BETAS = [0.9, 0.999];
export const EPSILON = 1e-8;

function sgd(net, { rate }) {
  const { params, gradient } = net;
  return (count) => {
    const scale = rate / count;
    for (let i = 0; i < params.length; i++) {
      params[i] -= scale * gradient[i];
      gradient[i] = 0;
    }
  };
}

// The velocity keeps nine tenths of itself, as in torch.optim.SGD(momentum=0.9).
function momentum(net, { rate }) {
  const { params, gradient } = net;
  const velocity = new Float64Array(params.length);
  return (count) => {
    for (let i = 0; i < params.length; i++) {
      velocity[i] = MOMENTUM * velocity[i] + gradient[i] / count;
      params[i] -= rate * velocity[i];
      gradient[i] = 0;
    }
  };
}

// Kingma and Ba (2015), with the usual constants, as in torch.optim.Adam.
function adam(net, { rate }) {
  const { params, gradient } = net;
  const [mean, square] = [new Float64Array(params.length), new Float64Array(params.length)];
  let steps = 0;
  return (count) => {
    steps += 1;
    const [c1, c2] = BETAS.map((beta) => 1 - beta ** steps);
    for (let i = 0; i < params.length; i++) {
      const g = gradient[i] / count;
      mean[i] = BETAS[0] * mean[i] + (1 - BETAS[0]) * g;
      square[i] = BETAS[1] * square[i] + (1 - BETAS[1]) * g * g;
      params[i] -= (rate / c1) * mean[i] / (Math.sqrt(square[i] / c2) + EPSILON);
      gradient[i] = 0;
    }
  };
}

export const OPTIMIZERS = { sgd, momentum, adam };

// The penalty acts on weights alone, after the step by the data. Under L1 a weight that would cross zero stops there and
// stays. Returns null where there is none.
export function penalty(net, { kind, rate, strength }) {
  const { params, isWeight } = net;
  const shrink = rate * strength;
  if (kind === 'none' || shrink === 0) return null;
  if (kind === 'L2') {
    return () => {
      for (let i = 0; i < params.length; i++) if (isWeight[i]) params[i] -= shrink * params[i];
    };
  }
  const dead = new Uint8Array(params.length);
  return () => {
    for (let i = 0; i < params.length; i++) {
      if (!isWeight[i]) continue;
      const moved = params[i] - shrink * Math.sign(params[i]);
      if (dead[i] || params[i] * moved < 0) {
        dead[i] = 1;
        params[i] = 0;
      } else {
        params[i] = moved;
      }
    }
  };
}
