/** Loaded into a measured process (`--import`): tells at its end what it used, in the file that USAGE_FILE names. */
import { readFileSync, writeFileSync } from "node:fs";

const began = performance.now();
process.once("exit", () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const used = {
    /** Milliseconds of all threads. */
    cpu: (userCPUTime + systemCPUTime) / 1000,
    /** Peak resident memory, MiB. */
    peak: maxRSS / 1024,
    /** Bytes that the process made the system write to disks; null where the system does not tell. */
    written: written(),
    /** Milliseconds since the start of this module. */
    wall: performance.now() - began,
  };
  writeFileSync(process.env.USAGE_FILE, JSON.stringify(used));
});

function written() {
  try {
    return Number(/^write_bytes: (\d+)/m.exec(readFileSync("/proc/self/io", "utf8"))?.[1] ?? 0);
  } catch {
    return null;
  }
}
