import { sql } from "kysely";
import type { PictureRecords } from "../../run/records/pictures.js";
import type { Db } from "../sqlite/database.js";
import { inTenant, type FleetDatabase } from "./database.js";
import { decodeRow } from "./rows.js";

/** Previews have up to 24 KB. */
const PAGE = 100;

export interface PreviewsFrom {
  readonly database: FleetDatabase;
  readonly tenant: string;
  readonly db: Db;
  /** Writes to the table of previews what is not to be carried back. */
  readonly apart: (work: () => void) => void;
}

/**
 * Previews of a working copy that was filled without them: two thirds of what a tenant's rows take, and only reports with pictures ask for
 * them. A preview without a byte stands for one that the database has; with the first that is asked for all of them are fetched. One that
 * went meanwhile is null. Throws PhotodriftError `database-unreachable`.
 */
export function fleetPreviews({ database, tenant, db, apart }: PreviewsFrom): PictureRecords["preview"] {
  const select = db.prepare<[string], { jpeg: Buffer }>("SELECT jpeg FROM previews WHERE sha256 = ?");
  const fill = db.prepare<[Buffer, string]>("UPDATE previews SET jpeg = ? WHERE sha256 = ? AND length(jpeg) = 0");
  let fetching: Promise<void> | null = null;

  async function fetchAll(): Promise<void> {
    let last: string | undefined = "";
    while (last !== undefined) {
      const rows = await readPage(last);
      apart(() => {
        for (const { row } of rows) {
          const { jpeg, sha256 } = decodeRow(row) as { jpeg: Buffer; sha256: string };
          fill.run(jpeg, sha256);
        }
      });
      last = rows.length < PAGE ? undefined : rows.at(-1)?.key;
    }
  }
  function readPage(after: string): Promise<readonly { key: string; row: string }[]> {
    return inTenant(database, tenant, (transaction) =>
      transaction
        .selectFrom("rows")
        .select(["key", "row"])
        .where("tenant", "=", tenant)
        .where("tbl", "=", "previews")
        .where(sql<boolean>`key > ${after}`)
        .orderBy("key")
        .limit(PAGE)
        .execute(),
    );
  }

  return async (sha256) => {
    const kept = select.get(sha256)?.jpeg ?? null;
    if (kept === null || kept.length > 0) return kept;
    fetching ??= fetchAll().catch((error: unknown) => {
      fetching = null;
      throw error;
    });
    await fetching;
    const fetched = select.get(sha256)?.jpeg ?? null;
    return fetched === null || fetched.length === 0 ? null : fetched;
  };
}
