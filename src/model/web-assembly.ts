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

/** Exports of a new instance; the text beside the module tells what they are. */
export function instantiate(base64: string): unknown {
  return new WebAssembly.Instance(new WebAssembly.Module(moduleBytes(base64))).exports;
}
