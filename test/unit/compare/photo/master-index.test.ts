import { describe, expect, it } from "vitest";
import { confirmIdentity, createMasterIndex } from "../../../../src/compare/photo/index.js";
import { parseUserId } from "../../../../src/model/ids.js";
import { sitter } from "../../image/pictures.js";
import { draw, stored } from "./signed.js";

describe("index of masters", () => {
  it("names the person whose photo it is, from every size, among many", async () => {
    const people = await Promise.all(Array.from({ length: 24 }, async (_, i) => draw(sitter(i), 400)));
    const index = createMasterIndex();
    for (const [i, { signature }] of people.entries()) {
      const { sha256, hash, dctHash } = signature;
      index.add({ userId: parseUserId(`user-${i}`), sha256, hash, dctHash, retired: i % 2 === 1 });
    }
    expect(index.size).toBe(24);
    for (const [i, { bytes }] of people.entries()) {
      const rendition = await stored(bytes, [48, 96, 240][i % 3]!);
      const confirmed = index
        .candidates(rendition)
        .filter(({ userId }) => confirmIdentity(people[Number(userId.slice(5))]!.signature.luma, rendition));
      expect(confirmed.map(({ userId, retired }) => [userId, retired])).toEqual([[`user-${i}`, i % 2 === 1]]);
    }
  });

  it("gives candidates nearest first and no more than asked for", async () => {
    const { signature } = await draw(sitter(3), 400);
    const index = createMasterIndex();
    for (let i = 0; i < 3000; i++) {
      const last = (i % 16).toString(16);
      const dctHash = signature.dctHash.slice(0, -1) + last;
      index.add({ userId: parseUserId(String(i)), sha256: String(i), hash: signature.hash, dctHash, retired: false });
    }
    const found = index.candidates(signature, 500);
    expect(found).toHaveLength(500);
    expect(found[0]).toMatchObject({ distance: 0 });
    for (const [i, { distance }] of found.entries())
      expect(distance).toBeGreaterThanOrEqual(found[i - 1]?.distance ?? 0);
  });

  it("finds nothing for a stranger", async () => {
    const index = createMasterIndex();
    for (let i = 0; i < 12; i++) {
      const { sha256, hash, dctHash } = (await draw(sitter(i), 300)).signature;
      index.add({ userId: parseUserId(String(i)), sha256, hash, dctHash, retired: false });
    }
    const stranger = await draw({ ...sitter(40), backdrop: "#203060", face: 112, eyes: 150 }, 300);
    const rendition = await stored(stranger.bytes, 96);
    for (const candidate of index.candidates(rendition)) {
      const { luma } = (await draw(sitter(Number(candidate.userId)), 300)).signature;
      expect(confirmIdentity(luma, rendition)).toBe(false);
    }
  });
});
