import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const REPORT = z.object({
  run: z.object({ verdict: z.string(), exitCode: z.number(), complete: z.boolean() }),
  findings: z.array(z.object({ rule: z.string(), address: z.string(), summary: z.string() })),
  outcomes: z.array(z.object({ address: z.string(), action: z.string(), kind: z.string() })).default([]),
});
const PLAN = z.object({
  complete: z.boolean(),
  applyable: z.boolean(),
  actions: z.array(z.object({ action: z.string(), address: z.string() })),
});

export type SeenReport = z.infer<typeof REPORT>;

/** What a run left in its folder; null where a file was not written. */
export interface Seen {
  readonly report: SeenReport | null;
  /** `rule @address`, sorted. */
  readonly findings: readonly string[];
  /** `action @address`, sorted. */
  readonly actions: readonly string[];
}

export async function readSeen(dir: string, withPlan: boolean): Promise<Seen> {
  const report = await readJson(join(dir, "report.json"), REPORT);
  const plan = withPlan ? await readJson(join(dir, "plan.json"), PLAN) : null;
  return {
    report,
    findings: (report?.findings ?? []).map(({ rule, address }) => `${rule} @${address}`).sort(),
    actions: (plan?.actions ?? []).map(({ action, address }) => `${action} @${address}`).sort(),
  };
}

async function readJson<T>(file: string, schema: z.ZodType<T>): Promise<T | null> {
  const text = await readFile(file, "utf8").catch(() => null);
  return text === null ? null : schema.parse(JSON.parse(text));
}
