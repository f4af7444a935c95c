import { closeSync, openSync, readSync } from "node:fs";
import { resolve } from "node:path";
import type { Argv } from "yargs";
import { loadConfig } from "../../config/index.js";
import type { Config } from "../../model/config.js";
import { PhotodriftError } from "../../model/errors.js";
import { auditedUser } from "../../run/named-users.js";
import { byText } from "../../model/ids.js";
import { systemReason } from "../../model/system-errors.js";
import { plain } from "../../model/text.js";
import { decisionFileSchema, decisionText, MOST_DECISION_BYTES, parseDecisionFile } from "../../plan/decision-file.js";
import { takeDecisions, type DecideResult } from "../../run/decide.js";
import { withState } from "../sessions/state.js";
import { holdStateFile, type State } from "../../state/index.js";
import { EXIT } from "../../model/exit-codes.js";
import type { GlobalFlags, Invocation } from "../line/globals.js";
import { withConfig } from "../line/command-to-type.js";
import { requireFormats } from "../terminal/formats.js";
import { jsonText, writeList, writeResult } from "../terminal/results.js";
import { textTable } from "../../report/index.js";

export interface DecideFlags extends GlobalFlags {
  readonly words: readonly string[] | undefined;
  readonly list: boolean;
  readonly reset: boolean;
  readonly schema: boolean;
}

export function decideFlags<T>(yargs: Argv<T>) {
  return yargs
    .positional("words", {
      type: "string",
      array: true,
      describe: "the file that the HTML report saved; with --reset users (none: everybody)",
    })
    .option("list", { type: "boolean", default: false, describe: "show the decisions that stand" })
    .option("reset", { type: "boolean", default: false, describe: "forget decisions, of all or of the users named" })
    .option("schema", { type: "boolean", default: false, describe: "print the JSON Schema of the file" });
}

/** Takes what a person decided in the HTML report; from the next audit on it counts. Asks nothing of the tenant. */
export async function decideCommand(flags: DecideFlags, invocation: Invocation): Promise<number> {
  if (flags.schema) {
    requireFormats(invocation, "--schema", ["json"]);
    await writeResult(invocation, () => [jsonText(decisionFileSchema())]);
    return EXIT.ok;
  }
  const words = flags.words ?? [];
  if (flags.list && flags.reset) {
    throw new PhotodriftError("usage", "--list and --reset exclude each other.", "Give one of them.", "usage");
  }
  if (flags.list && words.length > 0) {
    throw new PhotodriftError(
      "usage",
      "--list shows all decisions and takes no name.",
      "Leave the words away.",
      "usage",
    );
  }
  const config = loadConfig(invocation.configPath, invocation.env);
  if (flags.list) return withState(config, (state) => list(state, invocation));
  const held = holdStateFile(config.state, config.tenant.id, "photodrift decide");
  try {
    return await (flags.reset ? reset(held.state, words, invocation) : take(held.state, config, words, invocation));
  } finally {
    await held.release();
  }
}

async function take(state: State, config: Config, words: readonly string[], invocation: Invocation): Promise<number> {
  const [file, ...more] = words;
  if (file === undefined || more.length > 0) {
    throw new PhotodriftError(
      "usage",
      "decide takes one file.",
      "Type: photodrift decide decisions.json - the file that the HTML report saves; --list shows what was taken.",
      "usage",
    );
  }
  const decisions = parseDecisionFile(file, read(file));
  const direct = config.stores.sharepoint.enabled && config.stores.sharepoint.fix === "direct";
  const result = takeDecisions(state.records, decisions, config.tenant.id, direct, Date.now());
  await writeList(invocation, {
    title: "Decisions taken",
    columns: ["row", "result", "address", "decision", "why"],
    rows: [
      ...result.taken.map(({ line, decision }) => [String(line), "taken", decision.address, decision.kind, ""]),
      ...result.refused.map(({ line, address, reason }) => [String(line), "refused", address, "", reason]),
    ],
    json: { taken: result.taken, refused: result.refused, ...(result.whole === null ? {} : { reason: result.whole }) },
    text: resultText(result, invocation.configPath),
  });
  if (result.whole !== null) return EXIT.refused;
  if (result.refused.length === 0) return EXIT.ok;
  return result.taken.length === 0 ? EXIT.refused : EXIT.incomplete;
}

