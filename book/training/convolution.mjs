/* The convolution of SimpleCNN with its ReLU and its max pooling, forwards and backwards. */

const SIDE = 28;
const KERNEL = 5;
const MAP = SIDE - KERNEL + 1; // 24
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
        const [a, b, c, d, e] = kernel.subarray(channel * TAPS + row * KERNEL);
        const from = row * SIDE;
        // The map is as wide as the image: its last four columns mean nothing, and cost less than a
        // loop of their own for every row.
        for (let p = 0; p < map.length - KERNEL + 1; p++) {
          const q = from + p;
          map[p] += a * image[q] + b * image[q + 1] + c * image[q + 2] + d * image[q + 3] + e * image[q + 4];
        }
      }
      pool(map, features, places, i * FEATURES + channel * POOLED_MAP);
    }
  }
}

function pool(map, features, places, at) {
  for (let y = 0; y < POOLED; y++) {
    for (let x = 0; x < POOLED; x++, at++) {
      const corner = 2 * (y * SIDE + x);
      let place = corner;
      for (const other of [corner + 1, corner + SIDE, corner + SIDE + 1]) {
        if (map[other] > map[place] || map[other] !== map[other]) place = other; // NaN wins, as in PyTorch
      }
      features[at] = map[place] <= 0 ? 0 : map[place];
      places[at] = place;
    }
  }
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
