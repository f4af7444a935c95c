import { describe, expect, it } from "vitest";
import { PhotodriftError } from "../../../src/model/errors.js";
import type { Outcome } from "../../../src/model/run.js";
import { recoverOpenIntents } from "../../../src/run/recovery.js";
import { automaticFindings, NOW, planOf } from "../../support/tenant/audited.js";
import { picture, showsOf } from "../../support/tenant/pictures.js";
import { FakeTenant } from "../../support/tenant/fake-tenant.js";
import { ownRigs, type Rig } from "./rig.js";
import { mixedTenant, shown, thumbnails } from "./worlds.js";

const openRig = ownRigs();
let rig: Rig;

function outcomes(runId: string): readonly Outcome[] {
  return [...rig.state.records.outcomes(runId)];
}

async function applyNow(tenant: FakeTenant, runId = "run-1") {
  rig.begin(runId);
  return rig.apply(await planOf(tenant, rig.state), runId);
}

/** Carries out a plan made before `meanwhile` happened. */
async function applyAfter(tenant: FakeTenant, meanwhile: () => void, options?: Parameters<Rig["apply"]>[2]) {
  rig = openRig(tenant);
  const plan = await planOf(tenant, rig.state);
  meanwhile();
  rig.begin("run-1");
  return rig.apply(plan, "run-1", options);
}

