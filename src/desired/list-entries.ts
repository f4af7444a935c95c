import type { ListEntry, ListKind, NearUser, RowProblem } from "../model/list.js";
import type { DirectoryUser } from "../model/user.js";
import { nearestUsers } from "./nearest-user.js";

/** The rows of one list file that cannot be followed. */
export interface ListProblems {
  readonly list: ListKind;
  /** Path of the list file, relative to the configuration, forward slashes. */
  readonly file: string;
  readonly problems: readonly RowProblem[];
}

/**
 * One entry a row, in the order of the lists and lines, with the user each row may mean.
 * @param users all users of the tenant; read once, and only when a row names nobody
 */
export function listEntries(
  lists: readonly ListProblems[],
  users: () => Iterable<DirectoryUser>,
): readonly ListEntry[] {
  const unknown = lists.flatMap(({ problems }) => problems.filter(({ kind }) => kind === "no-user"));
  const near = nearestUsers(
    unknown.map(({ entry }) => entry),
    unknown.length === 0 ? [] : users(),
  );
  return lists.flatMap(({ list, file, problems }) => {
    const byLine = new Map<number, RowProblem[]>();
    for (const problem of problems) byLine.set(problem.line, [...(byLine.get(problem.line) ?? []), problem]);
    return [...byLine].map(([line, mine]): ListEntry => {
      const told = mine.map((problem) => withNearest(problem, near));
      const nearest = told.find((problem) => problem.nearest !== undefined)?.nearest ?? null;
      return { list, file, line, problems: told, nearest };
    });
  });
}

/** Where the cure is known already - several people in one text, say - the nearest user is only one of them. */
function withNearest(problem: RowProblem, near: ReadonlyMap<string, NearUser>): RowProblem {
  const nearest = problem.kind === "no-user" && problem.cure === undefined ? near.get(problem.entry) : undefined;
  return nearest === undefined ? problem : { ...problem, nearest };
}
