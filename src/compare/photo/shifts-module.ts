import { instantiate } from "../../model/web-assembly.js";

/** shifts.wat in bytes, base64: the innermost loop of the coarse search, in vectors of the processor. */
export const SHIFTS =
  "AGFzbQEAAAABCwFgBn9/f39/fwF8AwIBAAUDAQABBxMCBm1lbW9yeQIABmNvbW1vbgAACtIBAc8BAwN/AXwCewJAA0AgA0UNASAAIQYgASEHIAIhCAJAA0AgCEEESA0BIAogBv0A" +
  "BAAgB/0ABAD98gH98AEhCiALIAb9AAQQIAf9AAQQ/fIB/fABIQsgBkEgaiEGIAdBIGohByAIQQRrIQgMAAsLAkADQCAIRQ0BIAkgBisDACAHKwMAoqAhCSAGQQhqIQYgB0EIaiEH" +
  "IAhBAWshCAwACwsgACAEaiEAIAEgBWohASADQQFrIQMMAAsLIAogC/3wASEKIAr9IQAgCv0hAaAgCaAL";

/** Exports of shifts.wat, which tells what they take. */
export interface ShiftsModule {
  readonly memory: { readonly buffer: ArrayBuffer };
  common(a: number, b: number, columns: number, rows: number, lineA: number, lineB: number): number;
}

export function createShiftsModule(): ShiftsModule {
  return instantiate(SHIFTS) as ShiftsModule;
}
