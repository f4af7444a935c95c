import { instantiate, type ModuleMemory } from "../model/web-assembly.js";

/** face-net.wat in bytes, base64. */
export const FACE_NET =
  "AGFzbQEAAAABIwNgDH9/f39/f39/f39/fQBgB39/f39/f38AYAZ/f39/f38AAhIBBnNoYXJlZAZtZW1vcnkCAAEDBAMAAQIHHAMFZGVuc2UAAAlkZXB0aHdpc2UAAQRwb29sAAIK7wgDgwUCDH8Mey" +
  "AKQQJ0IQwgAUEBdCETIBMgAWohFCAL/RMhGANAQQAhDiAAIRcDQCAGIA1q/QAEACEcIAYgDWr9AAQQIR0gHCEeIB0hHyAcISAgHSEhIBwhIiAdISMgBSANaiESQQAhEQNAIBcgESADbGohDyAPIARB" +
  "AnRqIRADQCAS/QAEACEZIBL9AAQQIRogD/0JAgAhGyAcIBsgGf3mAf3kASEcIB0gGyAa/eYB/eQBIR0gDyABav0JAgAhGyAeIBsgGf3mAf3kASEeIB8gGyAa/eYB/eQBIR8gDyATav0JAgAhGyAgIB" +
  "sgGf3mAf3kASEgICEgGyAa/eYB/eQBISEgDyAUav0JAgAhGyAiIBsgGf3mAf3kASEiICMgGyAa/eYB/eQBISMgEiAMaiESIA9BBGoiDyAQSQ0ACyARQQFqIhEgAkkNAAsgDSAOIAxsaiEVIAcEQCAH" +
  "IBVqIRYgHCAW/QAEAP3kASEcIB0gFv0ABBD95AEhHSAWIAxqIRYgHiAW/QAEAP3kASEeIB8gFv0ABBD95AEhHyAWIAxqIRYgICAW/QAEAP3kASEgICEgFv0ABBD95AEhISAWIAxqIRYgIiAW/QAEAP" +
  "3kASEiICMgFv0ABBD95AEhIwsgCCAVaiEVIBUgGCAc/esB/QsEACAVIBggHf3rAf0LBBAgFSAMaiEVIBUgGCAe/esB/QsEACAVIBggH/3rAf0LBBAgFSAMaiEVIBUgGCAg/esB/QsEACAVIBggIf3r" +
  "Af0LBBAgFSAMaiEVIBUgGCAi/esB/QsEACAVIBggI/3rAf0LBBAgFyABQQJ0aiEXIA5BBGoiDiAJSQ0ACyANQSBqIg0gDEkNAAsL6gICCH8JeyAGQQJ0IQcgB0EBdCEOA0AgAyAIaiELIAv9AAQAIQ" +
  "8gCyAHaiIL/QAEACEQIAsgB2oiC/0ABAAhESALIAdqIgv9AAQAIRIgCyAHaiIL/QAEACETIAsgB2oiC/0ABAAhFCALIAdqIgv9AAQAIRUgCyAHaiIL/QAEACEWIAsgB2oiC/0ABAAhFyAAIAhqIQsg" +
  "BCAIaiEKQQAhCQNAIAsgAWohDCAMIAFqIQ0gCiAL/QAEACAP/eYBIAsgB2r9AAQAIBD95gH95AEgCyAOav0ABAAgEf3mAf3kASAM/QAEACAS/eYBIAwgB2r9AAQAIBP95gH95AEgDCAOav0ABAAgFP" +
  "3mAf3kASAN/QAEACAV/eYBIA0gB2r9AAQAIBb95gH95AEgDSAOav0ABAAgF/3mAf3kAf3kAf3kAf0LBAAgCyACaiELIAogB2ohCiAJQQFqIgkgBUkNAAsgCEEQaiIIIAdJDQALC3wBBX8gBUECdCEG" +
  "A0BBACEHA0AgACAHaiEJIAkgAWohCiACIAdqIAn9AAQAIAkgBmr9AAQA/esBIAr9AAQAIAogBmr9AAQA/esB/esB/QsEACAHQRBqIgcgBkkNAAsgACAGQQF0aiEAIAIgA2ohAiAIQQFqIgggBEkNAA" +
  "sL";

/** Exports of face-net.wat, which tells what they take. Places are bytes in the memory. */
export interface FaceNetModule {
  dense(
    input: number,
    pixelBytes: number,
    segments: number,
    segmentBytes: number,
    length: number,
    weights: number,
    bias: number,
    skip: number,
    out: number,
    pixels: number,
    channels: number,
    floor: number,
  ): void;
  depthwise(
    input: number,
    rowBytes: number,
    stepBytes: number,
    weights: number,
    out: number,
    pixels: number,
    channels: number,
  ): void;
  pool(input: number, rowBytes: number, out: number, outBytes: number, pixels: number, channels: number): void;
}

export function createFaceNetModule(memory: ModuleMemory): FaceNetModule {
  return instantiate(FACE_NET, memory) as FaceNetModule;
}
