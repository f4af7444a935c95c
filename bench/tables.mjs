/** How the benches print tables and rates. */
import Table from "cli-table3";
import { upperBound } from "./bounds.mjs";

export function share(part, whole) {
  return whole === 0 ? "-" : `${((100 * part) / whole).toFixed(part === whole ? 0 : 2)} %`;
}

/** 95 % upper bound of a rate. */
export function bound(found, tried) {
  return `${(100 * upperBound(found, tried)).toFixed(2)} %`;
}

export function newTable(title, head) {
  console.log(title);
  return new Table({ head, style: { head: [], border: [], compact: true } });
}

export function print(table) {
  console.log(`${table.toString()}\n`);
}
