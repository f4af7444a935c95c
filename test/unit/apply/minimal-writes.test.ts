import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { planUndo } from "../../../src/run/undo.js";
import { planDigest } from "../../../src/state/digest.js";
import { automaticFindings, planOf } from "../../support/tenant/audited.js";
import { showsOf, sideOf } from "../../support/tenant/pictures.js";
import { FakeTenant, urlOf, type FakePerson } from "../../support/tenant/fake-tenant.js";
import { createRig, memoryBackups, removeFolder, tempFolder } from "./rig.js";

let folder: string;

beforeEach(() => {
  folder = tempFolder();
});

afterEach(() => {
  removeFolder(folder);
});

interface Drawn {
  readonly mailbox: boolean;
  readonly master: boolean;
  readonly cloud: "right" | "other" | "small" | "none";
  readonly thumbnails: readonly ("right" | "other" | "none")[];
  readonly url: "right" | "other" | "none";
  readonly placeholder: "" | "0" | "1";
  readonly pull: "" | "0" | "1";
}

const drawn: fc.Arbitrary<Drawn> = fc.record({
  mailbox: fc.boolean(),
  master: fc.boolean(),
  cloud: fc.constantFrom("right", "other", "small", "none"),
  thumbnails: fc.array(fc.constantFrom("right", "other", "none"), { minLength: 3, maxLength: 3 }),
  url: fc.constantFrom("right", "other", "none"),
  placeholder: fc.constantFrom("", "0", "1"),
  pull: fc.constantFrom("", "0", "1"),
});

function build(people: readonly Drawn[]): FakeTenant {
  const tenant = new FakeTenant();
  for (const [at, one] of people.entries()) {
    const upn = `person${String(at).padStart(2, "0")}@contoso.com`;
    const face = `face ${upn}`;
    const shows = { right: face, small: face, other: `other ${upn}`, none: "" };
    const file = (index: number, side: number) => {
      const kind = one.thumbnails[index] ?? "none";
      return kind === "none" ? null : tenant.file(shows[kind], side);
    };
    tenant.add(upn, {
      mailbox: one.mailbox,
      master: one.master ? face : null,
      cloud: one.cloud === "none" ? null : tenant.photo(shows[one.cloud], one.cloud === "small" ? 96 : 648),
      files: { S: file(0, 48), M: file(1, 72), L: file(2, 200) },
      profile: {
        PictureURL: { right: urlOf(upn), other: "https://contoso-my.sharepoint.com/x_MThumb.jpg", none: "" }[one.url],
        "SPS-PicturePlaceholderState": one.placeholder,
        "SPS-PictureExchangeSyncState": one.pull,
        "SPS-PictureTimestamp": "63799442436",
      },
    });
  }
  return tenant;
}

/** The fewest writes, counted from the tenant alone: what differs from what must be there, plus the timestamp that goes with it. */
function fewestWrites(person: FakePerson): number {
  const { master, cloud, files, profile, user } = person;
  const all = Object.values(files);
  const had = all.filter((file) => file !== null).length;
  const photo = master !== null && (cloud === null || showsOf(cloud.bytes) !== master || sideOf(cloud.bytes) < 200);
  const thumbnails = master === null ? 0 : all.filter((file) => file === null || showsOf(file.bytes) !== master).length;
  let properties = 0;
  if (had > 0 || thumbnails > 0) {
    const mustBe = (value: string) => (had === 0 ? value !== "0" : value === "1");
    if (mustBe(profile["SPS-PicturePlaceholderState"])) properties++;
    if (!user.licences.mailbox && mustBe(profile["SPS-PictureExchangeSyncState"])) properties++;
    if (profile.PictureURL !== urlOf(user.upn)) properties++;
    if (properties + thumbnails > 0) properties++;
  } else if (profile.PictureURL !== "" && master === null) properties++;
  return (photo ? 1 : 0) + thumbnails + properties;
}

describe("whatever the tenant looks like", () => {
  it("apply sends the fewest writes, leaves nothing automatic, repeats nothing, and undo puts everything back", async () => {
    let round = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(drawn, { minLength: 1, maxLength: 8 }), async (people) => {
        const home = `${folder}/${String(round++)}`;
        const tenant = build(people);
        const before = tenant.snapshot();
        const expected = [...tenant.people.values()].reduce((sum, person) => sum + fewestWrites(person), 0);
        const rig = createRig(tenant, home, undefined, memoryBackups());
        try {
          rig.begin("run-1");
          expect(await rig.apply(await planOf(tenant, rig.state), "run-1")).toMatchObject({ exitCode: 0 });
          expect(tenant.writes.length).toBe(expected);
          expect(await automaticFindings(tenant, rig.state)).toEqual([]);

          rig.begin("run-2");
          await rig.apply(await planOf(tenant, rig.state, { planId: "plan-2" }), "run-2");
          expect(tenant.writes.length).toBe(expected);

          if (expected === 0) return;
          const { journal, plans } = rig.state;
          const { plan } = planUndo(
            { journal, plans, clock: rig.ports.clock, digest: planDigest },
            { runId: "run-1", planId: "undo", tenant: "contoso.com", force: false },
          );
          rig.begin("run-3", "undo");
          expect(await rig.apply(plan, "run-3")).toMatchObject({ exitCode: 0 });
          expect(tenant.snapshot()).toBe(before);
        } finally {
          rig.close();
        }
      }),
      { numRuns: 40, seed: 6 },
    );
  });
});
