import { readFile } from "node:fs/promises";
import { join } from "node:path";

interface TruthFinding {
  readonly rule: string;
  readonly address: string;
}

export interface Truth {
  readonly users: readonly { readonly upn: string; readonly findings: readonly TruthFinding[] }[];
  readonly files: readonly { readonly file: string; readonly findings: readonly { readonly rule: string }[] }[];
  readonly orphans?: readonly { readonly stem: string; readonly findings: readonly TruthFinding[] }[];
}

export interface ReportedFinding {
  readonly rule: string;
  readonly severity: string;
  readonly drift: boolean;
  readonly user: { readonly upn: string } | null;
  readonly address: string;
  readonly actual: Readonly<Record<string, unknown>>;
  readonly summary: string;
}

export async function readTruth(dir: string): Promise<Truth> {
  return JSON.parse(await readFile(join(dir, "truth.json"), "utf8")) as Truth;
}

/** `rule @address` of everything the sandbox seeded, sorted. */
export function seeded(truth: Truth): string[] {
  const users = truth.users.flatMap(({ findings }) => findings.map(({ rule, address }) => `${rule} @${address}`));
  const orphans = (truth.orphans ?? []).flatMap(({ findings }) =>
    findings.map(({ rule, address }) => `${rule} @${address}`),
  );
  const files = truth.files.flatMap(({ file, findings }) => findings.map(({ rule }) => `${rule} @source/${file}`));
  return [...users, ...orphans, ...files].sort();
}

/** The same of what an audit reported. */
export function reported(findings: readonly ReportedFinding[]): string[] {
  return findings.map(({ rule, address }) => `${rule} @${address}`).sort();
}

/** What was seeded and not found, and what was found and not seeded. */
export function difference(truth: Truth, findings: readonly ReportedFinding[]) {
  const wanted = seeded(truth);
  const found = reported(findings);
  return {
    missed: wanted.filter((line) => !found.includes(line)),
    falseAlarms: found.filter((line) => !wanted.includes(line)),
  };
}
