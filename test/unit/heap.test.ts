import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { COMPILER_FLAGS, HEAP_FLAGS, settleHeap, UNOPTIMISED } from "../../src/cli/heap.js";

function setBy(version: string): readonly string[] {
  const flags: string[] = [];
  settleHeap(version, (flag) => flags.push(flag));
  return flags;
}

describe("the heap's settings", () => {
  it.each(setBy(process.versions.node))("%s is known to this Node", (flag) => {
    const { status, stderr } = spawnSync(process.execPath, [flag, "--eval", ""], { encoding: "utf8" });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });

  it.each([
    ["20.20.2", [...HEAP_FLAGS, ...COMPILER_FLAGS, ...UNOPTIMISED]],
    ["21.0.0", HEAP_FLAGS],
    ["22.0.0", HEAP_FLAGS],
    ["24.21.0", HEAP_FLAGS],
  ])("hold in Node %s", (version, flags) => {
    expect(setBy(version)).toEqual(flags);
  });

  it.each(["25.0.0", "26.1.0-nightly", "100.0.0"])(
    "are left alone in Node %s, where they were not tried",
    (version) => {
      expect(setBy(version)).toEqual([]);
    },
  );

  it.runIf(process.version.startsWith("v20."))(
    "have V8 optimise this program's modules, and not the parser of HTTP answers",
    () => {
      const child = join(import.meta.dirname, "../support/hot-modules.mjs");
      const { status, stdout } = spawnSync(process.execPath, ["--trace-wasm-compilation-times", child], {
        encoding: "utf8",
      });
      const sizes = (compiler: string) =>
        [...stdout.matchAll(new RegExp(`using ${compiler},.* bodysize (\\d+)`, "g"))].map(([, size]) => Number(size));
      expect(status).toBe(0);
      expect(Math.max(...sizes("Liftoff"))).toBeGreaterThan(30_000);
      expect(sizes("TurboFan").length).toBeGreaterThan(5);
      expect(Math.max(...sizes("TurboFan"))).toBeLessThan(5_000);
    },
  );
});
