import { PhotodriftError } from "../../model/errors.js";
import type { PhotoLibrary } from "../../run/ports.js";
import { asObject, HttpFailure, textOf } from "../http/failures.js";
import type { WireResponse } from "../http/types.js";
import { NEEDS_FILES, type SharePoint } from "./api.js";
import { isHousekeeping } from "./convert.js";
import { JSONParse } from "./pnp.js";

/** The library is addressed by URL, which no language changes; its title may be localized (facts/sharepoint.md 1.1). */
export const LIBRARY_URL = "/User Photos";

/** A change this recent may share its second with a later one: dates alone cannot tell them apart. */
const RECENT_MS = 60_000;

/**
 * Finds the User Photos library and its folder of thumbnails, whose name depends on the tenant's language. One folder is it; of several
 * the fullest one is written to; `wanted` overrides. Errors: `photo-library-missing`, `photo-folder-missing`, and those of the door.
 */
export async function locateLibrary(sharePoint: SharePoint, wanted: string | undefined): Promise<PhotoLibrary> {
  let answer: WireResponse | null = null;
  const purpose = { asks: "find the User Photos library", needs: NEEDS_FILES };
  const fields = ["Id", "Title", "BaseTemplate", "ItemCount", "LastItemModifiedDate", "LastItemDeletedDate"];
  const read = async (more: readonly string[]): Promise<Readonly<Record<string, unknown>>> => {
    const web = sharePoint.on("sharepointMy", { ...purpose, onAnswer: (got) => (answer = got) }).web;
    return asObject(await web.getList(LIBRARY_URL).select(...fields, ...more)());
  };
  const list = await read(["CurrentChangeToken"]).catch(async (error: unknown) => {
    // Whether the token may be selected is not established (facts/sharepoint.md 1.3).
    if (error instanceof HttpFailure && error.status === 400) return await read([]);
    throw missingLibrary(error, sharePoint);
  });
  const folders = await readFolders(sharePoint);
  const folder = chooseFolder(folders, wanted);
  return {
    folder: folder.path,
    folders: [folder.path, ...folders.map((each) => each.path).filter((path) => path !== folder.path)],
    changeMark: changeMarkOf(list, (answer as WireResponse | null)?.headers["date"]),
    itemCount: count(list["ItemCount"]),
  };
}

interface Folder {
  readonly name: string;
  readonly path: string;
  readonly itemCount: number;
}

async function readFolders(sharePoint: SharePoint): Promise<readonly Folder[]> {
  const purpose = { asks: "list the folders of the User Photos library", needs: NEEDS_FILES };
  const root = sharePoint.on("sharepointMy", purpose).web.getList(LIBRARY_URL).rootFolder;
  const answer: unknown = await root.folders
    .select("Name", "ServerRelativeUrl", "ItemCount", "UniqueId")
    .using(JSONParse())();
  const rows = asObject(answer)["value"];
  return (Array.isArray(rows) ? (rows as readonly unknown[]) : [])
    .map((row) => {
      const { Name: name, ServerRelativeUrl: path, ItemCount: items } = asObject(row);
      return { name: textOf(name) ?? "", path: (textOf(path) ?? "").replace(/\/+$/, ""), itemCount: count(items) };
    })
    .filter((each) => !isHousekeeping(each.name) && each.path !== "");
}

function chooseFolder(folders: readonly Folder[], wanted: string | undefined): Folder {
  const names = folders.map((each) => each.name).join(", ");
  if (wanted !== undefined && wanted !== "") {
    const found = folders.find((each) => folded(each.name) === folded(wanted));
    if (found !== undefined) return found;
    throw new PhotodriftError(
      "photo-folder-missing",
      `the User Photos library has no folder "${wanted}"${names === "" ? "" : ` (it has: ${names})`}`,
      "correct tenant.userPhotosFolder, or leave it out to have the folder found",
    );
  }
  const fullest = [...folders].sort((a, b) => b.itemCount - a.itemCount)[0];
  if (fullest !== undefined) return fullest;
  throw new PhotodriftError(
    "photo-folder-missing",
    "the User Photos library has no folder for thumbnails yet",
    "let one user upload a photo on the SharePoint profile page, which makes the folder; or switch the store off with stores.sharepoint: false",
  );
}

function folded(name: string): string {
  return name.normalize("NFC").toLowerCase();
}

/** Equal marks mean that nothing changed. Where the last change is too recent to be told by its second, the change token is added. */
function changeMarkOf(list: Readonly<Record<string, unknown>>, date: string | undefined): string {
  const modified = textOf(list["LastItemModifiedDate"]);
  const deleted = textOf(list["LastItemDeletedDate"]);
  if (modified === null || deleted === null) return "";
  const mark = [textOf(list["Id"]) ?? "", modified, deleted, String(count(list["ItemCount"]))].join(";");
  const now = date === undefined ? Date.now() : Date.parse(date);
  const settled = [modified, deleted].every((time) => now - Date.parse(time) > RECENT_MS);
  if (settled) return mark;
  const token = textOf(asObject(list["CurrentChangeToken"])["StringValue"]);
  return token === null ? "" : `${mark};${token}`;
}

function missingLibrary(error: unknown, sharePoint: SharePoint): unknown {
  if (!(error instanceof HttpFailure) || error.status !== 404) return error;
  return new PhotodriftError(
    "photo-library-missing",
    `${new URL(sharePoint.origin("sharepointMy")).host} has no User Photos library`,
    "check tenant.name or tenant.endpoints.sharepointMy: it must be the My Site host ({name}-my.sharepoint.com)",
  );
}

function count(value: unknown): number {
  return typeof value === "number" ? value : Number(textOf(value) ?? 0) || 0;
}
