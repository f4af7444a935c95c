import { setFlagsFromString } from "node:v8";

/** Measured in bench/README.md, "Collecting garbage". Helper threads of marking cannot be told once the process runs. */
const FLAGS = [
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

/** Collects garbage for little memory and few cores. Best called before anything large is loaded. */
export function settleHeap(): void {
  for (const flag of FLAGS) setFlagsFromString(flag);
}