/** The file as text. Pipes are read as files are, up to the same size. */
function read(file: string): string {
  try {
    return decisionText(file, readAtMost(resolve(file), MOST_DECISION_BYTES + 1));
  } catch (error) {
    if (error instanceof PhotodriftError) throw error;
    throw new PhotodriftError(
      "decisions-unreadable",
      `${file} cannot be read: ${systemReason(error)}.`,
      "Name the file that `Save decisions` in the HTML report put into your downloads.",
      "usage",
      error,
    );
  }
}

/** The first `most` bytes of a file, a pipe or a device. */
function readAtMost(path: string, most: number): Buffer {
  const file = openSync(path, "r");
  try {
    const chunks: Buffer[] = [];
    let length = 0;
    while (length < most) {
      const chunk = Buffer.alloc(Math.min(1024 * 1024, most - length));
      const read = readSync(file, chunk);
      if (read === 0) break;
      chunks.push(chunk.subarray(0, read));
      length += read;
    }
    return Buffer.concat(chunks);
  } finally {
    closeSync(file);
  }
}

function resultText({ taken, refused, whole }: DecideResult, configPath: string): string {
  if (whole !== null) return `No decision was taken: ${plain(whole)}.\n`;
  const kinds = ["fix", "keep", "leave"] as const;
  const counts = kinds.map((kind) => `${taken.filter(({ decision }) => decision.kind === kind).length} ${kind}`);
  const lines = [`${taken.length} of ${taken.length + refused.length} decisions taken: ${counts.join(", ")}.`];
  for (const { decision, replaces } of taken) {
    if (replaces === null) continue;
    lines.push(
      `  ${plain(decision.address)}: ${decision.kind} (${plain(decision.by)}) takes the place of ${replaces.kind} (${plain(replaces.by)}, ${replaces.at.slice(0, 10)}).`,
    );
  }
  if (refused.length > 0) lines.push(`${refused.length} not taken:`);
  for (const { line, address, reason } of refused) lines.push(`  ${line}. ${plain(address)}: ${plain(reason)}.`);
  if (taken.length > 0) {
    const audit = withConfig(configPath, "audit", "--plan", "plan.json");
    lines.push(`Next: ${audit}, then ${withConfig(configPath, "apply", "plan.json")}`);
  }
  return `${lines.join("\n")}\n`;
}

const HTML_REPORT = ["report", "--format", "html", "--output", "report.html"] as const;

async function list(state: State, invocation: Invocation): Promise<number> {
  const decisions = [...state.records.decisions()].sort((a, b) => byText(a.address, b.address));
  const columns = ["decision", "address", "rule", "by", "at (UTC)"];
  const rows = decisions.map(({ kind, address, rule, by, at }) => [kind, address, rule, by, at]);
  await writeList(invocation, {
    title: "Decisions",
    columns,
    rows,
    json: { decisions },
    text:
      decisions.length === 0
        ? `Nothing was decided. Decide in the HTML report: ${withConfig(invocation.configPath, ...HTML_REPORT)}\n`
        : textTable(columns, rows),
  });
  return EXIT.ok;
}

async function reset(state: State, names: readonly string[], invocation: Invocation): Promise<number> {
  const users = names.map((name) => auditedUser(state.records, name));
  const forgotten = [...state.records.decisions()].filter(
    ({ userId }) => users.length === 0 || users.some(({ id }) => id === userId),
  );
  state.records.transaction(() => {
    for (const { findingId } of forgotten) state.records.endDecision(findingId);
  });
  await writeList(invocation, {
    title: "Decisions forgotten",
    columns: ["address", "rule"],
    rows: forgotten.map(({ address, rule }) => [address, rule]),
    json: { forgotten },
    text: `${forgotten.length} decisions forgotten. Their findings are open again with the next audit.\n`,
  });
  return EXIT.ok;
}
