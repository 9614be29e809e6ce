/* The optimizers of the course, in PyTorch's formulas and order, with PyTorch's defaults.

   Each maker takes the number of weights and returns `(weights, gradients, learningRate) => void`, which
   changes the weights in place and keeps what it remembers to itself. */

const MAKERS = {
  sgd: () => (weights, gradients, learningRate) => {
    for (let i = 0; i < weights.length; i++) weights[i] -= learningRate * gradients[i];
  },

  momentum(size, momentum = 0.9) {
    const velocity = new Float32Array(size);
    return (weights, gradients, learningRate) => {
      for (let i = 0; i < size; i++) {
        velocity[i] = momentum * velocity[i] + gradients[i];
        weights[i] -= learningRate * velocity[i];
      }
    };
  },

  rmsprop(size, smoothing = 0.99, epsilon = 1e-8) {
    const squares = new Float32Array(size);
    return (weights, gradients, learningRate) => {
      for (let i = 0; i < size; i++) {
        const gradient = gradients[i];
        squares[i] = smoothing * squares[i] + (1 - smoothing) * gradient * gradient;
        weights[i] -= (learningRate * gradient) / (Math.sqrt(squares[i]) + epsilon);
      }
    };
  },

  adam(size, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8) {
    const means = new Float32Array(size);
    const squares = new Float32Array(size);
    let step = 0;
    return (weights, gradients, learningRate) => {
      step += 1;
      const stepSize = learningRate / (1 - beta1 ** step);
      const correction = Math.sqrt(1 - beta2 ** step);
      for (let i = 0; i < size; i++) {
        const gradient = gradients[i];
        means[i] += (1 - beta1) * (gradient - means[i]);
        squares[i] = beta2 * squares[i] + (1 - beta2) * gradient * gradient;
        weights[i] -= (stepSize * means[i]) / (Math.sqrt(squares[i]) / correction + epsilon);
      }
    };
  },

  adamw(size, decay = 0.01) {
    const adam = MAKERS.adam(size);
    return (weights, gradients, learningRate) => {
      for (let i = 0; i < size; i++) weights[i] *= 1 - learningRate * decay;
      adam(weights, gradients, learningRate);
    };
  },
};

export const OPTIMIZERS = Object.keys(MAKERS);

export function makeOptimizer(name, size) {
  if (!OPTIMIZERS.includes(name)) throw new RangeError(`no optimizer ${name}: ${OPTIMIZERS.join(", ")}`);
  return MAKERS[name](size);
}
