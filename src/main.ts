#!/usr/bin/env node
import { keepCompiledCode } from "./cli/compiled-code.js";
import { settleHeap } from "./cli/heap.js";

settleHeap();
keepCompiledCode();

// Only what is imported from here on is kept compiled.
const { runCli } = await import("./cli/run.js");

process.exitCode = await runCli(process.argv.slice(2));
