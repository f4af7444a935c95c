import type { Properties } from "./replies.js";

/** A condition of $filter: `Name ne 'Forms'`. */
interface Condition {
  readonly field: string;
  readonly operator: string;
  readonly value: string | number;
}

/**
 * `$filter` as far as listings need it: comparisons joined by `and`. undefined: something else, which the sandbox does not answer.
 */
export function parseFilter(text: string | undefined): readonly Condition[] | undefined {
  if (text === undefined || text.trim() === "") return [];
  const conditions: Condition[] = [];
  for (const part of text.trim().split(/\s+and\s+/i)) {
    const match = /^(\w+)\s+(eq|ne|gt|ge|lt|le)\s+(?:'((?:[^']|'')*)'|(\d+))$/i.exec(part.trim());
    if (match === null) return undefined;
    const value = match[4] === undefined ? (match[3] ?? "").replaceAll("''", "'") : Number(match[4]);
    conditions.push({ field: match[1] ?? "", operator: (match[2] ?? "").toLowerCase(), value });
  }
  return conditions;
}

/** Fields that a filter names: on a large list only indexed ones (ID) may be filtered on. */
export function filteredFields(conditions: readonly Condition[]): string[] {
  return conditions.map(({ field }) => field.toLowerCase());
}

export function matches(properties: Properties, conditions: readonly Condition[]): boolean {
  return conditions.every(({ field, operator, value }) => {
    const found = Object.entries(properties).find(([name]) => name.toLowerCase() === field.toLowerCase())?.[1];
    const text = typeof found === "string" || typeof found === "number" ? found : "";
    const order =
      typeof value === "number"
        ? Number(text) - value
        : String(text).toLowerCase() === value.toLowerCase()
          ? 0
          : String(text).toLowerCase() < value.toLowerCase()
            ? -1
            : 1;
    switch (operator) {
      case "eq":
        return order === 0;
      case "ne":
        return order !== 0;
      case "gt":
        return order > 0;
      case "ge":
        return order >= 0;
      case "lt":
        return order < 0;
      default:
        return order <= 0;
    }
  });
}
