import { USUAL_THUMBNAILS, type ThumbnailSize } from "../model/address.js";
import { CHANNEL_KINDS, channelKeys } from "../model/notify.js";
import { statSync, type Stats } from "node:fs";
import { relative, resolve, isAbsolute } from "node:path";
import { ENDPOINT_NAMES } from "../model/config.js";
import { valueAt, type CrossCheck, type Report } from "./check.js";
import type { KeyPath } from "./yaml-source.js";

/**
 * What depends on several keys of `photodrift.yaml`, or on files.
 * @param folder relative paths start here @param reportFile where files that are not there are told; with the other problems when left out
 */
export function configCrossChecks(folder: string, reportFile?: Report): CrossCheck {
  return (raw, report) => {
    checkEndpoints(raw, report);
    checkCredential(raw, report);
    checkFile(raw, ["tenant", "caFile"], folder, reportFile ?? report);
    if (valueAt(raw, ["credential", "kind"]) === "certificate") {
      checkFile(raw, ["credential", "certificatePath"], folder, reportFile ?? report);
    }
    checkArchive(raw, folder, report);
    checkStores(raw, report);
    checkThumbnails(raw, report);
    checkNotify(raw, ["notify"], report);
  };
}

/** The part of these checks that concerns the tenant alone. */
export function tenantCrossChecks(folder: string): CrossCheck {
  return (raw, report) => {
    checkEndpoints(raw, report);
    checkFile(raw, ["tenant", "caFile"], folder, report);
  };
}

function checkEndpoints(raw: unknown, report: Report): void {
  if (valueAt(raw, ["tenant", "cloud"]) !== "custom") return;
  for (const name of ENDPOINT_NAMES) {
    const path = ["tenant", "endpoints", name];
    if (valueAt(raw, path) === undefined) {
      report(
        path,
        "is missing, expected an origin such as https://127.0.0.1:4432: tenant.cloud is custom and names all six",
      );
    }
  }
}

const CREDENTIAL_FIELDS: { readonly [kind: string]: readonly string[] } = {
  certificate: ["clientId", "certificatePath"],
  "client-secret": ["clientId", "clientSecret"],
};

function checkCredential(raw: unknown, report: Report): void {
  const kind = valueAt(raw, ["credential", "kind"]);
  if (typeof kind !== "string" || !Object.hasOwn(CREDENTIAL_FIELDS, kind)) return;
  for (const field of CREDENTIAL_FIELDS[kind] ?? []) {
    const path = ["credential", field];
    if (valueAt(raw, path) === undefined) report(path, `is missing, expected it with credential.kind ${kind}`);
  }
}

function checkFile(raw: unknown, path: KeyPath, folder: string, report: Report): void {
  const value = valueAt(raw, path);
  if (typeof value !== "string" || value.trim() === "") return;
  const stat = statOf(resolve(folder, value));
  if (stat === undefined) report(path, `there is no readable file ${resolve(folder, value)}, expected a PEM file`);
  else if (!stat.isFile()) report(path, `${resolve(folder, value)} is not a file, expected a PEM file`);
}

/** What is there; undefined where nothing is, or nobody can tell. */
export function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function checkArchive(raw: unknown, folder: string, report: Report): void {
  const archive = valueAt(raw, ["source", "archive"]);
  if (typeof archive !== "string") return;
  const source = valueAt(raw, ["source", "folder"]) ?? "./photos";
  if (typeof source !== "string") return;
  const way = relative(resolve(folder, source), resolve(folder, archive));
  const inside = way !== ".." && !/^\.\.[/\\]/.test(way) && !isAbsolute(way);
  const read = way === "" || (inside && valueAt(raw, ["source", "recursive"]) === true);
  if (read)
    report(["source", "archive"], "lies in source.folder, where it would be read again, expected another folder");
}

function checkStores(raw: unknown, report: Report): void {
  const off = ["entra", "exchange", "sharepoint"].every((store) => {
    const value = valueAt(raw, ["stores", store]);
    return value === false || valueAt(value, ["enabled"]) === false;
  });
  if (off) report(["stores"], "every store is switched off, expected at least one to look at");
}

/** A smaller thumbnail that is larger than the next one would be cut from more than that one shows. */
function checkThumbnails(raw: unknown, report: Report): void {
  const path = ["stores", "sharepoint", "thumbnails"];
  const side = (size: ThumbnailSize): unknown => valueAt(raw, [...path, size]) ?? USUAL_THUMBNAILS[size];
  for (const [size, next] of [
    ["S", "M"],
    ["M", "L"],
  ] as const) {
    const [own, larger] = [side(size), side(next)];
    if (typeof own === "number" && typeof larger === "number" && own > larger)
      report([...path, size], `got ${own}, expected at most ${next} (${larger})`);
  }
}

/** Each kind of notification has its own keys. @param path of the list */
export function checkNotify(raw: unknown, path: KeyPath, report: Report): void {
  const list = valueAt(raw, path);
  if (!Array.isArray(list)) return;
  list.forEach((_, index) => {
    const kind = valueAt(raw, [...path, index, "kind"]);
    const known = CHANNEL_KINDS.find((one) => one === kind);
    const fields = known === undefined ? undefined : channelKeys(known);
    for (const name of fields?.needed ?? []) {
      const at = [...path, index, name];
      if (valueAt(raw, at) === undefined) report(at, `is missing, expected it with kind ${String(kind)}`);
    }
    for (const name of fields?.foreign ?? []) {
      const at = [...path, index, name];
      if (valueAt(raw, at) !== undefined)
        report(at, `does not belong to kind ${String(kind)}, expected it to be left out`);
    }
  });
}
