/**
 * What the tests of the pure rooms take from vitest, for `runner.mjs`: the matchers are vitest's own, and a test is noted instead of run.
 * A name that is missing here fails on import, so no test is left out in silence.
 */
import { format } from "node:util";
import * as jest from "@vitest/expect";

const { chai } = jest;
chai.use(jest.JestExtend);
chai.use(jest.JestChaiExpect);
chai.use(jest.JestAsymmetricMatchers);

/** `expect` of vitest without snapshots. */
export function expect(value, message) {
  return chai.expect(value, message);
}
Object.assign(expect, chai.expect, globalThis[jest.ASYMMETRIC_MATCHERS_OBJECT]);
jest.setState({ assertionCalls: 0 }, expect);

/** What was noted: a suite holds tests and suites; a test {name, run, suites from the outermost}. */
const noted = { tests: [], path: [] };

function suiteOf(name) {
  return { name, before: [], after: [], each: [], afterEach: [] };
}

/** Notes every test that `load` names, with hooks, and returns them. */
export async function collect(file, load) {
  noted.tests = [];
  noted.path = [suiteOf(file)];
  await load();
  return noted.tests;
}

function note(name, first, second) {
  const run = typeof first === "function" ? first : second;
  if (run === undefined) return;
  const suites = [...noted.path];
  noted.tests.push({ name: [...suites.slice(1).map((suite) => suite.name), name].join(" "), run, suites });
}

function nest(name, first, second) {
  const define = typeof first === "function" ? first : second;
  noted.path.push(suiteOf(name));
  define();
  noted.path.pop();
}

/** `it.each` and `describe.each`: a row that is an array is the list of arguments. */
function eachOf(define) {
  return (rows) => (name, first, second) => {
    rows.forEach((row, index) => {
      const list = Array.isArray(row) ? row : [row];
      const run = typeof first === "function" ? first : second;
      define(`${format(String(name), ...list)} (${String(index)})`, () => run(...list));
    });
  };
}

function dressed(define) {
  const nothing = Object.assign(() => undefined, { each: () => () => undefined });
  return Object.assign((...list) => define(...list), {
    each: eachOf(define),
    skipIf: (skip) => (skip ? nothing : define),
    runIf: (wanted) => (wanted ? define : nothing),
  });
}

export const it = dressed(note);
export const test = it;
export const describe = dressed(nest);

function hook(kind) {
  return (run) => void noted.path.at(-1)[kind].push(run);
}
export const beforeAll = hook("before");
export const afterAll = hook("after");
export const beforeEach = hook("each");
export const afterEach = hook("afterEach");
