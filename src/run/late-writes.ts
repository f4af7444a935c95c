import type { LookPorts } from "./applying/ports.js";
import type { JournalEntry } from "./journal-port.js";

/**
 * So long a write that the service took may go unseen, milliseconds. Microsoft names a quarter of an hour for new users and nothing for photos
 * (facts/graph-entra-exchange.md 2.1, 2.4): four times that. What counts as never written no undo takes back.
 */
const MAY_TAKE_MS = 3_600_000;

/**
 * Tells of open writes which the service took (2xx) without showing them, and so lately that they may show yet: of those the run told `not-confirmed`.
 * Writes before whose answer the run was killed are not among them.
 */
export function lateWrites(
  { records, clock }: Pick<LookPorts, "records" | "clock">,
  entries: readonly JournalEntry[],
): (entry: JournalEntry) => boolean {
  const taken = new Set<string>();
  for (const runId of new Set(entries.map((entry) => entry.runId))) {
    const open = new Set(entries.flatMap((entry) => (entry.runId === runId ? [entry.action.id] : [])));
    for (const { actionId, error } of records.outcomes(runId)) {
      if (open.has(actionId) && error?.code === "not-confirmed") taken.add(`${runId} ${actionId}`);
    }
  }
  const now = clock.now();
  return ({ runId, action, at }) => taken.has(`${runId} ${action.id}`) && now - Date.parse(at) < MAY_TAKE_MS;
}
