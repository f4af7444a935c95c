import { instantiate, type ModuleMemory } from "../model/web-assembly.js";

/** enlarge.wat in bytes, base64: two channels at a time, and as fast in the first picture as in the thousandth. */
export const ENLARGE =
  "AGFzbQEAAAABFQJgCH9/f39/f39/AGAGf39/f39/AAISAQZzaGFyZWQGbWVtb3J5AgABAwMCAAEHFAIFd2lkZW4AAAhoZWlnaHRlbgABCq8FAsECAwV/AXsBfAJAA0AgAkUNASABIQggAyEJ" +
  "A0AgCSAALQAAuDkDACAAQQFqIQAgCUEIaiEJIAhBAWsiCA0ACyAGIQggBCELIAUhCgNAIAMgCygCAGohDCAK/QoDACAM/QAEAP3yASENIAorAwAgDCsDEKIhDiADIAsoAgRqIQwgDSAK/QoD" +
  "CCAM/QAEAP3yAf3wASENIA4gCisDCCAMKwMQoqAhDiADIAsoAghqIQwgDSAK/QoDECAM/QAEAP3yAf3wASENIA4gCisDECAMKwMQoqAhDiADIAsoAgxqIQwgDSAK/QoDGCAM/QAEAP3yAf3w" +
  "ASENIA4gCisDGCAMKwMQoqAhDiAHIA39Xv1bAwAAIAcgDrY4AgggB0EMaiEHIAtBEGohCyAKQSBqIQogCEEBayIIDQALIAJBAWshAgwACwsL6QICBn8GewJAA0AgBEUNASAAIAIoAgBqIQcg" +
  "ACACKAIEaiEIIAAgAigCCGohCSAAIAIoAgxqIQogA/0KAwAhDCAD/QoDCCENIAP9CgMQIQ4gA/0KAxghDyABIQYgBSELA0AgDCAH/V0DAP1f/fIBIA0gCP1dAwD9X/3yAf3wASAOIAn9XQMA" +
  "/V/98gH98AEgDyAK/V0DAP1f/fIB/fAB/ZQBIRAgDCAH/V0DCP1f/fIBIA0gCP1dAwj9X/3yAf3wASAOIAn9XQMI/V/98gH98AEgDyAK/V0DCP1f/fIB/fAB/ZQBIREgEP39ASAR/f0B/Q0A" +
  "AQIDBAUGBxAREhMUFRYXIRAgECAQ/YYBIRAgCyAQIBD9Zv1aAgAAIAdBEGohByAIQRBqIQggCUEQaiEJIApBEGohCiALQQRqIQsgBkEEayIGQQBKDQALIAUgAWohBSACQRBqIQIgA0EgaiED" +
  "IARBAWshBAwACwsL";

/** Exports of enlarge.wat, which tells what they take. */
export interface EnlargeModule {
  widen(
    ...places: readonly [
      input: number,
      from: number,
      rows: number,
      row: number,
      at: number,
      weights: number,
      to: number,
      out: number,
    ]
  ): void;
  heighten(
    ...places: readonly [input: number, line: number, at: number, weights: number, to: number, out: number]
  ): void;
}

export function createEnlargeModule(memory: ModuleMemory): EnlargeModule {
  return instantiate(ENLARGE, memory) as EnlargeModule;
}
