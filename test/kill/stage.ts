import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSandbox, setSandbox, startSandbox } from "../../src/sandbox/index.js";
import { imageOf, type TenantImage } from "../faults/tenant-image.js";
import { photodriftHere } from "../support/cli.js";

const MAIN = join(import.meta.dirname, "..", "..", "dist", "main.js");
const PRELOAD = join(import.meta.dirname, "preload.mjs");

/** How the program, or what it needs, ends. */
export const DEATHS = ["SIGKILL", "SIGTERM", "SIGINT", "sandbox gone", "network gone", "disk full"] as const;
export type Death = (typeof DEATHS)[number];

/** A moment of the run that nothing disturbed. */
export interface Step {
  readonly step: string;
  /** The action that is being written. */
  readonly kind: string;
}

/** Tenant and writes after everything is done. */
export interface End {
  /** Every photo, file and property, byte for byte; a time stamp that the run itself made is told as `now`. */
  readonly tenant: string;
  /** Writes that the tenant carried out, whatever became of the connection: method and place, sorted. */
  readonly writes: readonly string[];
}

export const JOBS = ["apply", "undo"] as const;
export type Job = (typeof JOBS)[number];

export interface Stage {
  /** Runs the job in a process of its own, and nothing disturbs it. */
  undisturbed(job: Job): Promise<{ readonly end: End; readonly steps: readonly Step[] }>;
  /** Runs it, ends it at a step, and does what the user would: the same command once more. */
  cutOff(
    job: Job,
    at: number,
    how: Death,
  ): Promise<{
    readonly end: End;
    readonly struck: boolean;
    readonly codes: readonly (number | null)[];
    readonly told: string;
  }>;
  close(): Promise<void>;
}

/** How an undisturbed run ends: nothing is left; what was deleted for want of consent cannot be put back. */
const ENDS: Readonly<Record<Job, number>> = { apply: 0, undo: 4 };

const DRIFT = [
  "user.renee.dubois@contoso.com.photo.entra=none",
  "user.renee.dubois@contoso.com.photo.exchange=none",
  "user.wei.wang@contoso.com.photo.entra=placeholder",
  "user.wei.wang@contoso.com.photo.exchange=placeholder",
  "user.aoife.oconnor@contoso.com.photo.L=none",
  "user.soren.orsted@contoso.com.photo.L=placeholder",
  "user.ivan.petrov@contoso.com.profile.placeholderState=1",
];
const CONFIG = `
policy:
  consent: ./opted-out.csv
  autoApply: [missing-photo, missing-thumbnail, placeholder-image, profile-property-mismatch, consent-withdrawn]
limits: {maxChangePercent: 100, maxRemovals: 20, concurrency: 1}
`;

interface Start {
  readonly tenant: TenantImage;
  readonly files: string;
  readonly argv: readonly string[];
}

