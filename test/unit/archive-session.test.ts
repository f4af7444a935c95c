import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Workbench } from "../../src/cli/compose.js";
import { confirmedMasters } from "../../src/cli/sessions/archive.js";
import { profileAddress, type StoreName } from "../../src/model/address.js";
import type { FindingDraft } from "../../src/model/finding.js";
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
  const records = { lastMasterCount: () => 1, saveMasterCount: () => undefined };
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
