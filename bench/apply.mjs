/**
 * Cost of an apply: `npm run bench:apply` after a build; USERS=5000 sets the number of users (500), DRIFT=all takes every picture of every user
 * in scope away, so that all of them drift. Requests for each drifting user and writes against the fewest that can do, counted from what the sandbox seeded and from its state without any code of the planner. Exit code 1 when a
 * budget is missed, when automatic drift is left, or when a second apply writes.
 */
import { spawn } from "node:child_process";
import { appendFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import Table from "cli-table3";
import { readSandbox, setSandbox } from "../dist/sandbox/index.js";

const users = Number(process.env.USERS ?? process.argv[2] ?? 500);
const MAIN = path.join(import.meta.dirname, "..", "dist", "main.js");
/** Profiles that one run reads for the first time (src/run/observe-profiles.ts). */
const FIRST_READINGS = 5_000;
/** The default policy.autoApply, as far as a picture is written for it. */
const PICTURE_RULES = ["missing-photo", "missing-thumbnail", "stale-photo", "low-resolution"];

const folder = await mkdtemp(path.join(tmpdir(), "photodrift-bench-apply-"));
const dir = path.join(folder, "sandbox");
const config = path.join(dir, "photodrift.yaml");
const missed = [];
const table = new Table({
  head: ["measured", "found", "budget", "share"],
  colAligns: ["left", "right", "right", "right"],
});
try {
  await measure();
} finally {
  await rm(folder, { recursive: true, force: true });
}
console.log(table.toString());
console.log(missed.length === 0 ? "All budgets held." : `Budgets missed: ${missed.join("; ")}`);
process.exitCode = missed.length === 0 ? 0 : 1;

async function measure() {
  const sandbox = spawn(process.execPath, [MAIN, "sandbox", "start", "--users", String(users), "--dir", dir]);
  try {
    await new Promise((resolve, reject) => {
      sandbox.stdout.once("data", resolve);
      sandbox.once("exit", () => reject(new Error("the sandbox did not start")));
    });
    const truth = JSON.parse(await readFile(path.join(dir, "truth.json"), "utf8"));
    await appendFile(config, "limits: {maxChangePercent: 100}\n");
    const state = await readSandbox(dir, "state?hashes=0");
    const seeded = fewest(truth, state);
    const more = process.env.DRIFT === "all" ? fewestOf(await emptied(state, truth)) : { writes: 0, drifting: 0 };
    const [writes, drifting] = [seeded.writes + more.writes, seeded.drifting + more.drifting];
    // A run reads so many profiles for the first time: a plan made before all were read leaves some to the next one.
    for (let read = FIRST_READINGS; read < users; read += FIRST_READINGS) await photodrift("audit");
    const plan = path.join(folder, "plan.json");
    await photodrift("audit", "--plan", plan);
    const before = (await log()).length;
    const started = performance.now();
    await photodrift("apply", plan);
    const seconds = (performance.now() - started) / 1000;
    const served = (await log()).slice(before);
    const sent = served.filter(isWrite).length;
    const http = served.filter(({ batched }) => batched !== true).length;
    row(`${users} users, ${drifting} drifting: writes against the fewest`, sent, writes);
    row("requests a drifting user", (http / drifting).toFixed(2), process.env.DRIFT === "all" ? 6.1 : 7.4);
    const least = leastRequests(served);
    console.log(`fewest requests by the services' limits: ${(least / drifting).toFixed(2)} a drifting user`);
    await photodrift("apply", "--yes");
    const again = (await log()).slice(before + served.length).filter(isWrite).length;
    row("writes of a second apply", again, 0);
    console.log(`apply took ${seconds.toFixed(1)} s, ${(drifting / seconds).toFixed(1)} users a second`);
  } finally {
    sandbox.kill("SIGTERM");
    if (sandbox.exitCode === null) await new Promise((resolve) => sandbox.once("exit", resolve));
  }
}

/**
 * What the same looks, uploads and downloads need where every batch is full: a thumbnail's bytes travel alone, Graph takes twenty parts in one
 * batch, SharePoint a hundred (facts/sharepoint.md 3.4 and 10.5).
 */
function leastRequests(served) {
  const alone = served.filter(
    ({ host, path: asked }) => host.startsWith("sharepoint") && /addusingpath|\$value/i.test(asked),
  );
  const graph = served.filter(({ host, batched }) => host === "graph" && batched === true);
  const sharePoint = served.filter(
    ({ host, method, path: asked, batched }) =>
      host.startsWith("sharepoint") &&
      !/addusingpath|\$value|\$batch/i.test(asked) &&
      (batched === true || method === "GET"),
  );
  return alone.length + Math.ceil(graph.length / 20) + Math.ceil(sharePoint.length / 100);
}

async function log() {
  return (await readSandbox(dir, "log")).entries;
}

function isWrite({ method, path: asked }) {
  return ["PUT", "PATCH", "DELETE"].includes(method) || /addusingpath|setsinglevalueprofileproperty/i.test(asked);
}

/** Takes every picture of users in order away (members with a licence and a master, nothing seeded); gives these users. */
async function emptied({ users: everybody }, truth) {
  const inOrder = new Set(truth.users.filter(({ findings }) => findings.length === 0).map(({ upn }) => upn));
  // Files with a fault of their own are nobody's master.
  const faulty = new Set(truth.files.filter(({ findings }) => findings.length > 0).map(({ file }) => nameIn(file)));
  const chosen = everybody.filter(
    ({ upn, displayName, userType, accountEnabled, licences, profile, entra, exchange }) =>
      inOrder.has(upn) &&
      !faulty.has(nameIn(displayName)) &&
      !faulty.has(upn.toLowerCase()) &&
      userType === "Member" &&
      accountEnabled &&
      licences.length > 0 &&
      (entra ?? exchange) !== null &&
      (profile?.pictureUrl ?? "") !== "",
  );
  const places = ["entra", "exchange", "S", "M", "L"];
  for (let at = 0; at < chosen.length; at += 100) {
    await setSandbox(
      dir,
      chosen
        .slice(at, at + 100)
        .flatMap(({ upn, hasMailbox }) =>
          places
            .filter((place) => place !== "exchange" || hasMailbox)
            .map((place) => `user.${upn}.photo.${place}=none`),
        ),
    );
  }
  return chosen;
}

function nameIn(text) {
  return text
    .replace(/\.[a-z]+$/i, "")
    .normalize("NFC")
    .replace(/[\s_-]+/g, " ")
    .toLowerCase();
}

/** An upload, three thumbnails, the properties that differ, and the timestamp. */
function fewestOf(chosen) {
  return { drifting: chosen.length, writes: chosen.reduce((sum, user) => sum + 4 + properties(user), 0) };
}

/** One upload for a wrong cloud photo, one for each wrong thumbnail, one for each property that differs, and the timestamp with them. */
function fewest(truth, state) {
  const byUpn = new Map(state.users.map((user) => [user.upn, user]));
  let writes = 0;
  let drifting = 0;
  for (const { upn, findings } of truth.users) {
    const user = byUpn.get(upn);
    const wrong = new Set(findings.filter(({ rule }) => PICTURE_RULES.includes(rule)).map(({ address }) => address));
    const thumbnails = [...wrong].some((address) => address.startsWith("sharepoint/"));
    const mismatch = findings.some(({ rule }) => rule === "profile-property-mismatch");
    if (wrong.size > 0 || mismatch) drifting++;
    writes += wrong.size;
    const profile = user?.profile ?? null;
    if ((!thumbnails && !mismatch) || profile === null) continue;
    writes += properties(user);
  }
  return { writes, drifting };
}

/** The properties that differ from what thumbnails need, and the timestamp with them. */
function properties({ id, upn, profile, hasMailbox }) {
  const stem = /([^/]+)_MThumb\.jpg$/.exec(profile.pictureUrl)?.[1] ?? "";
  const own = [id, upn.toLowerCase().replace(/[@.]/g, "_")].includes(stem.toLowerCase());
  const pulls = hasMailbox === false && profile.exchangeSyncState !== "0";
  return [!own, profile.placeholderState !== "0", pulls].filter(Boolean).length + 1;
}

function row(name, found, budget) {
  const share = Number(budget) === 0 ? (Number(found) === 0 ? 0 : Infinity) : Number(found) / Number(budget);
  table.push([name, found, budget, share.toFixed(2)]);
  if (share > 1) missed.push(`${name}: ${found} > ${budget}`);
}

/** Exit code 2 is drift that an administrator decides about. */
function photodrift(...words) {
  const child = spawn(process.execPath, [MAIN, ...words, "--config", config, "--quiet"], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  return new Promise((resolve, reject) => {
    child.once("exit", (code) =>
      code === 0 || code === 2 ? resolve(code) : reject(new Error(`${words.join(" ")}: exit code ${code}`)),
    );
  });
}