/** A tenant with a thing to do of each kind: photo, thumbnails, properties, and the removal of a user's pictures for want of consent. */
export async function openStage(): Promise<Stage> {
  const root = await mkdtemp(join(tmpdir(), "photodrift-kill-"));
  const tenantDir = join(root, "tenant");
  const server = await startSandbox({ dir: tenantDir, users: 12, seed: 5, profile: "clean" });
  await setSandbox(tenantDir, DRIFT);
  const files = join(root, "files");
  await mkdir(files);
  const text = await readFile(join(tenantDir, "photodrift.yaml"), "utf8");
  const config = ["ca.pem", "app.pem", "photos"].reduce(
    (all, name) => all.replace(`./${name}`, join(tenantDir, name)),
    text,
  );
  await writeFile(join(files, "photodrift.yaml"), config + CONFIG);
  await writeFile(join(files, "opted-out.csv"), "user\nlukasz.wisniewski@contoso.com\n");
  const apply = ["apply", "--yes", "--quiet", "--config"];
  // Everything is known before: what is cut off is the writing, not the first reading.
  await photodriftHere(["audit", "--quiet", "--config", join(files, "photodrift.yaml")]);
  /** Time stamps that a run finds; every other one is the time of the run itself. */
  const stamps = new Set<string>();
  const starts = new Map<Job, Start>([["apply", await startOf("apply", apply)]]);

  async function startOf(name: string, argv: readonly string[]): Promise<Start> {
    const kept = join(root, `start-${name}`);
    await cp(files, kept, { recursive: true });
    return { tenant: imageOf(server.tenant), files: kept, argv };
  }

  /** The undo of the last apply; what was deleted for want of consent stays so. */
  async function startOfUndo(): Promise<Start> {
    const known = starts.get("undo");
    if (known !== undefined) return known;
    const config = join(files, "photodrift.yaml");
    starts.get("apply")?.tenant.restore();
    await photodriftHere([...apply, config]);
    const { runs } = JSON.parse((await photodriftHere(["runs", "--format", "json", "--config", config])).stdout) as {
      runs: { id: string; mode: string }[];
    };
    const id = runs.find(({ mode }) => mode === "apply")?.id ?? "";
    const made = await startOf("undo", ["undo", id, "--yes", "--quiet", "--config"]);
    starts.set("undo", made);
    return made;
  }

  async function begin(job: Job): Promise<{ dir: string; argv: readonly string[]; logged: number }> {
    const start = job === "undo" ? await startOfUndo() : (starts.get("apply") as Start);
    start.tenant.restore();
    const dir = await mkdtemp(join(root, "run-"));
    await cp(start.files, dir, { recursive: true });
    const { users } = (await readSandbox(tenantDir, "state?hashes=0")) as Dump;
    for (const { profile } of users) stamps.add(profile?.["timestamp"] ?? "");
    return { dir, argv: [...start.argv, join(dir, "photodrift.yaml")], logged: (await entries()).length };
  }

  async function entries(): Promise<readonly Logged[]> {
    return ((await readSandbox(tenantDir, "log")) as { entries: readonly Logged[] }).entries;
  }

  async function endOf(logged: number): Promise<End> {
    const { users, library } = (await readSandbox(tenantDir, "state")) as Dump;
    const people = users.map(({ upn, entra, exchange, profile }) => ({
      upn,
      photos: [entra?.sha256 ?? null, exchange?.sha256 ?? null],
      profile: profile && {
        ...profile,
        timestamp: stamps.has(profile["timestamp"] ?? "") ? profile["timestamp"] : "now",
      },
    }));
    const kept = library.map(({ path, sha256 }) => `${path} ${sha256}`).sort();
    const writes = (await entries()).slice(logged).filter(isWrite);
    return {
      tenant: JSON.stringify({ people, kept }, null, 1),
      writes: writes.map(({ method, path }) => `${method} ${path}`).sort(),
    };
  }

  return {
    async undisturbed(job) {
      const { dir, argv, logged } = await begin(job);
      const trace = join(dir, "steps.json");
      const { code, stderr } = await ended(argv, { KILL_TRACE: trace });
      if (code !== ENDS[job]) throw new Error(`${job} ended with ${String(code)}: ${stderr}`);
      const steps = JSON.parse(await readFile(trace, "utf8")) as readonly Step[];
      return { end: await endOf(logged), steps };
    },
    async cutOff(job, at, how) {
      const { dir, argv, logged } = await begin(job);
      const { code } = await ended(argv, { KILL_AT: String(at), KILL_HOW: how, KILL_STRUCK: join(dir, "struck") });
      const struck = existsSync(join(dir, "struck"));
      const again = await photodriftHere(argv);
      const end = await endOf(logged);
      await rm(dir, { recursive: true, force: true });
      return { end, struck, codes: [code, again.code], told: `${again.stderr}${again.stdout}` };
    },
    async close() {
      await server.stop();
      await rm(root, { recursive: true, force: true });
    },
  };
}

interface Logged {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

interface Dump {
  readonly users: readonly {
    readonly upn: string;
    readonly entra: { readonly sha256: string } | null;
    readonly exchange: { readonly sha256: string } | null;
    readonly profile: Readonly<Record<string, string>> | null;
  }[];
  readonly library: readonly { readonly path: string; readonly sha256: string }[];
}

function isWrite({ method, path, status }: Logged): boolean {
  const taken = status >= 200 && status < 300;
  return taken && (["PUT", "PATCH", "DELETE"].includes(method) || /addusingpath|setsinglevalue/i.test(path));
}

/** The program as users start it, with the preload that strikes. */
async function ended(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ readonly code: number | null; readonly stderr: string }> {
  const child = spawn(process.execPath, ["--import", PRELOAD, MAIN, ...argv], {
    env: { ...process.env, HTTPS_PROXY: "", https_proxy: "", ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, stderr };
}
