/* A layer of linear units, forwards and backwards. Inputs [n x inputs], weight [units x inputs], outputs
   [n x units]; gradients are shaped like what they belong to. Five units or rows at a time, so that a
   number is read once for five products; the layers of the course have 50 and 10 units. */

const GROUP = 5;

export function linear(inputs, weight, bias, outputs) {
  const units = bias.length;
  const count = weight.length / units;
  const n = outputs.length / units;
  for (let unit = 0; unit < units; unit += GROUP) {
    const w = rows(weight, unit, count);
    for (let i = 0; i < n; i++) {
      const own = inputs.subarray(i * count, (i + 1) * count);
      let [a, b, c, d, e] = bias.subarray(unit, unit + GROUP);
      for (let k = 0; k < count; k++) {
        const input = own[k];
        a += input * w[0][k];
        b += input * w[1][k];
        c += input * w[2][k];
        d += input * w[3][k];
        e += input * w[4][k];
      }
      outputs.set([a, b, c, d, e], i * units + unit);
    }
  }
}

/* Writes the gradients of the weight, the bias and the inputs, from those of the outputs. */
export function linearGradients(inputs, weight, onOutputs, onWeight, onBias, onInputs) {
  const units = onBias.length;
  const count = weight.length / units;
  const n = onOutputs.length / units;
  onWeight.fill(0);
  onBias.fill(0);
  onInputs.fill(0);
  for (let i = 0; i < n; i++) {
    const own = inputs.subarray(i * count, (i + 1) * count);
    const onOwn = onInputs.subarray(i * count, (i + 1) * count);
    for (let unit = 0; unit < units; unit++) {
      const error = onOutputs[i * units + unit];
      if (error === 0) continue;
      onBias[unit] += error;
      const w = weight.subarray(unit * count, (unit + 1) * count);
      const onW = onWeight.subarray(unit * count, (unit + 1) * count);
      for (let k = 0; k < count; k++) {
        onW[k] += error * own[k];
        onOwn[k] += error * w[k];
      }
    }
  }
}

function rows(matrix, first, length) {
  return Array.from({ length: GROUP }, (_, i) =>
    matrix.subarray((first + i) * length, (first + i + 1) * length),
  );
}
