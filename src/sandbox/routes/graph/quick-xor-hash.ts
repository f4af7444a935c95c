const WIDTH = 160;
const SHIFT = 11;

/** QuickXorHash of SharePoint and OneDrive, base64 (onedrive-api-docs code-snippets/quickxorhash.md). */
export function quickXorHash(bytes: Uint8Array): string {
  const state = Buffer.alloc(WIDTH / 8);
  let bit = 0;
  for (const byte of bytes) {
    const at = bit >> 3;
    const offset = bit & 7;
    state[at] = (state[at] ?? 0) ^ ((byte << offset) & 0xff);
    const over = at + 1 === state.length ? 0 : at + 1;
    if (offset > 0) state[over] = (state[over] ?? 0) ^ (byte >> (8 - offset));
    bit = (bit + SHIFT) % WIDTH;
  }
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(bytes.length));
  for (let at = 0; at < 8; at += 1) state[12 + at] = (state[12 + at] ?? 0) ^ (length[at] ?? 0);
  return state.toString("base64");
}
