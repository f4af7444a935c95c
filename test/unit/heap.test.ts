import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { COMPILER_FLAGS, HEAP_FLAGS, settleHeap } from "../../src/cli/heap.js";

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
    ["20.20.2", [...HEAP_FLAGS, ...COMPILER_FLAGS]],
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
});
