import { basename } from "node:path";
import { isScalar, parseDocument, visit, type Document } from "yaml";
import type { Schedule } from "../../model/schedule.js";
import { argumentsOf } from "./command.js";

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
  /** Files that it names: name in `/secrets` and the path on this machine as the configuration has it. */
  readonly files: readonly { readonly name: string; readonly from: string }[];
  /** Names of environment variables that it refers to. */
  readonly environment: readonly string[];
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
 * Configurations for containers: paths of this machine become the container's, comments stay.
 * @param files absolute path -> text, in the order of the schedules; the first is `photodrift.yaml`
 */
export function containerConfigs(files: ReadonlyMap<string, string>): readonly ContainerConfig[] {
  return [...files].map(([file, text], at) =>
    containerConfig(file, text, at === 0 ? "photodrift" : `photodrift-${at + 1}`),
  );
}

function containerConfig(file: string, text: string, stem: string): ContainerConfig {
  const document = parseDocument(text);
  const files: { name: string; from: string }[] = [];
  for (const path of FILE_KEYS) {
    const value: unknown = document.getIn(path);
    if (typeof value !== "string" || value === "") continue;
    const name = stem === "photodrift" ? fileName(value) : `${stem}-${fileName(value)}`;
    files.push({ name, from: value });
    document.setIn(path, `${MOUNTS.files}/${name}`);
  }
  document.setIn(["source", "folder"], MOUNTS.source);
  document.setIn(["state"], `${MOUNTS.state}/${stem}.db`);
  document.setIn(["reports"], MOUNTS.reports);
  const key = `${stem}.yaml`;
  return { file, key, text: document.toString({ lineWidth: 0 }), files, environment: environmentOf(document) };
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
