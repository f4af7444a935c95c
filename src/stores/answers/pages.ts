import { PhotodriftError } from "../../model/errors.js";
import type { SeenKeys } from "./seen-keys.js";

/** One page of a list: its rows and the link to the next one, null on the last page. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly next: string | null;
}

/** What proves that a list which comes in pages is whole. */
export interface WholeList<Row> {
  /** What is asked, to stand after "cannot". */
  readonly asks: string;
  /** Origin that every link must have: a link to elsewhere would carry the token there. */
  readonly origin: string;
  /** The key of a row. */
  readonly key: (row: Row) => string;
  readonly seen: SeenKeys;
  /** Most rows that any list of this kind has; more is no list that ends. */
  readonly mostRows: number;
  /** A row that comes twice: `contradiction` ends the listing, `skip` leaves the second one out. */
  readonly repeated: "contradiction" | "skip";
  readonly counted?: CountedElsewhere;
}

/** A count that the service gives beside the list; asked for once, and only of a list that goes on for longer than it should. */
export interface CountedElsewhere {
  /** Rows after which it is asked. */
  readonly afterRows: number;
  /** The count, or null where it cannot be had. */
  readonly ask: () => Promise<number | null>;
}

/**
 * How far a list may be from its count: counts are answered from an index that lags behind
 * (learn.microsoft.com/graph/aad-advanced-queries, "eventual").
 */
const COUNT_LAG = { share: 0.1, rows: 1000 };

/** Pages after which their size is looked at, and the rows that they must have brought each: every list here asks for hundreds or thousands a page. */
const LOOKED_AT_AFTER = 20;
const LEAST_ROWS_A_PAGE = 10;
/**
 * A page with fewer rows is sparse: a service fills at least its default page of 100 (learn.microsoft.com/graph/paging) or ends. Some are
 * sparse in an honest list, but not so many in a row.
 */
const SPARSE_BELOW = 50;
const MOST_SPARSE_IN_A_ROW = 50;

/**
 * The pages of a list, every one by the link of the one before to the letter. A list that loops, never ends, crawls on in sparse pages, leads to
 * another host, repeats rows or brings none is not read: throws PhotodriftError `list-not-whole`; everything that came before is then to be forgotten.
 */
export async function* wholeList<Row>(
  list: WholeList<Row>,
  page: (link: string | null) => Promise<Page<Row>>,
): AsyncGenerator<readonly Row[]> {
  const links = new Set<string>();
  let link: string | null = null;
  let rows = 0;
  let sparse = 0;
  let counted: number | null = null;
  let unasked = list.counted;
  for (let pages = 1; ; pages++) {
    const got: Page<Row> = await page(link);
    const fresh = got.rows.filter((row) => list.seen.add(list.key(row)));
    if (fresh.length < got.rows.length && list.repeated === "contradiction") {
      throw notWhole(list.asks, "a row came twice");
    }
    rows += fresh.length;
    if (rows > list.mostRows) throw notWhole(list.asks, `it has more than ${String(list.mostRows)} rows`);
    if (unasked !== undefined && rows > unasked.afterRows) {
      counted = await unasked.ask();
      unasked = undefined;
    }
    assertAsCounted(list.asks, rows, counted, got.next === null);
    if (fresh.length === 0 && got.next !== null) {
      throw notWhole(list.asks, "a page brought no new rows and names a next one");
    }
    if (pages > LOOKED_AT_AFTER && rows < pages * LEAST_ROWS_A_PAGE) {
      throw notWhole(list.asks, `${String(pages)} pages brought only ${String(rows)} rows`);
    }
    sparse = fresh.length < SPARSE_BELOW ? sparse + 1 : 0;
    if (sparse > MOST_SPARSE_IN_A_ROW && got.next !== null) {
      throw notWhole(list.asks, `${String(sparse)} pages in a row brought only a few rows each`);
    }
    yield fresh;
    if (got.next === null) return;
    link = checkedLink(list, links, got.next);
  }
}

/** More rows than are counted never end; fewer at the end are half a list. */
function assertAsCounted(asks: string, rows: number, counted: number | null, isEnd: boolean): void {
  if (counted === null) return;
  const lag = counted * COUNT_LAG.share + COUNT_LAG.rows;
  if (rows > counted + lag) {
    throw notWhole(asks, `it has ${String(rows)} rows where the service counts ${String(counted)}`);
  }
  if (isEnd && rows < counted - lag) {
    throw notWhole(asks, `it ended after ${String(rows)} rows where the service counts ${String(counted)}`);
  }
}

function checkedLink(
  list: { readonly asks: string; readonly origin: string },
  links: Set<string>,
  next: string,
): string {
  const host = originOf(next);
  if (host !== list.origin) {
    throw notWhole(list.asks, `the next page lies on another host (${host ?? "no address"}), which is not asked`);
  }
  if (links.has(next)) throw notWhole(list.asks, "a page names one that was read already as the next one");
  links.add(next);
  return next;
}

function originOf(link: string): string | null {
  try {
    return new URL(link).origin;
  } catch {
    return null;
  }
}

/** The error of a list of which it cannot be proved that it is whole. */
export function notWhole(asks: string, because: string): PhotodriftError {
  return new PhotodriftError(
    "list-not-whole",
    `cannot ${asks}: the list is not whole, ${because}`,
    "run again; if it stays so, look for a proxy between here and the service that changes answers",
    "incomplete",
  );
}
