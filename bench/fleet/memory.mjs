/** What one worker takes up with so many runs at once: first audits, which measure every picture. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { allEnded, dueIn, number, schedule, startWorker } from "./stage.mjs";
import { pictures } from "./tenant.mjs";

const AT_ONCE = [1, 4, 8];

export async function memory({ site }, tell) {
  const users = number("USERS", 30);
  const tenants = Math.max(...AT_ONCE);
  for (const concurrency of AT_ONCE) {
    const fleet = await site(`memory${concurrency}`, { tenants, users, seeds: 2 });
    try {
      for (const { dir } of fleet.sandboxes) await pictures(dir);
      await schedule(fleet, "audit", `cron: "${dueIn(20)}"\n`);
      const usage = path.join(fleet.dir, "usage.json");
      const worker = await startWorker(fleet, { args: ["--concurrency", concurrency], env: { USAGE_FILE: usage } });
      await allEnded(fleet.pool, tenants, 600);
      await worker.end("SIGTERM");
      const { peak } = JSON.parse(await readFile(usage, "utf8"));
      tell(
        `a worker with ${concurrency} first audits of ${users} users at once: peak memory`,
        `${peak.toFixed(0)} MiB`,
      );
    } finally {
      await fleet.stop();
    }
  }
}
