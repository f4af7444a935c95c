/**
 * A test runner for Stryker that starts nothing: the room's tests are bundled once, loaded once, and called for one mutant after another in this
 * process. With a worker of vitest a mutant costs a second or more, most of it for loading; so it costs what its tests cost. The tests and
 * matchers are the same (`RUNNER=vitest` runs them by vitest, to hold one against the other).
 */
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { INSTRUMENTER_CONSTANTS } from "@stryker-mutator/api/core";
import { declareFactoryPlugin, PluginKind, commonTokens } from "@stryker-mutator/api/plugin";
import { build } from "esbuild";
import { collect } from "./shim.mjs";
import { TEST_NAMES, testFilesOf } from "./suites.mjs";

const SHIM = new URL("./shim.mjs", import.meta.url).href;
const PROPERTIES = new URL("./fast-check.mjs", import.meta.url).href;

/** Stryker allows a mutant a hundred times the visits of the program; a loop that never ends is told by a tenth of that. */
const PATIENCE = 0.1;

/** A test that waits for what never comes is told by this many milliseconds, and what it took before. */
const MOST_WAIT_MS = 3_000;

/** Rejects where a test is not over in time: the wait for an answer that a change made vanish would else be the whole mutant's. */
async function inTime(run, took = 0) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error("the test does not end")), MOST_WAIT_MS + 10 * took);
  });
  try {
    await Promise.race([run(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** What the tests took, for a runner that takes the place of one that had to be ended. */
const TIMES = join(".bundle", "times.json");

/** The files keep their own place: tests find their fixtures by it. */
const inPlace = {
  name: "in-place",
  setup(builder) {
    builder.onResolve({ filter: /^vitest$/ }, () => ({ path: SHIM, external: true }));
    builder.onResolve({ filter: /^fast-check$/ }, () => ({ path: PROPERTIES, external: true }));
    builder.onLoad({ filter: /\/(?:src|test)\/.*\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8"))
        .replaceAll("import.meta.dirname", JSON.stringify(dirname(path)))
        .replaceAll("import.meta.url", JSON.stringify(pathToFileURL(path).href)),
      loader: "ts",
    }));
  },
};

/** Bundles the tests into `.bundle` of the sandbox; what is there already is kept, for a runner that was stopped begins anew. */
async function bundled(files) {
  const outdir = join(process.cwd(), ".bundle");
  const out = files.map((file) => join(outdir, file.replace(/\.ts$/, ".js")));
  if (!out.every((file) => existsSync(file)))
    await build({
      // Stryker moves into its copy after this file was loaded: esbuild would look for the sources where it began.
      absWorkingDir: process.cwd(),
      entryPoints: files,
      outdir,
      outbase: ".",
      bundle: true,
      splitting: true,
      format: "esm",
      platform: "node",
      target: "node20",
      packages: "external",
      logLevel: "error",
      plugins: [inPlace],
    });
  return out;
}

async function call(hooks) {
  for (const run of hooks) await run();
}

/** Most mutants fall to a quick test. Tests of suites with hooks keep their places at the end, so that no hook runs twice. */
function quickestFirst(tests) {
  const hooked = (test) => test.suites.some((suite) => suite.before.length + suite.after.length > 0);
  const free = tests.filter((test) => !hooked(test)).sort((a, b) => a.took - b.took);
  return [...free, ...tests.filter(hooked)];
}

class InProcessRunner {
  constructor(log) {
    this.log = log;
    this.ns = globalThis[INSTRUMENTER_CONSTANTS.NAMESPACE] ??= {};
    this.tests = [];
  }

  /** Nothing is active while the tests are loaded, which is all that a reload is for: mutants of that moment are left out (`ignoreStatic`). */
  capabilities() {
    return { reloadEnvironment: true };
  }

  async init() {
    const files = testFilesOf(process.env.MUTATE ?? "desired");
    for (const [index, path] of (await bundled(files)).entries()) {
      const found = await collect(files[index], () => import(pathToFileURL(path).href));
      for (const test of found)
        if (TEST_NAMES.test(test.name))
          this.tests.push({ ...test, id: `${files[index]}#${test.name}`, file: files[index] });
    }
    if (!existsSync(TIMES)) return;
    const took = JSON.parse(await readFile(TIMES, "utf8"));
    this.tests = quickestFirst(this.tests.flatMap((test) => (test.id in took ? { ...test, took: took[test.id] } : [])));
  }

  /** Stops at the first that fails when `bail` is wished. Hooks of a suite run around those of its tests that are wanted. */
  async run(tests, bail) {
    const results = [];
    const open = [];
    const close = async (suites) => {
      while (open.length > 0 && open.at(-1) !== suites[open.length - 1]) await call(open.pop().after);
    };
    for (const test of tests) {
      const started = performance.now();
      let failure;
      try {
        await close(test.suites);
        for (const suite of test.suites.slice(open.length)) {
          open.push(suite);
          await call(suite.before);
        }
        this.ns.currentTestId = test.id;
        for (const suite of test.suites) await call(suite.each);
        await (bail ? inTime(test.run, test.took) : test.run());
      } catch (error) {
        failure = error instanceof Error ? error.message : String(error);
      }
      try {
        for (const suite of test.suites.toReversed()) await call(suite.afterEach);
      } catch (error) {
        failure ??= String(error);
      }
      this.ns.currentTestId = undefined;
      results.push({ test, failure, took: performance.now() - started });
      if (bail && failure !== undefined) break;
    }
    await close([]).catch(() => undefined);
    return results;
  }

  async dryRun() {
    this.ns.activeMutant = undefined;
    const results = await this.run(this.tests, false);
    const failed = results.filter((result) => result.failure !== undefined);
    for (const { test, failure } of failed)
      this.log.warn(`Left out, for it needs vitest: ${test.id}: ${failure.slice(0, 160)}`);
    if (this.ns.mutantCoverage === undefined)
      return { status: "error", errorMessage: "No changed file is reached: are these the instrumented ones?" };
    // The first time loads and compiles: what a test takes, and so how long Stryker waits for a mutant, is told by the second.
    const warm = await this.run(
      results.filter((result) => result.failure === undefined).map(({ test }) => test),
      false,
    );
    const good = warm.filter((result) => result.failure === undefined);
    this.tests = quickestFirst(good.map(({ test, took }) => ({ ...test, took })));
    await writeFile(TIMES, JSON.stringify(Object.fromEntries(this.tests.map(({ id, took }) => [id, took]))));
    return {
      status: "complete",
      mutantCoverage: this.ns.mutantCoverage,
      tests: good.map(({ test, took }) => ({
        id: test.id,
        name: test.name,
        fileName: test.file,
        status: 0,
        timeSpentMs: took,
      })),
    };
  }

  async mutantRun({ testFilter, activeMutant, hitLimit: most }) {
    const hitLimit = most === undefined ? undefined : Math.ceil(most * PATIENCE);
    const wanted = new Set(testFilter);
    const tests = this.tests.filter((test) => testFilter === undefined || wanted.has(test.id));
    Object.assign(this.ns, { hitLimit, hitCount: 0, activeMutant: activeMutant.id });
    const results = await this.run(tests, true);
    this.ns.activeMutant = undefined;
    const last = results.at(-1);
    if (hitLimit !== undefined && this.ns.hitCount > hitLimit)
      return { status: "timeout", reason: "Hit limit reached" };
    if (last?.failure === undefined) return { status: "survived", nrOfTests: results.length };
    return { status: "killed", killedBy: [last.test.id], failureMessage: last.failure, nrOfTests: results.length };
  }
}

function makeRunner(log) {
  return new InProcessRunner(log);
}
makeRunner.inject = [commonTokens.logger];

export const strykerPlugins = [declareFactoryPlugin(PluginKind.TestRunner, "in-process", makeRunner)];
