import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import sharp from "sharp";
import { setSandbox, startSandbox } from "../../src/sandbox/index.js";
import type { Tenant } from "../../src/sandbox/tenant.js";
import { rightTheClock } from "./fast-timer.js";
import type { RunKind } from "./phases.js";
import { program, type Ended } from "./program.js";
import { openProxy, type Proxy } from "./proxy.js";
import { imageOf, type TenantImage } from "./tenant-image.js";

/**
 * Drift of each kind that a plan can mend, besides users in order: one missing photo, two placeholders that differ (else exchanging them
 * would change nothing), a lost thumbnail, a hidden picture. @param plain file with a picture of one colour
 */
const driftOf = (plain: string): readonly string[] => [
  "user.renee.dubois@contoso.com.photo.entra=none",
  "user.renee.dubois@contoso.com.photo.exchange=none",
  "user.wei.wang@contoso.com.photo.entra=placeholder",
  "user.wei.wang@contoso.com.photo.exchange=placeholder",
  `user.lukasz.wisniewski@contoso.com.photo.entra=${plain}`,
  `user.lukasz.wisniewski@contoso.com.photo.exchange=${plain}`,
  "user.aoife.oconnor@contoso.com.photo.L=none",
  "user.soren.orsted@contoso.com.photo.L=placeholder",
  "user.ivan.petrov@contoso.com.profile.placeholderState=1",
];

/** The sandbox as it stands before a run of one kind, and the program's files at that time. */
interface Start {
  readonly tenant: TenantImage;
  readonly files: string;
  readonly argv: readonly string[];
}

export interface Staged {
  readonly dir: string;
  readonly ended: Ended;
}

/** A tenant with some drift behind a proxy, and the starting points of the three runs, each made once by clean runs. */
export interface Stage {
  readonly proxy: Proxy;
  readonly tenant: Tenant;
  /** Puts tenant and files back and runs the program; its folder stays until `forget`. */
  run(kind: RunKind): Promise<Staged>;
  forget(staged: Staged): Promise<void>;
  close(): Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const root = await mkdtemp(join(tmpdir(), "photodrift-faults-"));
  const tenantDir = join(root, "tenant");
  const server = await startSandbox({ dir: tenantDir, users: 12, seed: 5, profile: "clean" });
  const { tenant } = server;
  const plain = join(root, "plain.jpg");
  await sharp({ create: { width: 648, height: 648, channels: 3, background: "#20407f" } }).toFile(plain);
  await setSandbox(tenantDir, driftOf(plain));
  const tenantCa = await readFile(join(tenantDir, "ca.pem"), "utf8");
  const proxy = await openProxy({ origins: server.origins, tenantCa });
  const group = [...tenant.groups.values()][0];
  if (group === undefined) throw new Error("the sandbox has no group");
  group.members = [...tenant.users.keys()];
  const files = join(root, "files");
  await writeFile(join(tenantDir, "ca.pem"), tenantCa + proxy.caPem);
  await cp(join(tenantDir, "photos"), join(root, "photos"), { recursive: true });
  await writeConfig(tenantDir, files, root, group.id);
  const starts = await makeStarts(files, tenant, proxy);

  return {
    proxy,
    tenant,
    async run(kind) {
      const start = starts[kind];
      const dir = await mkdtemp(join(root, "cell-"));
      await cp(start.files, dir, { recursive: true });
      start.tenant.restore();
      rightTheClock();
      const argv = start.argv.map((word) => word.replace("{dir}", dir));
      return { dir, ended: await program(argv, proxy.url) };
    },
    forget: ({ dir }) => rm(dir, { recursive: true, force: true }),
    async close() {
      await proxy.close();
      await server.stop();
      await rm(root, { recursive: true, force: true });
    },
  };
}

async function writeConfig(tenantDir: string, files: string, root: string, group: string): Promise<void> {
  const text = await readFile(join(tenantDir, "photodrift.yaml"), "utf8");
  const config = text
    .replace("./ca.pem", join(tenantDir, "ca.pem"))
    .replace("./app.pem", join(tenantDir, "app.pem"))
    .replace("./photos", join(root, "photos"));
  const more = [
    "scope:",
    `  groups: ["${group}"]`,
    "policy:",
    "  autoApply: [missing-photo, missing-thumbnail, placeholder-image, profile-property-mismatch]",
  ];
  await mkdir(files, { recursive: true });
  await writeFile(join(files, "photodrift.yaml"), `${config}${more.join("\n")}\n`);
}

const CONFIG = ["--config", "{dir}/photodrift.yaml", "--quiet"] as const;
const REPORT = ["--format", "json", "--output", "{dir}/report.json"] as const;

async function makeStarts(files: string, tenant: Tenant, proxy: Proxy): Promise<Readonly<Record<RunKind, Start>>> {
  const argvs = {
    audit: ["audit", "--plan", "{dir}/plan.json", ...REPORT, ...CONFIG],
    full: ["audit", "--full", "--plan", "{dir}/plan.json", ...REPORT, ...CONFIG],
    apply: ["apply", "{dir}/plan.json", ...REPORT, ...CONFIG],
  };
  const step = async (argv: readonly string[], expected: number): Promise<Ended> => {
    const ended = await program(
      argv.map((word) => word.replace("{dir}", files)),
      proxy.url,
    );
    if (ended.code !== expected)
      throw new Error(`${argv.join(" ")} ended with ${String(ended.code)}: ${ended.stdout}${ended.stderr}`);
    return ended;
  };
  const kept = async (argv: readonly string[], name: string): Promise<Start> => {
    await cp(files, `${files}-${name}`, { recursive: true });
    // What a run writes must not be there before it.
    await rm(join(`${files}-${name}`, "report.json"), { force: true });
    if (name === "audit") await rm(join(`${files}-${name}`, "plan.json"), { force: true });
    return { tenant: imageOf(tenant), files: `${files}-${name}`, argv };
  };
  await step(argvs.full, 2);
  // An unchanged library would not be listed again.
  tenant.library.lastModifiedAt += 60_000;
  const audit = await kept(argvs.audit, "audit");
  const apply = await kept(argvs.apply, "apply");
  forgetPictures(join(apply.files, "photodrift.db"));
  await step(argvs.apply, 0);
  const runs = await step(["runs", ...CONFIG], 0);
  const applied = /(\S+-[0-9a-f]{6})\s+apply/.exec(runs.stdout)?.[1] ?? "";
  return {
    audit,
    "full-audit": { ...audit, argv: argvs.full },
    apply,
    undo: await kept(["undo", applied, "--yes", ...REPORT, ...CONFIG], "undo"),
  };
}

/** As in a large tenant, of which an audit keeps no picture that is right: every backup is downloaded. */
function forgetPictures(file: string): void {
  const db = new Database(file);
  db.exec("DELETE FROM previews");
  db.close();
}
