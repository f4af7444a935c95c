import { listEntryFinding } from "../../compare/rules/lists.js";
import { listEntries, matchMasters, peopleList, type ListProblems } from "../../desired/index.js";
import type { Config } from "../../model/config.js";
import { PhotodriftError } from "../../model/errors.js";
import type { DirectoryUser } from "../../model/user.js";
import type { Probe } from "../../stores/index.js";
import { masterSourceOf } from "../compose.js";

/** Rows told one by one; the report of an audit names all. */
const TOLD = 20;

/**
 * One check a list that the configuration names: whether every row names one user, and in the mapping a file that is there. What keeps lists
 * or folder from being read is told by other checks.
 */
export async function* listProbes(config: Config, users: readonly DirectoryUser[]): AsyncGenerator<Probe> {
  if (config.policy.consent === null && config.policy.pins === null && config.source.mapping === null) return;
  try {
    for (const found of await problemsOf(config, users)) if (found.file !== "") yield probeOf(found, users);
  } catch (error) {
    if (!(error instanceof PhotodriftError)) throw error;
  }
}

async function problemsOf(config: Config, users: readonly DirectoryUser[]): Promise<readonly ListProblems[]> {
  const source = masterSourceOf(config);
  const [consent, pins] = [peopleList(await source.consentWithdrawn()), peopleList(await source.pinned())];
  for (const user of users) {
    consent.has(user);
    pins.has(user);
  }
  const mapping = await source.mapping();
  const files = mapping === null ? [] : (await source.scan()).files.map(({ file }) => file);
  const { patterns, domain } = config.source;
  const { problems } = mapping === null ? { problems: [] } : matchMasters({ files, users, patterns, domain, mapping });
  return [
    { list: "consent", file: source.listFiles.consent, problems: consent.problems() },
    { list: "pins", file: source.listFiles.pins, problems: pins.problems() },
    { list: "mapping", file: source.listFiles.mapping, problems },
  ];
}

function probeOf(found: ListProblems, users: readonly DirectoryUser[]): Probe {
  const name = `list ${found.file}`;
  const entries = listEntries([found], () => users);
  if (entries.length === 0) return { name, ok: true, detail: "every row can be followed", cure: "" };
  const told = entries.slice(0, TOLD).map((entry) => listEntryFinding(entry).summary);
  const more = entries.length > TOLD ? ` And ${entries.length - TOLD} more.` : "";
  return {
    name,
    ok: false,
    detail: told.join(" ") + more,
    cure: `Correct the rows of ${found.file}, or remove those of people who have left.`,
  };
}
