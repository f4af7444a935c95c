/**
 * Iterates a keyset-paged query: `next(last)` returns the rows after `last`, an empty list at the end. Unlike a cursor, the connection stays
 * free for writes between pages, and memory holds one page.
 */
export function* inPages<Row>(next: (last: Row | null) => readonly Row[]): Iterable<Row> {
  let last: Row | null = null;
  for (;;) {
    const page: readonly Row[] = next(last);
    yield* page;
    const end = page[page.length - 1];
    if (end === undefined) return;
    last = end;
  }
}
