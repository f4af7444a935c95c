import type { Argv } from "yargs";
import { relative, resolve } from "node:path";
import { PhotodriftError } from "../../model/errors.js";
import { seedSandbox, setSandbox, startSandbox, stopSandbox, type SandboxOptions } from "../../sandbox/index.js";
import { EXIT } from "../../model/exit-codes.js";
import type { GlobalFlags, Invocation } from "../line/globals.js";
import { unknownName } from "../line/unknown-name.js";
import { wholeNumber } from "../line/whole-number.js";

export interface SandboxFlags extends GlobalFlags {
  readonly action: string;
  readonly pairs: readonly string[] | undefined;
  readonly dir: string;
  readonly users: number | undefined;
  readonly seed: number;
  readonly profile: string;
  readonly faults: string | undefined;
  readonly latency: number | undefined;
  readonly photos: string | undefined;
  readonly ports: string | undefined;
}

/** Its first word. */
export const SANDBOX_ACTIONS = ["start", "seed", "set", "stop"] as const;
/** Tenants that it can be. */
export const PROFILES = ["demo", "clean", "german", "legacy", "large"] as const;

export function sandboxFlags<T>(yargs: Argv<T>) {
  return yargs
    .positional("action", { type: "string", demandOption: true, describe: "start, seed, set or stop" })
    .positional("pairs", { type: "string", array: true, describe: "key=value pairs for set" })
    .option("dir", { type: "string", default: "./sandbox", describe: "folder of the sandbox" })
    .option("users", { type: "number", describe: "number of users (60 unless told)" })
    .option("seed", { type: "number", default: 1, describe: "same seed, same tenant" })
    .option("profile", { type: "string", default: "demo", describe: PROFILES.join(", ") })
    .option("faults", { type: "string", describe: "fault rules, or a file of them" })
    .option("latency", { type: "number", describe: "milliseconds of every answer and every part of a batch" })
    .option("photos", { type: "string", describe: "folder of real portraits to take the people from" })
    .option("ports", { type: "string", describe: "six ports: login,graph,exchange,sharepoint,my,admin (0 = free)" });
}

/** The emulated tenant as a server of its own. `start` runs until Ctrl-C, SIGTERM or `sandbox stop`. */
export async function sandboxCommand(flags: SandboxFlags, invocation: Invocation): Promise<number> {
  const dir = resolve(flags.dir);
  try {
    return await act(flags, dir, invocation);
  } catch (error) {
    if (error instanceof PhotodriftError || !(error instanceof Error)) throw error;
    const usage = error instanceof RangeError;
    const hint = usage
      ? "`photodrift sandbox --help` tells what each flag takes."
      : "Check --dir; `photodrift sandbox stop --dir DIR` ends one that runs there.";
    throw new PhotodriftError("sandbox", error.message, hint, usage ? "usage" : "failed", error);
  }
}

async function act(flags: SandboxFlags, dir: string, invocation: Invocation): Promise<number> {
  switch (flags.action) {
    case "start":
      return await start(optionsOf(flags, dir), invocation);
    case "seed":
      await seedSandbox(optionsOf(flags, dir));
      await invocation.terminal.out(`Seeded ${relative(".", dir) || "."}: photos/, truth.json\n`);
      return EXIT.ok;
    case "set":
      await set(dir, flags.pairs ?? [], invocation);
      return EXIT.ok;
    case "stop":
      await invocation.terminal.out(
        (await stopSandbox(dir)) ? "The sandbox has stopped.\n" : `No sandbox runs in ${relative(".", dir) || "."}.\n`,
      );
      return EXIT.ok;
    default:
      throw unknownName("sandbox command", flags.action, SANDBOX_ACTIONS);
  }
}

async function set(dir: string, pairs: readonly string[], { terminal }: Invocation): Promise<void> {
  if (pairs.length === 0) {
    throw new PhotodriftError("usage", "set needs key=value.", "For example clock=+72h or faults=storm.", "usage");
  }
  for (const done of await setSandbox(dir, pairs)) await terminal.out(`${done}\n`);
}

function optionsOf(flags: SandboxFlags, dir: string): SandboxOptions {
  const profile = PROFILES.find((name) => name === flags.profile);
  if (profile === undefined) throw unknownName("profile", flags.profile, PROFILES);
  wholeNumber("--users", flags.users, { from: 1, example: "120." });
  wholeNumber("--seed", flags.seed, { example: "7." });
  wholeNumber("--latency", flags.latency, { from: 0, example: "40, in milliseconds." });
  return {
    dir,
    seed: flags.seed,
    profile,
    ...(flags.users === undefined ? {} : { users: flags.users }),
    ...(flags.faults === undefined ? {} : { faults: flags.faults }),
    ...(flags.latency === undefined ? {} : { latency: flags.latency }),
    ...(flags.photos === undefined ? {} : { photos: resolve(flags.photos) }),
    ...(flags.ports === undefined ? {} : { ports: portsOf(flags.ports) }),
  };
}

const PORT_NAMES = ["login", "graph", "exchange", "sharepoint", "sharepointMy", "sharepointAdmin"] as const;

function portsOf(text: string): NonNullable<SandboxOptions["ports"]> {
  const ports = text.split(",").map(Number);
  if (ports.length === 6 && ports.every((port) => Number.isInteger(port) && port >= 0 && port < 65536)) {
    return Object.fromEntries(PORT_NAMES.map((name, at) => [name, ports[at] ?? 0]));
  }
  throw new PhotodriftError("usage", "--ports takes six port numbers.", `${PORT_NAMES.join(",")}; 0 = free.`, "usage");
}

async function start(options: SandboxOptions, invocation: Invocation): Promise<number> {
  const sandbox = await startSandbox(options);
  const shown = relative(".", options.dir) || ".";
  const lines = [
    "Sandbox tenant is running.",
    ...Object.entries(sandbox.origins).map(([host, origin]) => `  ${host.padEnd(16)}${origin}`),
    `  configuration   ${shown}/photodrift.yaml`,
    `  seeded drift    ${shown}/truth.json`,
    "",
    "Next, in another terminal:",
    `  photodrift audit --config ${shown}/photodrift.yaml`,
    `  photodrift sandbox set --dir ${shown} clock=+72h`,
    "",
    "Ctrl-C stops it.",
    "",
  ];
  await invocation.terminal.out(lines.join("\n"));
  await Promise.race([stopped(invocation.signal), sandbox.stopped]);
  await sandbox.stop();
  return EXIT.ok;
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
