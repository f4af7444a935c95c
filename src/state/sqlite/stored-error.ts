import type { StoreError } from "../../model/photo.js";

/** The text of an error in a row; null for none. */
export function errorText(error: StoreError | null): string | null {
  return error === null ? null : JSON.stringify(error);
}

export function storedError(json: string | null): StoreError | null {
  return json === null ? null : (JSON.parse(json) as StoreError);
}
