/**
 * fast-check for mutation tests: properties are tried with few values, and with the same ones for each mutant. A score is therefore rather too low
 * than too high, and the same in every run.
 */
import fc from "fast-check";

const MOST_RUNS = 6;

function assert(property, options = {}) {
  return fc.assert(property, { ...options, seed: 1, numRuns: Math.min(options.numRuns ?? 100, MOST_RUNS) });
}

export * from "fast-check";
export { assert };
export default { ...fc, assert };
