/* PyTorch's random numbers: the Mersenne Twister (Matsumoto and Nishimura, 1998) and what PyTorch's CPU
   makes of it. The same seed gives the same starting weights and the same order of images as there, so
   that a run in the page is the run of the record, not only one like it. */

const LENGTH = 624;
const SHIFT = 397;

/* Returns a function that gives the twister's whole numbers of 32 bits, one a call. */
export function integers(seed) {
  const state = new Uint32Array(LENGTH);
  state[0] = Number(BigInt.asUintN(32, BigInt(seed)));
  for (let i = 1; i < LENGTH; i++) {
    const before = state[i - 1] ^ (state[i - 1] >>> 30);
    state[i] = Math.imul(1812433253, before) + i;
  }
  let next = LENGTH;
  return () => {
    if (next === LENGTH) {
      for (let i = 0; i < LENGTH; i++) {
        const joined = (state[i] & 0x80000000) | (state[(i + 1) % LENGTH] & 0x7fffffff);
        state[i] = state[(i + SHIFT) % LENGTH] ^ (joined >>> 1) ^ (joined & 1 ? 0x9908b0df : 0);
      }
      next = 0;
    }
    let number = state[next++];
    number ^= number >>> 11;
    number ^= (number << 7) & 0x9d2c5680;
    number ^= (number << 15) & 0xefc60000;
    return (number ^ (number >>> 18)) >>> 0;
  };
}

/* Returns a function that gives numbers in [0, 1), with the 24 bits of a single-precision fraction. */
export function random(seed) {
  const integer = integers(seed);
  return () => (integer() & 0xffffff) / 0x1000000;
}

/* `torch.randperm(count)` of a generator with this seed. */
export function shuffle(count, seed) {
  const integer = integers(seed);
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  for (let i = 0; i < count - 1; i++) {
    const other = i + (integer() % (count - i));
    [order[i], order[other]] = [order[other], order[i]];
  }
  return order;
}
