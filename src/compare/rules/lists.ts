import { sourceAddress } from "../../model/address.js";
import type { RuleSpec } from "../../model/compared.js";
import type { FindingDraft } from "../../model/finding.js";
import type { ListEntry, ListKind, NearUser, RowProblem } from "../../model/list.js";

/** A row of the consent list, the pin list or the mapping names no user, several, or a file that is not there, or has cells too many. */
export const listEntryWithoutUser: RuleSpec = {
  id: "list-entry-without-user",
  severity: "warning",
  drift: false,
  title: "List row that cannot be followed",
  actions: [],
};

interface ListWords {
  readonly name: string;
  /** What follows from a row that names nobody. */
  readonly consequence: string;
}

const WORDS: Readonly<Record<ListKind, ListWords>> = {
  consent: {
    name: "consent list",
    consequence: "whoever it means is not protected: a photo of theirs may be uploaded",
  },
  pins: { name: "pin list", consequence: "whoever it means is not left alone" },
  mapping: { name: "mapping", consequence: "the row is not followed" },
};

/** One finding a row; an error on the consent list, for there a person who said no may be shown. */
export function listEntryFinding(entry: ListEntry): FindingDraft {
  const { list, file, line, problems, nearest } = entry;
  const upns = [...new Set(problems.flatMap((problem) => problem.upns))];
  const nobody = problems.some(({ kind }) => kind === "no-user");
  return {
    rule: listEntryWithoutUser.id,
    severity: list === "consent" ? "error" : listEntryWithoutUser.severity,
    drift: listEntryWithoutUser.drift,
    user: null,
    address: sourceAddress(`${file}:${line}`),
    attribution: null,
    cause: "unknown",
    expected: { user: "one user", ...(list === "mapping" ? { file: "an image of the source folder" } : {}) },
    actual: {
      list,
      file,
      line,
      entry: problems[0]?.entry ?? "",
      problems: problems.map(({ message }) => message),
      upn: upns.length === 1 ? (upns[0] ?? null) : null,
      ...(upns.length > 1 ? { upns } : {}),
      nearest: nearest?.upn ?? null,
      ...(nearest === null ? {} : { nearestBecause: nearest.because }),
    },
    summary: `${file}:${line} (${WORDS[list].name}): ${problems.map((problem) => clauseOf(problem, nearestTo(problem, entry))).join("; ")}${
      nobody ? `; ${WORDS[list].consequence}` : ""
    }.`,
    remedy: { kind: "manual", actions: [], cure: cureOf(entry) },
  };
}

/** Whom the cell may mean: its own, or the row's where no other cell could be meant. */
function nearestTo(problem: RowProblem, { problems, nearest }: ListEntry): NearUser | null {
  if (problem.kind !== "no-user") return null;
  const alone = problems.filter(({ kind }) => kind === "no-user").length === 1;
  return problem.nearest ?? (alone ? nearest : null);
}

function clauseOf({ message }: RowProblem, nearest: NearUser | null): string {
  return nearest === null ? message : `${message} (did you mean ${nearest.upn}?)`;
}

/** What to do about the row; two cells that want the same are told once. */
function cureOf(entry: ListEntry): string {
  const cures = entry.problems.flatMap((problem) => cureOfCell(problem, nearestTo(problem, entry)) ?? []);
  return [...new Set(cures)].join(" ");
}

function cureOfCell({ kind, cure }: RowProblem, nearest: NearUser | null): string | undefined {
  if (kind === "no-user" && nearest !== null) {
    return `Write ${nearest.upn} if that is who is meant (${nearest.because}), else the right user, or remove the row.`;
  }
  if (kind === "no-user") {
    return (
      cure ??
      "Write the user's UPN, mail address, alias, object id or employee id, or remove the row if the person has left."
    );
  }
  if (kind === "several-users") return cure ?? "Write the object id or the UPN, which only one user has.";
  return cure;
}
