import { chmod, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { makeFolder } from "../../files/folders.js";
import { writeWhole } from "../../files/whole-file.js";
import { stringify } from "csv-stringify/sync";
import type { Argv } from "yargs";
import { PhotodriftError } from "../../model/errors.js";
import { byText } from "../../model/ids.js";
import { systemError, systemReason } from "../../model/system-errors.js";
import type { DirectoryUser } from "../../model/user.js";
import { inChunks } from "../../model/chunks.js";
import type { RenditionRequest } from "../../run/ports.js";
import { requireUsers } from "../../run/named-users.js";
import { observeDirectory, observeUsers } from "../../run/observe-directory.js";
import { newRun, type Workbench } from "../compose.js";
import { EXIT } from "../../model/exit-codes.js";
import { withWorkbench } from "../sessions/workbench.js";
import { withUserFlag } from "../line/filters.js";
import type { GlobalFlags, Invocation } from "../line/globals.js";
import { writeList } from "../terminal/results.js";

export interface ExportFlags extends GlobalFlags {
  readonly dir: string;
  readonly user: string[] | undefined;
}

export function exportFlags<T>(yargs: Argv<T>) {
  return withUserFlag(yargs).positional("dir", {
    type: "string",
    demandOption: true,
    describe: "folder for pictures and manifest.csv",
  });
}

/** Users asked about at once. */
const CHUNK = 100;
const COLUMNS = ["upn", "userId", "displayName", "store", "file", "width", "height", "bytes", "etag", "problem"];

/** Downloads every cloud photo at its largest size, with a manifest. Files are named by object id, so no name can leave the folder. */
export async function exportCommand(flags: ExportFlags, invocation: Invocation): Promise<number> {
  const dir = resolve(flags.dir);
  return withWorkbench(invocation, "photodrift export", async (bench) => {
    await prepare(dir);
    const asked = await observe(bench, flags.user ?? []);
    const manifest = join(dir, "manifest.csv");
    let pictures = 0;
    let problems = 0;
    const step = bench.ports.progress.step("Photos", asked === null ? bench.state.records.countUsers() : asked.length);
    async function* lines(): AsyncIterable<string> {
      yield stringify([COLUMNS]);
      for (const users of inChunks(asked ?? bench.state.records.users(), CHUNK)) {
        invocation.signal.throwIfAborted();
        const rows = await exportChunk(bench, dir, users);
        pictures += rows.filter((row) => row[4] !== "").length;
        problems += rows.filter((row) => row[9] !== "").length;
        yield stringify([...rows], { escape_formulas: true });
        step.tick(users.length);
      }
    }
    await writeWhole(manifest, lines());
    step.done();
    await writeList(invocation, {
      title: "Export",
      columns: ["manifest", "photos", "problems"],
      rows: [[manifest, String(pictures), String(problems)]],
      json: { manifest, photos: pictures, problems },
      text: `${pictures} photos in ${dir}, ${problems} could not be read; see ${manifest}\n`,
    });
    return problems > 0 ? EXIT.incomplete : EXIT.ok;
  });
}

/** Reads the directory, of named users theirs alone where that is enough; gives these in the order of their names, null for everybody. */
async function observe(
  { ports, state, config }: Workbench,
  names: readonly string[],
): Promise<readonly DirectoryUser[] | null> {
  const runId = newRun(ports.clock.now()).id;
  const isEnough = names.length > 0 && (await observeUsers(ports, runId, names));
  if (!isEnough) await observeDirectory(ports, runId, config.limits.maxChangePercent);
  if (names.length === 0) return null;
  const { records } = state;
  requireUsers(records, names);
  const users = new Map(names.flatMap((name) => records.user(name) ?? []).map((user) => [user.id, user]));
  return [...users.values()].sort((a, b) => byText(a.upn, b.upn));
}

async function prepare(dir: string): Promise<void> {
  try {
    await makeFolder(dir);
  } catch (error) {
    throw new PhotodriftError(
      "export-folder",
      `The folder ${dir} cannot be made: ${systemReason(error)}.`,
      `${systemError(error)?.cure ?? ""} Or name another folder.`.trim(),
    );
  }
}

async function exportChunk(
  bench: Workbench,
  dir: string,
  users: readonly DirectoryUser[],
): Promise<readonly string[][]> {
  const byId = new Map(users.map((user) => [user.id as string, user]));
  const rows: string[][] = [];
  const wanted = new Map<string, { request: RenditionRequest; etag: string | null }>();
  for (const reading of await bench.ports.cloudPhotos.metadata(users)) {
    const user = byId.get(reading.userId);
    if (user === undefined) continue;
    const { result, store } = reading;
    if (result.kind === "unreadable")
      rows.push([user.upn, user.id, user.displayName, store, "", "", "", "", "", result.error.message]);
    if (result.kind !== "present") continue;
    const { width, height, etag } = result;
    wanted.set(`${user.id}/${store}`, { request: { user, store, width, height, side: null }, etag });
  }
  for (const { userId, store, result } of await bench.ports.cloudPhotos.renditions(
    [...wanted.values()].map(({ request }) => request),
  )) {
    const found = wanted.get(`${userId}/${store}`);
    if (found === undefined || result.kind === "absent") continue;
    const { user, width, height } = found.request;
    const start = [user.upn, user.id, user.displayName, store];
    if (result.kind === "unreadable") {
      rows.push([...start, "", "", "", "", "", result.error.message]);
      continue;
    }
    const name = `${user.id.replace(/[^0-9a-z-]/gi, "_")}-${store}.${extensionOf(result.bytes)}`;
    const path = join(dir, name);
    await writeFile(path, result.bytes, { mode: 0o600 });
    // One of an earlier export keeps the mode it had.
    await chmod(path, 0o600);
    rows.push([...start, name, String(width), String(height), String(result.bytes.length), found.etag ?? "", ""]);
  }
  return rows;
}

function extensionOf(bytes: Buffer): string {
  if (bytes.subarray(0, 4).toString("latin1") === "\u0089PNG") return "png";
  return bytes.subarray(0, 3).toString("latin1") === "GIF" ? "gif" : "jpg";
}
