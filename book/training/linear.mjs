/* A layer of linear units, forwards and backwards. Inputs are [n x inputs], the weight [units x inputs],
   outputs [n x units]; gradients are shaped like what they belong to. */

/* Writes the outputs. Five units at a time, so that an input is read once for five products: the layers
   of the course have 50 and 10. */
export function linear(inputs, weight, bias, outputs) {
  const units = bias.length;
  const count = weight.length / units;
  const n = outputs.length / units;
  for (let unit = 0; unit < units; unit += 5) {
    const first = row(weight, unit, count);
    const second = row(weight, unit + 1, count);
    const third = row(weight, unit + 2, count);
    const fourth = row(weight, unit + 3, count);
    const fifth = row(weight, unit + 4, count);
    for (let i = 0; i < n; i++) {
      const own = row(inputs, i, count);
      let a = bias[unit];
      let b = bias[unit + 1];
      let c = bias[unit + 2];
      let d = bias[unit + 3];
      let e = bias[unit + 4];
      for (let k = 0; k < count; k++) {
        const input = own[k];
        a += input * first[k];
        b += input * second[k];
        c += input * third[k];
        d += input * fourth[k];
        e += input * fifth[k];
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
  for (let i = 0; i < n; i++) {
    combine(weight, row(onOutputs, i, units), row(onInputs, i, count));
  }
  const onUnit = new Float32Array(n);
  for (let unit = 0; unit < units; unit++) {
    for (let i = 0; i < n; i++) onUnit[i] = onOutputs[i * units + unit];
    combine(inputs, onUnit, row(onWeight, unit, count));
    onBias[unit] = onUnit.reduce((sum, error) => sum + error, 0);
  }
}

/* Writes the sum of a matrix's rows, each times its factor; four at a time, so that a sum is read once
   for four products. About half of the factors are zero: those of units that a ReLU silenced. */
function combine(matrix, factors, sum) {
  const count = sum.length;
  const rows = [];
  const by = [];
  for (let index = 0; index < factors.length; index++) {
    if (factors[index] === 0) continue;
    rows.push(row(matrix, index, count));
    by.push(factors[index]);
  }
  while (rows.length % 4) {
    rows.push(rows[0]);
    by.push(0);
  }
  sum.fill(0);
  for (let at = 0; at < rows.length; at += 4) addFour(rows, by, at, sum);
}

function addFour(rows, by, at, sum) {
  const first = rows[at];
  const second = rows[at + 1];
  const third = rows[at + 2];
  const fourth = rows[at + 3];
  const a = by[at];
  const b = by[at + 1];
  const c = by[at + 2];
  const d = by[at + 3];
  for (let k = 0; k < sum.length; k++) {
    sum[k] += a * first[k] + b * second[k] + c * third[k] + d * fourth[k];
  }
}

function row(matrix, index, length) {
  return matrix.subarray(index * length, (index + 1) * length);
}
