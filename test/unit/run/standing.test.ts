import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DirectoryUser } from "../../../src/model/user.js";
import { picture } from "../../support/tenant/pictures.js";
import { openBench, type Bench } from "./world.js";

const ANNA = "anna@contoso.com";
const BEN = "ben@contoso.com";
const SKU = "00000000-1111-4222-8333-444444444444";

let bench: Bench;
let runs: number;
beforeEach(() => {
  bench = openBench();
  runs = 0;
  bench.world.add("anna");
  bench.world.add("ben", { cloud: null });
});
afterEach(() => bench.close());

/** Exit code of one more audit, and what it says of Anna. */
async function audit(): Promise<{
  readonly exit: number;
  readonly complete: boolean;
  readonly anna: readonly string[];
}> {
  const { head } = await bench.run();
  const found = [...bench.state.records.findings(`run-${String(++runs)}`)];
  const anna = found.filter(({ address }) => address.includes("/anna@"));
  // Whatever is said of Anna, Ben's missing photo is found in every run.
  expect(found.map(({ rule, address }) => `${rule} ${address}`)).toContain(`missing-photo exchange/${BEN}`);
  return { exit: head.exitCode, complete: head.complete, anna: anna.map(({ rule, summary }) => `${rule}: ${summary}`) };
}

describe("a refusal in words that no document explains (../shared/cases/06)", () => {
  it.each(["refused", "refusedBytes", "refusedProfiles"] as const)(
    "makes two runs incomplete, and is told as what it is from the third on (%s)",
    async (where) => {
      bench.world[where].set(ANNA, "404 ErrorUnheardOf");
      for (let run = 1; run <= 2; run++) {
        const summary = "unreadable: Could not be read: refused: 404 ErrorUnheardOf";
        expect(await audit()).toEqual({ exit: 4, complete: false, anna: [summary] });
      }
      for (let run = 3; run <= 5; run++) {
        const summary = `unreadable: Cannot be read, for the same reason in ${String(run)} runs: refused: 404 ErrorUnheardOf`;
        expect(await audit()).toEqual({ exit: 2, complete: true, anna: [summary] });
      }
    },
  );

  it("another code begins anew, and so does a run in between that could look", async () => {
    for (const refusal of ["404 One", "404 One", "400 Other", "400 Other", null, "400 Other", "400 Other"]) {
      if (refusal === null) bench.world.refused.delete(ANNA);
      else bench.world.refused.set(ANNA, refusal);
      expect(await audit()).toMatchObject({ complete: refusal === null });
    }
    expect(await audit()).toMatchObject({ complete: true });
  });

  it("of one user says nothing of another one's", async () => {
    bench.world.refused.set(ANNA, "404 One");
    for (let run = 1; run <= 3; run++) await audit();
    bench.world.add("carl");
    bench.world.refused.set("carl@contoso.com", "404 One");
    expect(await audit()).toMatchObject({ exit: 4, complete: false });
  });

  it("never stands where nobody said anything: an answer without a code is a gap in every run", async () => {
    bench.world.unreadable.add(ANNA);
    for (let run = 1; run <= 4; run++) expect(await audit()).toMatchObject({ exit: 4, complete: false });
  });
});

describe("stored bytes that are no picture", () => {
  const store = (bytes: Buffer) => {
    bench.world.person(ANNA).files.L = { bytes, etag: bench.world.etag() };
    bench.world.libraryVersion++;
  };

  it("are a gap of two runs and a missing thumbnail from the third on", async () => {
    store(picture("damaged", 200));
    for (let run = 1; run <= 2; run++)
      expect(await audit()).toEqual({
        exit: 4,
        complete: false,
        anna: [expect.stringMatching(/^unreadable: .* no picture: cut off$/)],
      });
    for (let run = 3; run <= 4; run++)
      expect(await audit()).toEqual({
        exit: 2,
        complete: true,
        anna: ["missing-thumbnail: SharePoint's L thumbnail is a file that is no picture: cut off."],
      });
  });

  it("are proved by nothing while they change from run to run, nor where they could be read in between", async () => {
    const good = { ...bench.world.person(ANNA).files.L! };
    for (const side of [200, 201, 202, 203]) {
      store(picture("damaged", side));
      expect(await audit()).toMatchObject({ exit: 4, complete: false });
    }
    for (const bytes of [null, picture("damaged", 203), picture("damaged", 203), null]) {
      store(bytes ?? good.bytes);
      await audit();
    }
    store(picture("damaged", 203));
    expect(await audit()).toMatchObject({ complete: false });
  });

  it("of a cloud photo are told as what they are from the third run on, and nothing is planned about them", async () => {
    const { cloud } = bench.world.person(ANNA);
    bench.world.person(ANNA).cloud = { ...cloud!, bytes: picture("damaged", 648), etag: bench.world.etag() };
    for (let run = 1; run <= 4; run++) {
      const { complete, anna } = await audit();
      expect(complete).toBe(run >= 3);
      expect(anna).toEqual([expect.stringMatching(/^unreadable: .* no picture: cut off$/)]);
      const [finding] = [...bench.state.records.findings(`run-${run}`)].filter(({ rule }) => rule === "unreadable");
      expect(finding?.remedy.cure).toMatch(run >= 3 ? /what is stored is broken/ : /run again/);
    }
  });
});

describe("a licence of a subscription that the tenant's list does not name", () => {
  const unknown = { mailbox: true, sharePoint: false, unknown: SKU };
  const licensed = (licences: DirectoryUser["licences"]) => {
    const anna = bench.world.person(ANNA);
    anna.user = { ...anna.user, licences };
  };

  it("makes two runs incomplete, and is told as what it is from the third on; nothing else is said of the user", async () => {
    for (let other = 0; other < 8; other++) bench.world.add(`other${String(other)}`);
    licensed(unknown);
    bench.world.person(ANNA).cloud = null;
    for (let run = 1; run <= 4; run++) {
      const { complete, anna } = await audit();
      expect(complete).toBe(run >= 3);
      expect(anna).toEqual([
        expect.stringMatching(
          run >= 3 ? /^unreadable: Cannot be read, for the same reason in/ : /^unreadable: Could not be read/,
        ),
      ]);
      expect(anna[0]).toContain(SKU);
    }
    licensed({ mailbox: true, sharePoint: true });
    expect(await audit()).toMatchObject({ complete: true, anna: [expect.stringMatching(/^missing-photo/)] });
    licensed(unknown);
    expect(await audit()).toMatchObject({ complete: false });
  });
});
