import { PhotodriftError } from "../model/errors.js";
import type { StoreError } from "../model/photo.js";

/** What a store did not give; a folder of masters that is lost meanwhile is no store's fault. */
export function isOfStore(error: unknown): error is PhotodriftError {
  return error instanceof PhotodriftError && !error.code.startsWith("source-");
}

export function asStoreError(error: PhotodriftError): StoreError {
  return { code: error.code, message: error.message, hint: error.hint };
}
