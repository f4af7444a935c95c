import { basename, dirname, isAbsolute, resolve, win32 } from "node:path";
import { isScalar, parseDocument, visit, type Document } from "yaml";
import type { Schedule } from "../../model/schedule.js";
import { argumentsOf, freeName } from "./command.js";

/** Folders in the container; the Containerfile makes them. */
export const MOUNTS = {
  config: "/config",
  files: "/secrets",
  source: "/source",
  state: "/state",
  reports: "/reports",
} as const;

/** The user of the image, who owns /state and /reports. */
export const CONTAINER_USER = 1000;

/** One configuration as it stands in the container. */
export interface ContainerConfig {
  /** File of this machine, absolute. */
  readonly file: string;
  /** Name in `/config`. */
  readonly key: string;
  /** The text with the container's paths; references to the environment stay references. */
  readonly text: string;
  /** Files that it names: name in `/secrets`, of characters that a Secret of Kubernetes takes and no two alike, and the path on this machine. */
  readonly files: readonly { readonly name: string; readonly from: string }[];
  /** The folder of its masters in the container, and on this machine. */
  readonly source: { readonly folder: string; readonly from: string };
  /** Names of environment variables that it refers to. */
  readonly environment: readonly string[];
  /** What the container cannot take over. */
  readonly notes: readonly string[];
}

/** Keys that name a file which goes into the secret, by section. */
const FILE_KEYS: readonly (readonly string[])[] = [
  ["tenant", "caFile"],
  ["credential", "certificatePath"],
  ["source", "mapping"],
  ["policy", "consent"],
  ["policy", "pins"],
];

/**
 * Configurations for containers: paths of this machine become the container's, comments stay. Configurations with different folders of masters get
 * a folder of the volume each.
 * @param files absolute path -> text, in the order of the schedules; the first is `photodrift.yaml`
 */
export function containerConfigs(files: ReadonlyMap<string, string>): readonly ContainerConfig[] {
  const read = [...files].map(([file, text]) => {
    const document = parseDocument(text);
    return { file, document, photos: pathOf(document, ["source", "folder"]) ?? "./photos" };
  });
  const folders = new Set(read.map(({ file, photos }) => onThisMachine(file, photos)));
  const taken = new Set<string>();
  return read.map(({ file, document, photos }, at) => {
    const stem = at === 0 ? "photodrift" : `photodrift-${at + 1}`;
    const folder = folders.size > 1 ? `${MOUNTS.source}/${stem}` : MOUNTS.source;
    const source = { folder, from: onThisMachine(file, photos) };
    return { ...containerConfig(file, document, stem, taken), source, ...inContainer(document, stem, folder) };
  });
}

/** Moves the files that a configuration names into the folder of secrets. @param taken names there, of all configurations */
function containerConfig(file: string, document: Document, stem: string, taken: Set<string>) {
  const files: { name: string; from: string }[] = [];
  for (const path of FILE_KEYS) {
    const value = pathOf(document, path);
    if (value === null) continue;
    const own = fileName(value)
      .normalize("NFKD")
      .replace(/[^\w.-]+/g, "");
    const name = freeName(stem === "photodrift" ? own : `${stem}-${own}`, taken);
    files.push({ name, from: onThisMachine(file, value) });
    document.setIn(path, `${MOUNTS.files}/${name}`);
  }
  return { file, files };
}

/** Places of the container for what a run reads and writes, and the text that comes of it. */
function inContainer(document: Document, stem: string, folder: string) {
  const archive = pathOf(document, ["source", "archive"]);
  const notes =
    archive === null ? [] : ["source.archive is left out: masters can only be read in the container, not moved."];
  if (archive !== null) document.deleteIn(["source", "archive"]);
  document.setIn(["source", "folder"], folder);
  document.setIn(["state"], `${MOUNTS.state}/${stem}.db`);
  document.setIn(["reports"], MOUNTS.reports);
  const text = document.toString({ lineWidth: 0 });
  return { key: `${stem}.yaml`, text, environment: environmentOf(document), notes };
}

function pathOf(document: Document, key: readonly string[]): string | null {
  const value: unknown = document.getIn(key);
  return typeof value === "string" && value !== "" ? value : null;
}

/** A path as the configuration has it, seen from everywhere on this machine; one that begins with a `${NAME}` is told as it stands. */
function onThisMachine(file: string, path: string): string {
  return isAbsolute(path) || win32.isAbsolute(path) || path.startsWith("${") ? path : resolve(dirname(file), path);
}

/** The last part of a path of any system. */
function fileName(path: string): string {
  return basename(path.replaceAll("\\", "/"));
}

function environmentOf(document: Document): readonly string[] {
  const names = new Set<string>();
  visit(document, (_, node) => {
    if (!isScalar(node) || typeof node.value !== "string") return;
    for (const [, name] of node.value.replaceAll("$${", "").matchAll(/\$\{(\w+)\}/g))
      if (name !== undefined) names.add(name);
  });
  return [...names].sort();
}

/** The arguments of a schedule's run in the container; the image's entry point is the program. */
export function containerArguments(schedule: Schedule, configs: readonly ContainerConfig[]): readonly string[] {
  const key = configs.find(({ file }) => file === schedule.config)?.key ?? "photodrift.yaml";
  return argumentsOf({ ...schedule, config: `${MOUNTS.config}/${key}` }, { reports: MOUNTS.reports });
}
