import { sql, type Transaction } from "kysely";
import { createBackups } from "../backups.js";
import { sha256Of } from "../../files/digest.js";
import { PhotodriftError } from "../../model/errors.js";
import type { BackupStore } from "../../run/journal-port.js";
import { inTenant, type FleetDatabase } from "./database.js";
import { leaseLost, type Lease } from "./lease.js";
import type { FleetTables } from "./migrations.js";

export interface BackupsFrom {
  readonly database: FleetDatabase;
  readonly tenant: string;
  /** null: for reading only. */
  readonly lease: Lease | null;
  /** Working copy beside which pictures lie that are needed as files. */
  readonly file: string;
  /** Makes safe what the journal says before a picture goes that it named. */
  readonly flush: () => Promise<void>;
}

/** Replaced pictures in the fleet's database, by content: any worker can put them back. Reading throws `backup-damaged`. */
export function fleetBackups({ database, tenant, lease, file, flush }: BackupsFrom): BackupStore {
  const local = createBackups(file);

  /** Only the holder writes. */
  function held<T>(work: (transaction: Transaction<FleetTables>) => Promise<T>): Promise<T> {
    return inTenant(database, tenant, async (transaction) => {
      const { rows } = await sql<{
        lease: string;
      }>`SELECT lease FROM photodrift.tenants WHERE tenant = ${tenant} FOR SHARE`.execute(transaction);
      if (lease === null || rows[0]?.lease !== lease.number) throw leaseLost(tenant);
      return work(transaction);
    });
  }

  return {
    path: (sha256) => local.path(sha256),
    async put(bytes) {
      const sha256 = await local.put(bytes);
      await held((transaction) =>
        transaction
          .insertInto("backups")
          .values({ tenant, sha256, bytes })
          .onConflict((conflict) => conflict.doNothing())
          .execute(),
      );
      return sha256;
    },
    async get(sha256) {
      const row = await inTenant(database, tenant, (transaction) =>
        transaction
          .selectFrom("backups")
          .select("bytes")
          .where("tenant", "=", tenant)
          .where("sha256", "=", sha256)
          .executeTakeFirst(),
      );
      if (row === undefined) return null;
      if (sha256Of(row.bytes) === sha256) return row.bytes;
      throw new PhotodriftError(
        "backup-damaged",
        `The backup ${sha256} in the fleet's database is not what was kept.`,
        "It is not put back. Restore it from a backup of the database, or upload the master again.",
      );
    },
    async remove(sha256) {
      await flush();
      await held((transaction) =>
        transaction.deleteFrom("backups").where("tenant", "=", tenant).where("sha256", "=", sha256).execute(),
      );
      await local.remove(sha256);
    },
    async *all() {
      let last = "";
      for (;;) {
        const page = await inTenant(database, tenant, (transaction) =>
          transaction
            .selectFrom("backups")
            .select("sha256")
            .where("tenant", "=", tenant)
            .where("sha256", ">", last)
            .orderBy("sha256")
            .limit(1_000)
            .execute(),
        );
        for (const { sha256 } of page) yield sha256;
        if (page.length < 1_000) return;
        last = page.at(-1)?.sha256 ?? "";
      }
    },
  };
}
