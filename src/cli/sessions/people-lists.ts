import { peopleList, type PeopleList } from "../../desired/index.js";
import { guardLists } from "../../run/list-guard.js";
import { observeDirectory, refreshUsers } from "../../run/observe-directory.js";
import { runIdentity, type Workbench } from "../compose.js";

type ListsBench = Pick<Workbench, "config" | "state" | "ports">;

/** Who withdrew consent, and who is pinned. */
export interface PeopleLists {
  readonly consent: PeopleList;
  readonly pins: PeopleList;
}

/**
 * The lists of people held against the directory as it is now, before something is written without an audit: the users concerned are read
 * afresh, and everybody where a row names nobody that is known, for it may be somebody's new name. What still cannot be followed is told.
 * Throws PhotodriftError of the lists and of the directory, and `list-shrunken` (refused).
 * @param ids object ids of the users concerned
 */
export async function listsOverUsers(bench: ListsBench, ids: readonly string[]): Promise<PeopleLists> {
  const { config, ports, state } = bench;
  const { maxChangePercent } = config.limits;
  // No run of the command's own: only who was seen together.
  const runId = runIdentity(ports.clock.now()).id;
  const known = state.records.countUsers() > 0;
  if (known) await refreshUsers(ports, runId, ids, maxChangePercent);
  else await observeDirectory(ports, runId, maxChangePercent);
  const lists = await readLists(bench);
  guardLists({ ...ports, records: state.records }, lists, { maxChangePercent, writes: true });
  if (!known || strangersOf(lists).length === 0) return told(bench, lists);
  await observeDirectory(ports, runId, maxChangePercent);
  return told(bench, await readLists(bench));
}

async function readLists({ ports, state }: ListsBench): Promise<PeopleLists> {
  const consent = peopleList(await ports.source.consentWithdrawn());
  const pins = peopleList(await ports.source.pinned());
  const lists = [consent, pins].filter(({ size }) => size > 0);
  if (lists.length > 0) for (const user of state.records.users()) for (const list of lists) list.has(user);
  return { consent, pins };
}

function strangersOf({ consent, pins }: PeopleLists) {
  return [...consent.problems(), ...pins.problems()].filter(({ kind }) => kind === "no-user");
}

function told({ ports }: ListsBench, lists: PeopleLists): PeopleLists {
  const { listFiles } = ports.source;
  for (const list of ["consent", "pins"] as const) {
    const count = lists[list].problems().length;
    if (count === 0) continue;
    const rows = count === 1 ? "row" : "rows";
    ports.progress.warn(`${count} ${rows} of ${listFiles[list]} cannot be followed; photodrift audit names each.`);
  }
  return lists;
}
