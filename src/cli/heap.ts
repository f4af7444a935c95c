import { setFlagsFromString } from "node:v8";
import { optimiseOwnModulesOnly } from "../model/web-assembly.js";

/** Measured in bench/README.md, "Collecting garbage". Helper threads of marking cannot be told once the process runs. */
export const HEAP_FLAGS: readonly string[] = [
  // An audit lets pages of users and pictures pass by: young objects die at once, and room for more of them only makes the process larger.
  "--semi-space-growth-factor=1",
  // What a page of rows leaves behind is collected when the heap has grown by half, not only when it is four times as large.
  "--heap-growing-percent=50",
  // So few young objects are collected sooner than a helper thread wakes, and the cores have pictures to decode.
  "--no-parallel-scavenge",
  "--no-parallel-compaction",
  "--no-parallel-pointer-update",
  "--no-concurrent-sweeping",
  "--no-concurrent-array-buffer-sweeping",
];

/** What is run now and then is not worth optimising: each thread that compiles keeps what its largest function took, up to five megabytes. */
export const COMPILER_FLAGS: readonly string[] = [
  "--interrupt-budget=1000000",
  "--max-inlined-bytecode-size-cumulative=250",
];

const OPTIMISED: readonly string[] = ["--wasm-dynamic-tiering", "--wasm-tier-up"];
export const UNOPTIMISED: readonly string[] = ["--no-wasm-dynamic-tiering", "--no-wasm-tier-up"];

/** The newest Node in which the flags were tried. V8 complains on the terminal about one that it does not know, at every start. */
const NEWEST_TRIED = 24;
/** The last one that has a single compiler, and the name of its budget. */
const ONE_COMPILER = 20;

/** Collects garbage for little memory and few cores; a newer Node is left as it is. Best called before anything large is loaded. */
export function settleHeap(version = process.versions.node, set: (flag: string) => void = setFlagsFromString): void {
  const major = Number.parseInt(version, 10);
  if (major > NEWEST_TRIED) return;
  for (const flag of HEAP_FLAGS) set(flag);
  if (major > ONE_COMPILER) return;
  for (const flag of COMPILER_FLAGS) set(flag);
  // In Node 24 a module that was compiled between both is not optimised either.
  optimiseOwnModulesOnly((on) => {
    for (const flag of on ? OPTIMISED : UNOPTIMISED) set(flag);
  });
}
