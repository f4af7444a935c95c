import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Workbench } from "../../src/cli/compose.js";
import { confirmedMasters } from "../../src/cli/sessions/archive.js";
import { stateOfAcceptance, stateOfDecision } from "../../src/compare/decisions.js";
import { profileAddress, type StoreName } from "../../src/model/address.js";
import type { ComparedUser } from "../../src/model/compared.js";
import type { Decision } from "../../src/model/decision.js";
import type { FindingDraft } from "../../src/model/finding.js";
import { openState } from "../../src/state/index.js";
import { comparedUser, directoryUser, master, sharePoint } from "../support/compared-user.js";
import { finding } from "./plan/people.js";

const PICTURE = "picture";
let root = "";

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "photodrift-session-"));
  await mkdir(join(root, "photos"));
  await writeFile(join(root, "photos", "Anna B.jpg"), PICTURE);
});
afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

function bench(): Workbench {
  const source = { folder: join(root, "photos"), archive: join(root, "archive") };
  const records = {
    lastMasterCount: () => 1,
    saveMasterCount: () => undefined,
    acceptances: () => [],
    decisionsOf: () => [],
  };
  return {
    config: { source },
    state: { records },
    ports: { progress: { warn: (text: string) => expect.fail(text) } },
  } as unknown as Workbench;
}

/** In sync, without SharePoint: one store alone could be taken for all of them. */
function anna() {
  const photo = master();
  if (photo.kind !== "usable") throw new Error("the fixture is usable");
  const sha256 = createHash("sha256").update(PICTURE).digest("hex");
  return comparedUser({
    user: directoryUser({ licences: { ...directoryUser().licences, sharePoint: false } }),
    sharePoint: sharePoint({ observed: false }),
    masterPhoto: { ...photo, signature: { ...photo.signature, sha256 } },
  });
}

describe("masters that a run may archive", () => {
  const drift = finding("profile-property-mismatch", profileAddress("anna@contoso.com"), { drift: true });
  it.each<[string, readonly StoreName[], readonly FindingDraft[], readonly FindingDraft[], number]>([
    ["nothing found", [], [], [], 1],
    ["drift", [], [drift], [drift], 0],
    ["drift that a filter for rules hides", [], [], [drift], 0],
    ["a run over one store", ["exchange"], [], [], 0],
    ["a run over two", ["exchange", "entra"], [], [], 0],
    ["a run over every store by name", ["exchange", "entra", "sharepoint"], [], [], 1],
  ])("%s", async (_, stores, findings, found, moved) => {
    const session = confirmedMasters(bench(), { stores });
    session.user(anna(), findings, found);

    expect(await session.move()).toBe(moved);
  });
});

describe("what people wanted beside a master that is archived", () => {
  it("is wanted without it, and ends with the next master; what was wanted beside another one has ended already", async () => {
    const user = anna();
    const photo = user.cloud[0];
    const sha256 = user.masterPhoto?.kind === "usable" ? user.masterPhoto.signature.sha256 : "";
    const shown = photo?.observed.kind === "present" ? (photo.observed.signature?.sha256 ?? "") : "";
    const decision = (findingId: string, part: Partial<Decision>): Decision => ({
      findingId,
      address: photo?.address ?? "",
      userId: user.user.id,
      rule: "wrong-dimensions",
      kind: "keep",
      seen: shown,
      master: sha256,
      by: "Ann",
      at: "2026-11-23T02:30:00.000Z",
      ...part,
    });
    const given = [
      decision("keep", {}),
      decision("leave", { kind: "leave" }),
      decision("fix", { kind: "fix" }),
      decision("of another master", { master: "another" }),
    ];
    const state = openState(join(root, "state.db"), "contoso.com");
    try {
      state.records.accept(user.user.id, { slot: "exchange", sha256: shown, master: sha256 });
      state.records.accept(user.user.id, { slot: "L", sha256: shown, master: "another" });
      for (const one of given) state.records.saveDecision(one);
      const session = confirmedMasters({ ...bench(), state }, { stores: [] });
      session.user(user, [], []);
      expect(await session.move()).toBe(1);

      const gone: ComparedUser = { ...user, masterPhoto: null };
      const next = master();
      const other: ComparedUser = {
        ...user,
        masterPhoto: next.kind === "usable" ? { ...next, signature: { ...next.signature, sha256: "next" } } : null,
      };
      const held = (now: ComparedUser) =>
        [
          ...state.records.acceptances(user.user.id).map((one) => `${one.slot} ${stateOfAcceptance(now, one)}`),
          ...[...state.records.decisions()].map((one) => `${one.findingId} ${stateOfDecision(now, one)}`),
        ]
          .filter((one) => one.endsWith("holds"))
          .sort();
      expect(held(gone)).toEqual(["exchange holds", "keep holds", "leave holds"]);
      expect(held(other)).toEqual([]);
    } finally {
      state.close();
    }
  });
});
