/** Cells that are not yet as written, `mutation x phase`. The tests print them; a cell here that is as written fails them. */
export const PENDING: readonly string[] = [];
