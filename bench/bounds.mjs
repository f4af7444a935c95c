/**
 * Upper end of the one-sided 95 % interval of Clopper and Pearson for a rate of which `found` of `tried` were seen; for 0 found it is the
 * rule of three, 3 / n.
 */
export function upperBound(found, tried) {
  if (tried === 0 || found >= tried) return 1;
  let [low, high] = [found / tried, 1];
  for (let round = 0; round < 60; round++) {
    const rate = (low + high) / 2;
    if (atMost(found, tried, rate) > 0.05) low = rate;
    else high = rate;
  }
  return high;
}

/** Probability of at most `found` in `tried`. */
function atMost(found, tried, rate) {
  let term = tried * Math.log1p(-rate);
  let sum = Math.exp(term);
  for (let k = 1; k <= found; k++) {
    term += Math.log((tried - k + 1) / k) + Math.log(rate) - Math.log1p(-rate);
    sum += Math.exp(term);
  }
  return sum;
}