describe("apply", () => {
  it("leaves nothing automatic for the next audit, and the next apply sends no write", async () => {
    const tenant = mixedTenant(3);
    rig = openRig(tenant);
    const first = await applyNow(tenant);
    expect(first).toMatchObject({ exitCode: 0, verdict: "in-sync", interrupted: false });
    expect(await automaticFindings(tenant, rig.state)).toEqual([]);

    const written = tenant.writes.length;
    const second = await applyNow(tenant, "run-2");
    expect(second.counts.applied).toBe(0);
    expect(tenant.writes.length).toBe(written);
  });

  it("sends the fewest writes: counted by hand for each kind of user", async () => {
    const tenant = mixedTenant();
    rig = openRig(tenant);
    await applyNow(tenant);
    const count = (name: string) => tenant.writes.filter(({ address }) => address.includes(`${name}@`)).length;
    expect({
      fine: count("fine"),
      nobody: count("nobody"),
      // photo
      staleCloud: count("stale-cloud"),
      small: count("small"),
      // thumbnail, timestamp
      oneStale: count("one-stale"),
      noS: count("no-s"),
      // placeholder state, timestamp
      hidden: count("hidden"),
      // photo, three thumbnails, timestamp
      staleAll: count("stale-all"),
      // photo, three thumbnails, placeholder state, PictureURL, timestamp
      empty: count("empty"),
      // the same and the sync state
      firstline: count("firstline"),
    }).toEqual({
      fine: 0,
      nobody: 0,
      staleCloud: 1,
      small: 1,
      oneStale: 2,
      noS: 2,
      hidden: 2,
      staleAll: 5,
      empty: 7,
      firstline: 8,
    });
  });

  it("writes a user's pictures before what names them: photo, L, M, S, states, PictureURL, timestamp", async () => {
    const tenant = new FakeTenant();
    tenant.add("anna@contoso.com", { master: "anna", mailbox: false });
    rig = openRig(tenant);
    await applyNow(tenant);
    expect(tenant.writes.map(({ address }) => address.replace(/^anna@contoso.com\//, ""))).toEqual([
      "cloud/anna@contoso.com",
      "L",
      "M",
      "S",
      "SPS-PicturePlaceholderState",
      "SPS-PictureExchangeSyncState",
      "PictureURL",
      "SPS-PictureTimestamp",
    ]);
  });

  it("backs up whose picture it is, where a batch answers with two of them exchanged", async () => {
    const tenant = new FakeTenant();
    for (const name of ["anna", "ben"]) {
      const upn = `${name}@contoso.com`;
      tenant.add(upn, shown(tenant, upn, name, { master: name, cloud: tenant.photo(`${name} of old`) }));
    }
    rig = openRig(tenant);
    const plan = await planOf(tenant, rig.state);
    const { cloudReader } = rig.ports;
    const asked: number[] = [];
    const exchanged: typeof cloudReader = {
      metadata: (users) => cloudReader.metadata(users),
      renditions: async (requests) => {
        asked.push(requests.length);
        const answers = await cloudReader.renditions(requests);
        const results = answers.map(({ result }) => result).reverse();
        return answers.map((answer, at) => ({ ...answer, result: results[at] ?? answer.result }));
      },
    };
    Object.assign(rig.ports, { cloudReader: exchanged });
    rig.begin("run-1");
    expect(await rig.apply(plan, "run-1")).toMatchObject({ exitCode: 0, counts: { applied: 2 } });
    const kept = await Promise.all(
      [...rig.state.journal.entriesOf("run-1")].map(async ({ action, before }) => {
        const sha = before.kind === "picture" ? before.backupSha256 : null;
        const bytes = sha === null ? null : await rig.ports.backups.get(sha);
        return [action.address, bytes === null ? null : showsOf(bytes)];
      }),
    );
    expect(kept.sort()).toEqual([
      ["exchange/anna@contoso.com", "anna of old"],
      ["exchange/ben@contoso.com", "ben of old"],
    ]);
    // Backups together, then one by one; the same after the writes.
    expect(asked).toEqual([2, 1, 1, 2, 1, 1]);
  });

  it("writes nothing where the store changed since the plan, and says stale", async () => {
    const tenant = new FakeTenant();
    const upn = "anna@contoso.com";
    const anna = tenant.add(upn, shown(tenant, upn, "old", { master: "anna" }));
    const holiday = { cloud: tenant.photo("holiday"), L: tenant.file("holiday", 200) };
    const result = await applyAfter(tenant, () => {
      anna.cloud = holiday.cloud;
      anna.files.L = holiday.L;
    });
    expect(result.exitCode).toBe(2);
    expect([anna.cloud, anna.files.L]).toEqual([holiday.cloud, holiday.L]);
    expect(outcomes("run-1").map(({ address, kind }) => [address, kind])).toEqual([
      [`exchange/${upn}`, "stale"],
      [`sharepoint/${upn}/LThumb`, "stale"],
      [`sharepoint/${upn}/MThumb`, "applied"],
      [`sharepoint/${upn}/SThumb`, "applied"],
      [`sharepoint/${upn}/profile`, "skipped"],
    ]);
  });

  it("sees that the store already shows what is wanted, without writing", async () => {
    const tenant = new FakeTenant();
    const upn = "anna@contoso.com";
    const anna = tenant.add(upn, shown(tenant, upn, "old", { master: "anna" }));
    const result = await applyAfter(tenant, () => {
      anna.cloud = tenant.photo("anna");
      Object.assign(anna.files, thumbnails(tenant, "anna"));
    });
    expect(result).toMatchObject({ exitCode: 0, counts: { "already-in-sync": 5, applied: 0 } });
    expect(tenant.writes).toEqual([]);
  });

  const broken = new PhotodriftError("unreadable-image", "no image", "Save it again.");
  it.each([
    ["was replaced", { reads: "0".repeat(64) }, "0".repeat(64), "stale", "source-changed"],
    ["was replaced by what is no image", { fails: broken }, "0".repeat(64), "stale", "source-changed"],
    ["is gone", { fails: broken }, null, "stale", "source-missing"],
    ["is a folder, or nobody may read it", { fails: broken }, new Error("EISDIR"), "failed", "unreadable-image"],
    ["is as it was and cannot be decoded any more", { fails: broken }, "as it was", "failed", "unreadable-image"],
  ] as const)("does not upload a master that %s since the plan", async (_, source, hash, kind, code) => {
    const tenant = new FakeTenant();
    tenant.add("anna@contoso.com", { master: "anna", sharePoint: false });
    rig = openRig(tenant);
    const plan = await planOf(tenant, rig.state);
    const { masters, renderer } = rig.ports;
    const cloudPhoto: typeof renderer.cloudPhoto = async (...asked) => {
      if ("fails" in source) throw source.fails;
      return { ...(await renderer.cloudPhoto(...asked)), sourceSha256: source.reads };
    };
    const sha256: typeof masters.sha256 = async (file) => {
      if (hash instanceof Error) throw hash;
      return hash === "as it was" ? masters.sha256(file) : hash;
    };
    rig.begin("run-1");
    const { applyPlan } = await import("../../../src/run/apply.js");
    const options = { runId: "run-1", concurrency: 4, signal: new AbortController().signal };
    const ports = { ...rig.ports, masters: { ...masters, sha256 }, renderer: { ...renderer, cloudPhoto } };
    await applyPlan(plan, ports, options);
    expect(outcomes("run-1")).toMatchObject([{ kind, error: { code } }]);
    expect(tenant.writes).toEqual([]);
  });

  it("looks before it repeats: an upload whose answer was lost is not sent twice when it arrived", async () => {
    const tenant = new FakeTenant();
    tenant.add("anna@contoso.com", { master: "anna", sharePoint: false });
    tenant.add("bert@contoso.com", { master: "bert", sharePoint: false });
    tenant.uploadAnswers.set("anna@contoso.com", ["lost-done"]);
    tenant.uploadAnswers.set("bert@contoso.com", ["lost-not-done"]);
    rig = openRig(tenant);
    const result = await applyNow(tenant);
    expect(result).toMatchObject({ exitCode: 0, counts: { applied: 2 } });
    expect(tenant.writes.map(({ address }) => address)).toEqual(["cloud/anna@contoso.com", "cloud/bert@contoso.com"]);
  });

  it("leaves the intent open when an answer was lost and nobody can look: the next run does", async () => {
    const tenant = new FakeTenant();
    tenant.add("anna@contoso.com", { master: "anna", sharePoint: false });
    tenant.uploadAnswers.set("anna@contoso.com", ["lost-done"]);
    rig = openRig(tenant);
    const reader = { ...rig.ports.cloudReader };
    let looks = 0;
    rig.ports.cloudReader.metadata = async (users) => {
      if (looks++ > 0) throw new PhotodriftError("service-unavailable", "down", "later", "incomplete");
      return reader.metadata(users);
    };
    const result = await applyNow(tenant);
    expect(result.exitCode).toBe(4);
    expect(rig.state.journal.open()).toHaveLength(1);
    rig.ports.cloudReader.metadata = reader.metadata;
    expect(await recoverOpenIntents(rig.ports)).toMatchObject({ applied: 1, open: 0 });
    expect(tenant.writes).toHaveLength(1);
  });

  it("waits for a service that shows the former photo for a while", async () => {
    const tenant = new FakeTenant();
    tenant.add("anna@contoso.com", { master: "anna", cloud: tenant.photo("old"), sharePoint: false });
    expect(await applyAfter(tenant, () => (tenant.lag = 3))).toMatchObject({ counts: { applied: 1 } });
    expect(tenant.writes).toHaveLength(1);
  });

  it("does the same for thumbnails, and never writes over what somebody else put there meanwhile", async () => {
    const tenant = new FakeTenant();
    const upn = "anna@contoso.com";
    const files = { ...thumbnails(tenant, "anna"), L: tenant.file("old", 200) };
    const anna = tenant.add(upn, shown(tenant, upn, "anna", { master: "anna", files }));
    rig = openRig(tenant);
    tenant.thumbnailAnswers.push("lost-done");
    await applyNow(tenant);
    expect(tenant.writes.map(({ address }) => address)).toEqual([`${upn}/L`, `${upn}/SPS-PictureTimestamp`]);

    anna.files.L = tenant.file("older", 200);
    const plan = await planOf(tenant, rig.state, { planId: "plan-2" });
    tenant.thumbnailAnswers.push("lost-not-done");
    const writer = { ...rig.ports.sharePointWriter };
    rig.ports.sharePointWriter.putThumbnail = async (...call) => {
      try {
        return await writer.putThumbnail(...call);
      } finally {
        anna.files.L = tenant.file("holiday", 200);
      }
    };
    rig.begin("run-2");
    await rig.apply(plan, "run-2");
    expect(showsOf(anna.files.L.bytes)).toBe("holiday");
    expect(outcomes("run-2")[0]).toMatchObject({ kind: "stale" });
  });

  it("a store that refuses alike three times stops only itself", async () => {
    const tenant = new FakeTenant();
    for (let at = 10; at < 60; at++) {
      const upn = `user${String(at)}@contoso.com`;
      tenant.add(upn, { master: upn });
      tenant.uploadAnswers.set(upn, ["forbidden"]);
    }
    rig = openRig(tenant);
    const result = await applyNow(tenant);
    expect(result).toMatchObject({ exitCode: 4, stopped: [{ store: "cloud", error: { code: "permission-missing" } }] });
    const photos = outcomes("run-1").filter(({ action }) => action === "upload-photo");
    expect(photos.filter(({ kind }) => kind === "skipped").length).toBeGreaterThan(0);
    expect(photos.every(({ kind }) => kind === "failed" || kind === "skipped")).toBe(true);
    expect(tenant.writes.filter(({ address }) => address.endsWith("/L"))).toHaveLength(50);
  });

  it("writes nothing that it cannot back up first", async () => {
    const tenant = new FakeTenant();
    tenant.add("anna@contoso.com", { master: "anna", cloud: tenant.photo("old"), sharePoint: false });
    rig = openRig(tenant);
    rig.ports.backups.put = async () => {
      throw new PhotodriftError("backup-failed", "no space left on device", "Make room.");
    };
    const result = await applyNow(tenant);
    expect(result.exitCode).toBe(4);
    expect(tenant.writes).toEqual([]);
    expect(outcomes("run-1")).toMatchObject([{ kind: "failed", error: { code: "backup-failed" } }]);
  });

  it("finishes what is in hand when interrupted, and begins nothing else", async () => {
    const tenant = mixedTenant(8);
    const stop = new AbortController();
    let steps = 0;
    rig = openRig(tenant, (name) => {
      if (name === "put-answers" && ++steps === 3) stop.abort();
    });
    const plan = await planOf(tenant, rig.state);
    rig.begin("run-1");
    const result = await rig.apply(plan, "run-1", { signal: stop.signal });
    expect(result).toMatchObject({ exitCode: 130, interrupted: true });
    expect(rig.state.journal.open()).toEqual([]);
    const rest = await applyNow(tenant, "run-2");
    expect(rest.exitCode).toBe(0);
    expect(await automaticFindings(tenant, rig.state)).toEqual([]);
  });

  it("asks once a user, and skips whom it may not touch", async () => {
    const tenant = new FakeTenant();
    for (const name of ["anna", "bert", "cleo"]) tenant.add(`${name}@contoso.com`, { master: name });
    const asked: string[] = [];
    await applyAfter(tenant, () => undefined, {
      approve: async (user) => {
        asked.push(user?.upn ?? "");
        return user?.upn !== "bert@contoso.com";
      },
      veto: ({ user }) =>
        user?.upn === "cleo@contoso.com" ? { code: "consent-withdrawn", message: "said no", hint: "" } : null,
    });
    expect(asked).toEqual(["anna@contoso.com", "bert@contoso.com"]);
    expect(new Set(tenant.writes.map(({ address }) => /anna|bert|cleo/.exec(address)?.[0]))).toEqual(new Set(["anna"]));
  });

  it("shows no picture of a set of which one may not be written any more", async () => {
    const tenant = new FakeTenant();
    const upn = "anna@contoso.com";
    const stored = shown(tenant, upn, "anna", { master: "anna" });
    const { profile } = tenant.add(upn, { ...stored, files: { ...thumbnails(tenant, "anna"), L: null } });
    profile["SPS-PicturePlaceholderState"] = "1";
    const refusal = { code: "fix-mode", message: "waits", hint: "" };
    await applyAfter(tenant, () => undefined, {
      veto: ({ action }) => (action === "write-thumbnail" ? refusal : null),
    });
    expect(profile["SPS-PicturePlaceholderState"]).toBe("1");
    expect(outcomes("run-1").map(({ kind, error }) => [kind, error?.code])).toEqual([
      ["skipped", "fix-mode"],
      ["skipped", "earlier-action-failed"],
    ]);
  });

  it("takes everything of a user who withdrew consent, properties first, and keeps no copy", async () => {
    const tenant = new FakeTenant();
    const upn = "nein@contoso.com";
    const person = tenant.add(upn, shown(tenant, upn, "nein", { master: "nein" }));
    rig = openRig(tenant);
    const settings = { rules: ["consent-withdrawn" as const] };
    rig.begin("run-1");
    const result = await rig.apply(await planOf(tenant, rig.state, { settings }), "run-1");
    expect(result.exitCode).toBe(0);
    expect(tenant.writes.map(({ address }) => address.replace(`${upn}/`, ""))).toEqual([
      `cloud/${upn}`,
      "SPS-PicturePlaceholderState",
      "PictureURL",
      "L",
      "M",
      "S",
    ]);
    expect(person).toMatchObject({ cloud: null, files: { S: null, M: null, L: null }, profile: { PictureURL: "" } });
    const kept: string[] = [];
    for await (const sha256 of rig.ports.backups.all()) kept.push(sha256);
    expect(kept).toEqual([]);
  });

  it("remembers what it applied, by etag, so that a re-encoding service is no drift", async () => {
    const tenant = new FakeTenant();
    const anna = tenant.add("anna@contoso.com", { master: "anna", sharePoint: false });
    rig = openRig(tenant);
    await applyNow(tenant);
    expect(rig.state.records.lastApplied(anna.user.id, "exchange")).toMatchObject({
      etag: anna.cloud?.etag,
      action: "upload-photo",
      at: new Date(NOW).toISOString(),
    });
    expect(anna.cloud?.bytes.equals(picture("anna", 648))).toBe(false);
  });
});
