// The plateau rule, in the browser because the reader changes the curve: as lrlab/plateau.py, and
// so as torch.optim.lr_scheduler.ReduceLROnPlateau with its defaults. A test holds them together.

/**
 * Watch `values`, one an epoch, the lower the better. Returns, an entry an epoch:
 * `best`   the best value so far, that epoch's included
 * `waited` how many epochs in a row were not better, up to and including that one
 * `fell`   whether the rate falls after that epoch: when more than `patience` were not better
 */
export function watch(values, { patience = 10, threshold = 1e-4, cooldown = 0 } = {}) {
  let [best, waited, resting] = [Infinity, 0, 0];
  const seen = { best: [], waited: [], fell: [] };
  for (const value of values) {
    if (value < best * (1 - threshold)) [best, waited] = [value, 0];
    else waited += 1;
    if (resting > 0) [resting, waited] = [resting - 1, 0];
    const fell = waited > patience;
    seen.best.push(best);
    seen.waited.push(waited);
    seen.fell.push(fell);
    if (fell) [resting, waited] = [cooldown, 0];
  }
  return seen;
}

/** The learning rate that each epoch trains with; torch leaves out a fall of 1e-8 or less. */
export function rates(fell, { rate, factor = 0.1 }) {
  return fell.map((_, epoch) => {
    if (epoch && fell[epoch - 1] && rate - rate * factor > 1e-8) rate *= factor;
    return rate;
  });
}
