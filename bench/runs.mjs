/**
 * A year of runs: `npm run bench:runs` after a build. A state of USERS (10,000) with FINDINGS (18,000) that stay through RUNS (90) runs: what the
 * file grows by in a run in which nothing changed, what one in which a hundredth changed costs, and how long the commands take that read it.
 * Exit code 1 when a budget is missed. Seconds are those of the processor: the machine may be busy.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { openState } from "../dist/state/index.js";
import { MAIN, measured, sizeOf } from "./measured.mjs";
import { paperConfig } from "./paper-config.mjs";
import { newTable, print } from "./tables.mjs";

const users = Number(process.env.USERS ?? 10_000);
const findings = Number(process.env.FINDINGS ?? 18_000);
const runs = Number(process.env.RUNS ?? 90);
const MEBIBYTE = 1024 * 1024;
const GROWTH_MIB = 1;
const READ_SECONDS = 1;

const folder = await mkdtemp(path.join(tmpdir(), "photodrift-bench-runs-"));
const missed = [];
const table = newTable(`${users} users, ${findings} findings, ${runs} runs`, ["measured", "found", "budget"]);
try {
  const file = path.join(folder, "state.db");
  await fill(file);
  const config = await paperConfig(folder, file);
  const out = path.join(folder, "out.json");
  await command("runs", ["runs", "--config", config]);
  await command("report of the last run, JSON", ["report", "--config", config, "--format", "json", "--output", out]);
  await command("report of the first run, JSON", [
    "report",
    "run-00",
    "--config",
    config,
    "--format",
    "json",
    "--output",
    out,
  ]);
} finally {
  await rm(folder, { recursive: true, force: true });
}
print(table);
console.log(missed.length === 0 ? "All budgets held." : `Budgets missed: ${missed.join("; ")}`);
process.exitCode = missed.length === 0 ? 0 : 1;

async function fill(file) {
  const state = openState(file, "contoso.com");
  const sizes = [];
  const cpu = [];
  for (let run = 0; run < runs + 2; run++) {
    const before = process.cpuUsage();
    // The last but one has other findings for one user in a hundred, the last one has the former again.
    await record(state, run, run === runs ? 100 : 0);
    state.db.pragma("wal_checkpoint(TRUNCATE)");
    sizes.push(sizeOf(file));
    const { user, system } = process.cpuUsage(before);
    cpu.push((user + system) / 1e6);
  }
  state.close();
  row("first run, MiB", sizes[0] / MEBIBYTE, null);
  row(
    "growth of a run in which nothing changed, MiB",
    (sizes[runs - 1] - sizes[0]) / (runs - 1) / MEBIBYTE,
    GROWTH_MIB,
  );
  row("growth of a run in which 1 % changed, MiB", (sizes[runs + 1] - sizes[runs - 1]) / 2 / MEBIBYTE, GROWTH_MIB);
  row("recording an unchanged run, CPU s", cpu.slice(1, runs).reduce((sum, one) => sum + one, 0) / (runs - 1), null);
}

/** @param every findings of one user in so many have another text; 0 for none */
async function record({ records }, number, every) {
  const id = `run-${String(number).padStart(2, "0")}`;
  const startedAt = new Date(Date.UTC(2026, 0, 1) + number * 86_400_000).toISOString();
  records.transaction(() => {
    records.beginRun({ id, startedAt, mode: "audit", trigger: "cli", tenant: "contoso.com" });
    for (let from = 0; from < findings; from += 200) {
      const drafts = [];
      for (let at = from; at < Math.min(findings, from + 200); at++) drafts.push(draft(at, every));
      records.recordFindings(id, drafts);
    }
  });
  const coverage = { rules: null, stores: new Set(["exchange", "sharepoint"]), unreadable: new Set(), userIds: null };
  const settled = await records.settleFindings(id, coverage);
  const ended = { startedAt, finishedAt: startedAt, verdict: "drift", exitCode: 2, complete: true };
  const none = { login: 0, graph: 0, sharepoint: 0, exchange: 0 };
  records.transaction(() => {
    records.confirmFindings(id);
    records.finishRun(
      { id, mode: "audit", trigger: "cli", tenant: "contoso.com", ...ended },
      {
        users,
        usersInScope: users,
        usersInSync: users - findings / 2,
        usersWithDrift: findings / 2,
        masters: users,
        leftOut: [],
        byRule: { "stale-photo": findings },
        byStore: { exchange: findings },
        ...settled,
      },
      { requests: none, bytesIn: 0, bytesOut: 0, throttled: 0, waitedSeconds: 0, imagesDownloaded: 0 },
    );
  });
  records.prune({ audits: runs + 2, undoSince: "9999" });
}

function draft(at, every) {
  const user = at % users;
  const upn = `user.number${user}@contoso.com`;
  const size = ["S", "M", "L"][Math.floor(at / users)] ?? "L";
  const side = every > 0 && user % every === 0 ? 240 : 200;
  return {
    rule: "stale-photo",
    severity: "error",
    drift: true,
    user: { id: String(user).padStart(36, "0"), upn, displayName: `User Number${user}` },
    address: `sharepoint/${upn}/${size}Thumb`,
    attribution: null,
    cause: "unknown",
    expected: { file: `${upn}.jpg`, width: 2400, height: 2400, sha256: String(at).padStart(64, "0") },
    actual: {
      verdict: "different",
      width: side,
      height: side,
      sha256: String(at + findings).padStart(64, "0"),
      etag: `"${at},1"`,
    },
    summary: `The ${size} thumbnail shows an older picture than the master; it was replaced in the folder and has not arrived yet.`,
    remedy: { kind: "automatic", actions: ["write-thumbnail"] },
  };
}

async function command(name, args) {
  const { cpu } = await measured(folder, [MAIN, ...args]);
  row(`${name}, CPU s`, cpu / 1000, READ_SECONDS);
}

function row(name, found, budget) {
  table.push([name, found.toFixed(2), budget ?? ""]);
  if (budget !== null && found > budget) missed.push(name);
}
