import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readSandbox, startSandbox, type RunningSandboxServer } from "../../src/sandbox/index.js";
import { photodrift } from "../support/cli.js";

const USERS = 240;

interface Report {
  readonly summary: { readonly users: number; readonly usersInScope: number };
  readonly cost: {
    readonly requests: { readonly login: number; readonly graph: number; readonly sharepoint: number };
    readonly bytesIn: number;
    readonly throttled: number;
    readonly imagesDownloaded: number;
  };
}

interface Log {
  readonly entries: readonly { readonly host: string; readonly path: string; readonly batched: boolean }[];
  readonly summary: {
    readonly requestsByHost: { readonly [host: string]: number };
    readonly accusations: readonly { readonly kind: string; readonly count: number }[];
  };
}

interface Run {
  readonly report: Report;
  /** Requests that reached the tenant in this run, by host. */
  readonly served: Record<string, number>;
  /** Image bytes that were asked for: renditions inside of batches, and files. */
  readonly images: { readonly renditions: number; readonly files: number };
}

let dir: string;
let sandbox: RunningSandboxServer;
let cold: Run;
let warm: Run;

async function log(): Promise<Log> {
  return (await readSandbox(dir, "log")) as Log;
}

async function audit(): Promise<Run> {
  const before = await log();
  const { stdout, stderr } = await photodrift(["audit", "--format", "json", "--quiet"], dir);
  if (stdout === "") throw new Error(stderr);
  const after = await log();
  const entries = after.entries.slice(before.entries.length);
  const served = Object.fromEntries(
    Object.entries(after.summary.requestsByHost).map(([host, count]) => [
      host,
      count - (before.summary.requestsByHost[host] ?? 0),
    ]),
  );
  const renditions = entries.filter(({ host, path }) => host === "graph" && /\/photos?\/.*\$value/.test(path)).length;
  const files = entries.filter(({ host, path }) => host === "sharepointMy" && /\$value/i.test(path)).length;
  return { report: JSON.parse(stdout) as Report, served, images: { renditions, files } };
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "photodrift-scale-"));
  sandbox = await startSandbox({ dir, profile: "large", users: USERS, seed: 4 });
  cold = await audit();
  warm = await audit();
}, 240_000);

afterAll(async () => {
  await sandbox.stop();
  await rm(dir, { recursive: true, force: true });
});

/** List of users and licences, sample of the topology, photo policy: what every run asks Graph whatever the number of users. */
const FIXED_GRAPH = 6;
/** The library is found and its change mark read; the site and its folders. */
const FIXED_SHAREPOINT = 4;
/** A batch a hundred profiles, and no fewer batches than may be under way at once: the parts of one are worked on one after another. */
const batchesOf = (profiles: number): number => Math.max(8, Math.ceil(profiles / 100));

describe("requests of an audit stay within the documented budget", () => {
  it("cold: one batch of 20 for metadata, one for renditions, each but the last one full", () => {
    const { usersInScope, users } = cold.report.summary;
    const pages = Math.ceil(users / 999);
    // Directory photos of users without a mailbox and undecided renditions leave in batches of their own.
    const budget = pages + FIXED_GRAPH + Math.ceil(usersInScope / 20) + Math.ceil(cold.images.renditions / 20) + 3;
    expect(cold.images.renditions).toBeGreaterThan(usersInScope / 2);
    expect(cold.report.cost.requests.graph).toBeLessThanOrEqual(budget);
  });

  it("cold: SharePoint pays one page of inventory, a batch a hundred profiles, and one download a picture", () => {
    const { usersInScope } = cold.report.summary;
    const budget = 1 + FIXED_SHAREPOINT + batchesOf(usersInScope) + cold.images.files;
    expect(cold.report.cost.requests.sharepoint).toBeLessThanOrEqual(budget);
    expect(cold.report.cost.imagesDownloaded).toBe(cold.images.renditions + cold.images.files);
  });

  it("warm: metadata and the list of users, and not one image byte", () => {
    const { usersInScope, users } = warm.report.summary;
    expect(warm.images).toEqual({ renditions: 0, files: 0 });
    expect(warm.report.cost.imagesDownloaded).toBe(0);
    const graph = Math.ceil(users / 999) + FIXED_GRAPH + Math.ceil(usersInScope / 20);
    expect(warm.report.cost.requests.graph).toBeLessThanOrEqual(graph);
    expect(warm.report.cost.requests.sharepoint).toBeLessThanOrEqual(FIXED_SHAREPOINT + batchesOf(usersInScope));
  });

  it("the same formulas keep 10,000 users within 900 requests cold and 560 warm", () => {
    const cloud = (photos: number): number => 11 + FIXED_GRAPH + 10_000 / 20 + Math.ceil(photos / 20) + 3;
    expect(cloud(7_000)).toBeLessThanOrEqual(900);
    // Once every profile was read: the rolling round and the most readings that may be made again.
    const profiles = (500 + 1_500) / 100;
    expect(cloud(0) + FIXED_SHAREPOINT + profiles + cold.report.cost.requests.login).toBeLessThanOrEqual(560);
  });
});

describe("the cost in the report", () => {
  it("is what the tenant served", () => {
    for (const { report, served } of [cold, warm]) {
      const { login, graph, sharepoint } = report.cost.requests;
      const files = (served["sharepointMy"] ?? 0) + (served["sharepointAdmin"] ?? 0) + (served["sharepoint"] ?? 0);
      expect({ login, sharepoint }).toEqual({ login: served["login"], sharepoint: files });
      // Reading the log is a request to the Graph host, too.
      expect([graph, graph + 1]).toContain(served["graph"]);
    }
  });

  it("and the tenant had nothing to complain about", async () => {
    expect((await log()).summary.accusations).toEqual([]);
    expect(cold.report.cost.throttled + warm.report.cost.throttled).toBe(0);
  });
});
