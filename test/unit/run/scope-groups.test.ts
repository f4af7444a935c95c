import { describe, expect, it } from "vitest";
import { parseUserId, type UserId } from "../../../src/model/ids.js";
import { membersOfScope } from "../../../src/run/scope-groups.js";

const GROUP = "group-1";

function members(count: number): ReadonlySet<UserId> {
  return new Set(
    Array.from({ length: count }, (_, at) => parseUserId(`aaaaaaaa-0000-4000-8000-${String(at).padStart(12, "0")}`)),
  );
}

/** Reads the scope of one group with so many members, whose last listing had `before`. */
async function read(before: number | null, now: number, maxChangePercent = 30) {
  const sizes = new Map<string, number>(before === null ? [] : [[GROUP, before]]);
  const warnings: string[] = [];
  const ports = {
    directory: { groupMembers: async () => members(now) },
    records: {
      lastGroupSize: (id: string) => sizes.get(id) ?? null,
      saveGroupSize: (id: string, users: number) => void sizes.set(id, users),
    },
    progress: { warn: (text: string) => void warnings.push(text) },
  } as unknown as Parameters<typeof membersOfScope>[0];
  const settings = { groups: [GROUP], scope: { groups: [] }, maxChangePercent } as unknown as Parameters<
    typeof membersOfScope
  >[1];
  const found = await membersOfScope(ports, settings).catch((error: unknown) => error);
  return { found, warnings, size: sizes.get(GROUP) ?? null };
}

describe("the members of the scope's groups", () => {
  it.each([
    [null, 0],
    [null, 12],
    [12, 40],
    [12, 9],
    [9, 1],
  ])("are believed: %s before, %i now", async (before, now) => {
    const { found, size } = await read(before, now);
    expect(found).toEqual(members(now));
    expect(size).toBe(now);
  });

  it.each([
    [12, 8],
    [12, 0],
    [10_000, 4_995],
  ])("are refused like a vanished source: %i before, %i now", async (before, now) => {
    const { found, size } = await read(before, now);
    expect(found).toMatchObject({ code: "group-shrunken", errorClass: "refused" });
    expect(size).toBe(before);
  });

  it("are believed when the limit is raised, and an empty group is told", async () => {
    const { found, warnings } = await read(12, 0, 100);
    expect(found).toEqual(members(0));
    expect(warnings).toEqual([`The group ${GROUP} has no user as a member.`]);
  });
});

describe("groups that are asked for", () => {
  const lists: Readonly<Record<string, readonly number[]>> = { one: [1, 2], two: [2, 3], none: [] };
  const user = (at: number) => parseUserId(`aaaaaaaa-0000-4000-8000-${String(at).padStart(12, "0")}`);

  it.each<[string, readonly string[], readonly string[], readonly number[] | null]>([
    ["nothing names a group", [], [], null],
    ["the scope alone", ["one"], [], [1, 2]],
    ["several of the scope together", ["one", "two"], [], [1, 2, 3]],
    ["one that is asked for", [], ["two"], [2, 3]],
    ["asked for and scope: who is in both", ["one"], ["two"], [2]],
    ["the scope's own", ["one"], ["one"], [1, 2]],
    ["one of the scope's", ["one", "two"], ["two"], [2, 3]],
    ["several, of whom few are in scope", ["one"], ["two", "none"], [2]],
    ["one without members", ["one"], ["none"], []],
    ["a scope without members", ["none"], ["one"], []],
  ])("only narrow: %s", async (_, scope, groups, expected) => {
    const ports = {
      directory: { groupMembers: async (id: string) => new Set(lists[id]?.map(user)) },
      records: { lastGroupSize: () => null, saveGroupSize: () => undefined },
      progress: { warn: () => undefined },
    } as unknown as Parameters<typeof membersOfScope>[0];
    const settings = { groups, scope: { groups: scope }, maxChangePercent: 30 };
    const found = await membersOfScope(ports, settings as unknown as Parameters<typeof membersOfScope>[1]);
    expect(found === null ? null : [...found].sort()).toEqual(expected?.map(user) ?? null);
  });
});
