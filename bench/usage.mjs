/** Loaded into a measured process (`--import`): tells at its end what it used, in the file that USAGE_FILE names. */
import { writeFileSync } from "node:fs";

const began = performance.now();
process.once("exit", () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const used = {
    /** Milliseconds of all threads. */
    cpu: (userCPUTime + systemCPUTime) / 1000,
    /** Peak resident memory, MiB. */
    peak: maxRSS / 1024,
    /** Milliseconds since the start of this module. */
    wall: performance.now() - began,
  };
  writeFileSync(process.env.USAGE_FILE, JSON.stringify(used));
});
