/** The part of the platform's interface that is used here; Node's own types leave it out. */
interface Platform {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: Partial<Imports>) => { readonly exports: unknown };
  readonly Memory: new (size: { readonly initial: number }) => ModuleMemory;
}

/** What modules without a memory of their own import. */
interface Imports {
  readonly shared: { readonly memory: ModuleMemory };
}
declare const WebAssembly: Platform;

/** The bytes of a module. */
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

/** Memory for several modules, so that what one made the next reads where it lies. */
export function createMemory(bytes: number): ModuleMemory {
  return new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE_BYTES) });
}

/** Whether modules that are compiled from now on are optimised once they are hot, as V8 does by itself. */
export type Optimising = (on: boolean) => void;
let optimising: Optimising | null = null;

/**
 * From now on only modules of this program are optimised. Packages bring one whose largest function (33 KB, the parser of HTTP answers) takes V8
 * 0.35 s and 29 MB to optimise, after the first few answers and for a few milliseconds of a run.
 */
export function optimiseOwnModulesOnly(set: Optimising): void {
  set(false);
  optimising = set;
}

/**
 * Exports of a new instance; the text beside the module tells what they are.
 * @param memory of modules that import `shared` `memory` instead of having one
 */
export function instantiate(base64: string, memory?: ModuleMemory): unknown {
  const module = compiled(moduleBytes(base64));
  return new WebAssembly.Instance(module, memory === undefined ? {} : { shared: { memory } }).exports;
}

function compiled(bytes: Uint8Array): object {
  optimising?.(true);
  try {
    return new WebAssembly.Module(bytes);
  } finally {
    optimising?.(false);
  }
}
