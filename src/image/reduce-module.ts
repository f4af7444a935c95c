import { instantiate, type ModuleMemory } from "../model/web-assembly.js";

/** reduce.wat in bytes, base64: the weighted sums of a smaller picture, sixteen levels at a time. */
export const REDUCE =
  "AGFzbQEAAAABFgJgCH9/f39/f39/AGAHf39/f39/fwADAwIAAQUDAQAYBxoDBm1lbW9yeQIABHJvd3MAAAZwaXhlbHMAAQq2BALfAgIGfwh7AkADQCAHRQ0BIAAgAygCACABbGoh" +
  "DCADKAIEIQ1BACEIAkADQCAIIAJODQEgDCAIaiEJIA0hCiAEIQv9DAAIAAAACAAAAAgAAAAIAAAhEiASIRMgEiEUIBIhFQNAIAr9CQIAIQ4gCf0ABAAhDyAJIAFqIQkgCf0ABAAh" +
  "ECAJIAFqIQkgDyAQ/Q0AEAERAhIDEwQUBRUGFgcXIREgEiAR/YkBIA79ugH9rgEhEiATIBH9igEgDv26Af2uASETIA8gEP0NCBgJGQoaCxsMHA0dDh4PHyERIBQgEf2JASAO/boB" +
  "/a4BIRQgFSAR/YoBIA79ugH9rgEhFSAKQQRqIQogC0EBayILDQALIAUgCGogEkEM/awBIBNBDP2sAf2FASAUQQz9rAEgFUEM/awB/YUB/Wb9CwQAIAhBEGohCAwACwsgA0EIaiED" +
  "IAUgBmohBSAHQQFrIQcMAAsLC9IBAgV/AnsCQANAIAJFDQEgAyELIAYhBwNAIAAgCygCAEEDbGohCCALKAIEIQkgBCEK/QwACAAAAAgAAAAIAAAACAAAIQwDQCAMIAj9XQMAIA39" +
  "DQAQAxABEAQQAhAFEBAQEBAgCf0JAgD9ugH9rgEhDCAIQQZqIQggCUEEaiEJIApBAWsiCg0ACyAMQQz9rAEhDCAMIAz9hQEhDCAFIAwgDP1m/VoCAAAgBUEDaiEFIAtBCGohCyAH" +
  "QQFrIgcNAAsgACABaiEAIAJBAWshAgwACwsL";

/** Exports of reduce.wat, which tells what they take. */
export interface ReduceModule {
  readonly memory: ModuleMemory;
  rows(...given: Numbers8): void;
  pixels(...given: Numbers7): void;
}

type Numbers7 = [number, number, number, number, number, number, number];
type Numbers8 = [...Numbers7, number];

export function createReduceModule(): ReduceModule {
  return instantiate(REDUCE) as ReduceModule;
}
