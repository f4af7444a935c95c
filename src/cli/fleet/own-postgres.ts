import { execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { PhotodriftError } from "../../model/errors.js";

const execute = promisify(execFile);

/** Where Debian and Ubuntu keep the server's programs, a folder for each version (packages.debian.org/postgresql-15, file list). */
const DEBIAN = "/usr/lib/postgresql";
const OLDEST = 13;
/** The account that the server runs under where this program is root: PostgreSQL refuses to (postgresql.org/docs/current/app-initdb.html). */
const UNPRIVILEGED = "nobody";

export interface OwnPostgres {
  readonly url: string;
  stop(): Promise<void>;
}

/** The folder of the newest version's programs, or null where PostgreSQL is not installed. */
export function postgresPrograms(): string | null {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).map(Number) : [];
  const newest = Math.max(0, ...versions.filter((version) => version >= OLDEST));
  return newest === 0 ? null : join(DEBIAN, String(newest), "bin");
}

/** Starts a PostgreSQL of its own in a temporary folder, on loopback. Throws PhotodriftError `postgres-missing` with the command that installs it. */
export async function startOwnPostgres(): Promise<OwnPostgres> {
  const found = postgresPrograms();
  const root = userInfo().uid === 0;
  if (found === null) {
    throw new PhotodriftError(
      "postgres-missing",
      `PostgreSQL is not installed here (looked for ${DEBIAN}/*/bin).`,
      `Install it: ${root ? "" : "sudo "}apt-get install -y postgresql`,
      "failed",
    );
  }
  const bin: string = found;
  const dir = mkdtempSync(join(tmpdir(), "photodrift-postgres-"));
  const password = randomBytes(12).toString("hex");
  const passwordFile = join(dir, "password");
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (root) {
    const [uid, gid] = await Promise.all([idOf("-u"), idOf("-g")]);
    for (const path of [dir, passwordFile]) chownSync(path, uid, gid);
  }
  const as = (file: string, args: readonly string[]): [string, string[]] =>
    root ? ["runuser", ["-u", UNPRIVILEGED, "--", file, ...args]] : [file, [...args]];
  const data = join(dir, "data");
  const init = ["-D", data, "-U", "photodrift", "-A", "scram-sha-256", `--pwfile=${passwordFile}`, "-E", "UTF8"];
  await execute(...as(join(bin, "initdb"), init), { cwd: dir });
  const port = await freePort();
  const settings = [`port=${String(port)}`, "listen_addresses=127.0.0.1", `unix_socket_directories=${dir}`];
  const args = ["-D", data, ...settings.flatMap((setting) => ["-c", setting])];
  const server = spawn(...as(join(bin, "postgres"), args), { stdio: "ignore", cwd: dir });
  const ended = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  async function stop(): Promise<void> {
    // pg_ctl, not a signal: where the server runs under another account the child is runuser.
    await execute(...as(join(bin, "pg_ctl"), ["-D", data, "-m", "fast", "stop"]), { cwd: dir }).catch(() => undefined);
    await ended;
    rmSync(dir, { recursive: true, force: true });
  }
  try {
    await ready(join(bin, "pg_isready"), port);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: `postgres://photodrift:${password}@127.0.0.1:${String(port)}/postgres`, stop };
}

async function idOf(flag: "-u" | "-g"): Promise<number> {
  return Number((await execute("id", [flag, UNPRIVILEGED])).stdout);
}

async function ready(program: string, port: number): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await execute(program, ["-h", "127.0.0.1", "-p", String(port), "-t", "1"]);
      return;
    } catch (error) {
      if (tries < 100) await sleep(200);
      else throw new PhotodriftError("postgres-silent", "PostgreSQL did not start.", "Try again.", "failed", error);
    }
  }
}

/** A port of loopback that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
