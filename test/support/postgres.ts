import { execFile, spawn } from "node:child_process";
import { chown, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePort, postgresPrograms } from "../../src/cli/fleet/own-postgres.js";

const execute = promisify(execFile);

/** A PostgreSQL server of a test. */
export interface TestPostgres {
  /** `postgres://…` of an empty database whose owner is no superuser. */
  readonly url: string;
  /** Another empty database on the same server. */
  database(name: string): Promise<string>;
  /** Ends the server at once, as a power cut does, and starts it again. */
  crash(): Promise<void>;
  stop(): Promise<void>;
}

/** PEM texts; the server offers TLS. */
export interface ServerTls {
  readonly key: string;
  readonly certificate: string;
}

/** True where tests of the fleet can run: its programs are installed. */
export function hasPostgres(): Promise<boolean> {
  return Promise.resolve(postgresPrograms() !== null);
}

/** Starts a server in a temporary folder, as an unprivileged user where the tests run as root. Throws where there are no binaries. */
export async function startPostgres(tls: ServerTls | null = null): Promise<TestPostgres> {
  const bin = postgresPrograms();
  if (bin === null) throw new Error("PostgreSQL is not installed");
  const dir = await mkdtemp(join(tmpdir(), "photodrift-pg-"));
  const root = userInfo().uid === 0;
  if (root) {
    const { stdout } = await execute("id", ["-u", "nobody"]);
    await chown(dir, Number(stdout), 65_534);
  }
  const as = (file: string, args: readonly string[]): [string, string[]] =>
    root ? ["setpriv", ["--reuid=nobody", "--regid=65534", "--clear-groups", file, ...args]] : [file, [...args]];
  const port = await freePort();
  const data = join(dir, "data");
  await execute(...as(join(bin, "initdb"), ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]));
  if (tls !== null) {
    for (const [name, text] of [
      ["server.key", tls.key],
      ["server.crt", tls.certificate],
    ] as const) {
      await writeFile(join(data, name), text, { mode: 0o600 });
      if (root) await chown(join(data, name), 65_534, 65_534);
    }
  }
  const settings = [
    "-c",
    `ssl=${tls === null ? "off" : "on"}`,
    "-c",
    `port=${String(port)}`,
    "-c",
    "listen_addresses=127.0.0.1",
    "-c",
    `unix_socket_directories=${dir}`,
  ];
  const quick = ["-c", "fsync=off", "-c", "max_connections=300"];
  const start = () => {
    const server = spawn(...as(join(bin, "postgres"), ["-D", data, ...settings, ...quick]), { stdio: "ignore" });
    return { server, ended: new Promise((resolve) => server.once("exit", resolve)) };
  };
  let running = start();
  const psql = (database: string, sql: string) =>
    execute(join(bin, "psql"), ["-h", "127.0.0.1", "-p", String(port), "-U", "postgres", "-d", database, "-c", sql]);
  await ready(() => psql("postgres", "SELECT 1"));
  await psql("postgres", "CREATE ROLE photodrift LOGIN PASSWORD 'secret-of-the-database'");
  async function database(name: string): Promise<string> {
    await psql("postgres", `CREATE DATABASE "${name}" OWNER photodrift`);
    return `postgres://photodrift:secret-of-the-database@127.0.0.1:${String(port)}/${name}`;
  }
  return {
    url: await database("photodrift"),
    database,
    async crash() {
      // Immediate shutdown: no clean end, recovery at the next start.
      running.server.kill("SIGQUIT");
      await running.ended;
      running = start();
      await ready(() => psql("postgres", "SELECT 1"));
    },
    async stop() {
      // Fast shutdown: sessions are ended (postgresql.org/docs/current/server-shutdown.html).
      running.server.kill("SIGINT");
      await running.ended;
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function ready(ask: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await ask();
      return;
    } catch (error) {
      if (tries > 150) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
