/** The part of the platform's interface that is used here; Node's own types leave it out. */
interface Platform {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
}
declare const WebAssembly: Platform;

/** The bytes of a module that imports nothing. */
export function moduleBytes(base64: string): Uint8Array {
  return Uint8Array.from(Buffer.from(base64, "base64"));
}

/** Memory that a module exports. */
export interface ModuleMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

const PAGE_BYTES = 65_536;

/** The memory's bytes, at least so many. Views of what it was before are of no use afterwards. */
export function roomFor(memory: ModuleMemory, bytes: number): ArrayBuffer {
  const missing = bytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
  return memory.buffer;
}

/** Exports of a new instance; the text beside the module tells what they are. */
export function instantiate(base64: string): unknown {
  return new WebAssembly.Instance(new WebAssembly.Module(moduleBytes(base64))).exports;
}
