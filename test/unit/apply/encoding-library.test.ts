import { beforeEach, describe, expect, it } from "vitest";
import { THUMBNAIL_SIZES } from "../../../src/model/address.js";
import { recoverOpenIntents } from "../../../src/run/recovery.js";
import { planOf } from "../../support/tenant/audited.js";
import { FakeTenant, urlOf } from "../../support/tenant/fake-tenant.js";
import { reencoded, showsOf } from "../../support/tenant/pictures.js";
import { ownRigs, undoPlanOf, type Rig } from "./rig.js";

const UPN = "anna@contoso.com";
const SIDES = { S: 48, M: 72, L: 200 } as const;

const openRig = ownRigs();
let rig: Rig;
let tenant: FakeTenant;

beforeEach(() => {
  tenant = new FakeTenant();
});

/** What the thumbnails show, whatever the encoding; null where there is none. */
function shown(): readonly (string | null)[] {
  const { files } = tenant.person(UPN);
  return THUMBNAIL_SIZES.map((size) => {
    const file = files[size];
    return file === null ? null : showsOf(file.bytes);
  });
}

/** A library that stores pictures in an encoding of its own. @param answers false: the program is gone before the answer */
function encode(answers: boolean): void {
  const library = tenant.ports().sharePointWriter;
  rig.ports.sharePointWriter.putThumbnail = async (where, name, jpeg) => {
    const { etag } = await library.putThumbnail(where, name, reencoded(jpeg));
    if (!answers) throw new Error("killed");
    return { etag };
  };
}

/**
 * SharePoint Online is seen to change Office files that are uploaded (joymonscode.blogspot.com/2023/02, "SharePoint Online / Office 365 is modifying the
 * uploaded office files", which found other kinds of files unchanged). Of pictures it is not established: if it does, nothing must be lost.
 */
describe("a library that writes the pictures anew", () => {
  it.each([
    ["replaced", true],
    ["new", true],
    ["replaced", false],
    ["new", false],
  ] as const)(
    "%s, answered %s: they are ours, nothing is written again, and an undo takes them back",
    async (was, answers) => {
      const anna = tenant.add(UPN, {
        master: "anna",
        cloud: tenant.photo("anna"),
        profile: { PictureURL: urlOf(UPN) },
      });
      if (was === "replaced") for (const size of THUMBNAIL_SIZES) anna.files[size] = tenant.file("old", SIDES[size]);
      rig = openRig(tenant);
      const before = shown();
      encode(answers);
      rig.begin("run-1");
      const done = rig.apply(await planOf(tenant, rig.state), "run-1", { concurrency: 1 });
      if (answers) expect(await done).toMatchObject({ exitCode: 0, counts: { stale: 0, failed: 0 } });
      else {
        await expect(done).rejects.toThrow("killed");
        expect(await recoverOpenIntents(rig.ports)).toMatchObject({ applied: 1, stale: 0 });
        encode(true);
        rig.begin("run-2");
        await rig.apply(await planOf(tenant, rig.state, { planId: "plan-2" }), "run-2");
      }
      expect(shown()).toEqual(["anna", "anna", "anna"]);

      const again = [...(await planOf(tenant, rig.state, { planId: "plan-3" })).actions()];
      expect(again.map(({ address }) => address)).toEqual([]);
      for (const runId of answers ? ["run-1"] : ["run-2", "run-1"]) {
        const undo = undoPlanOf(rig, runId);
        rig.begin(`back-${runId}`, "undo");
        expect(await rig.apply(undo.plan, `back-${runId}`)).toMatchObject({ exitCode: 0 });
      }
      expect(shown()).toEqual(before);
    },
  );

  it("another picture than the one sent is somebody else's, and the outcome does not say that nothing was written", async () => {
    const anna = tenant.add(UPN, { master: "anna", cloud: tenant.photo("anna"), profile: { PictureURL: urlOf(UPN) } });
    for (const size of THUMBNAIL_SIZES) anna.files[size] = tenant.file("old", SIDES[size]);
    rig = openRig(tenant);
    rig.ports.sharePointWriter.putThumbnail = async () => {
      for (const size of THUMBNAIL_SIZES) anna.files[size] = tenant.file("holiday", SIDES[size]);
      return { etag: '"mine"' };
    };
    rig.begin("run-1");
    await rig.apply(await planOf(tenant, rig.state), "run-1", { concurrency: 1 });
    const [first] = [...rig.state.records.outcomes("run-1")].filter(({ action }) => action === "write-thumbnail");
    expect(first).toMatchObject({ kind: "stale", error: { code: "changed-since" } });
    expect(first?.error?.message).not.toMatch(/nothing was written/);
  });
});
