/* The convolution of SimpleCNN with its ReLU and its max pooling, forwards and backwards. */

const SIDE = 28;
const KERNEL = 5;
const MAP = SIDE - KERNEL + 1; // 24
const LAST = MAP * SIDE - KERNEL + 1;
const POOLED = MAP / 2;
const POOLED_MAP = POOLED * POOLED;
export const PIXELS = SIDE * SIDE;
export const CHANNELS = 10;
export const TAPS = KERNEL * KERNEL;
export const FEATURES = CHANNELS * POOLED_MAP;

/* Writes the features [n x 1440], and for each the place in its image, from the top left pixel of the
   kernel on, at which the highest of its four sums stood. */
export function convolve(images, kernel, bias, features, places) {
  const map = new Float64Array(MAP * SIDE);
  for (let i = 0; i * PIXELS < images.length; i++) {
    const image = images.subarray(i * PIXELS, (i + 1) * PIXELS);
    for (let channel = 0; channel < CHANNELS; channel++) {
      map.fill(bias[channel]);
      for (let row = 0; row < KERNEL; row++) {
        addRow(map, image, row * SIDE, kernel, channel * TAPS + row * KERNEL);
      }
      pool(map, features, places, i * FEATURES + channel * POOLED_MAP);
    }
  }
}

/* Adds what one row of a kernel, from `tap` on, makes of the image from `from` on. The map is as wide as
   the image: its last four columns mean nothing, and cost less than a loop of its own for every line.
   Each pixel is read once and handed on. */
function addRow(map, image, from, kernel, tap) {
  const a = kernel[tap];
  const b = kernel[tap + 1];
  const c = kernel[tap + 2];
  const d = kernel[tap + 3];
  const e = kernel[tap + 4];
  let v = image[from];
  let w = image[from + 1];
  let x = image[from + 2];
  let y = image[from + 3];
  for (let place = 0; place < LAST; place++) {
    const z = image[from + place + KERNEL - 1];
    map[place] += a * v + b * w + c * x + d * y + e * z;
    v = w;
    w = x;
    x = y;
    y = z;
  }
}

function pool(map, features, places, at) {
  for (let y = 0; y < POOLED; y++) {
    for (let x = 0; x < POOLED; x++, at++) {
      const corner = 2 * (y * SIDE + x);
      const above = higher(map, corner, corner + 1);
      const place = higher(map, higher(map, above, corner + SIDE), corner + SIDE + 1);
      features[at] = map[place] <= 0 ? 0 : map[place];
      places[at] = place;
    }
  }
}

/* The place of the higher number, the first of two equal ones; NaN is higher than any, as in PyTorch. */
function higher(map, first, second) {
  return map[second] > map[first] || Number.isNaN(map[second]) ? second : first;
}

/* Writes the gradients of kernel and bias from those of the features; images need none. */
export function convolutionGradient(images, features, places, onFeatures, onKernel, onBias) {
  const sums = new Float64Array(TAPS);
  for (let channel = 0; channel < CHANNELS; channel++) {
    sums.fill(0);
    let biasSum = 0;
    for (let i = 0; i * PIXELS < images.length; i++) {
      const first = i * FEATURES + channel * POOLED_MAP;
      for (let at = first; at < first + POOLED_MAP; at++) {
        if (features[at] <= 0) continue;
        const error = onFeatures[at];
        biasSum += error;
        const corner = i * PIXELS + places[at];
        for (let row = 0, tap = 0; row < KERNEL; row++) {
          for (let q = corner + row * SIDE; tap < (row + 1) * KERNEL; tap++, q++) {
            sums[tap] += error * images[q];
          }
        }
      }
    }
    onKernel.set(sums, channel * TAPS);
    onBias[channel] = biasSum;
  }
}
