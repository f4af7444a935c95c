import type { BitSink, BitSource } from "./slow-code.js";

/** Likelihoods are of 4,096. */
const SCALE = 12;
const EVEN = 1 << (SCALE - 1);
/** Bounds have so many bits that all sums and products stay whole numbers of 32 bits. */
const BITS = 31;
/** Bits of the last byte that the code does not have yet. */
const AHEAD = 32 - BITS;
const LARGEST = 2 ** BITS - 1;
const FIRST_BYTE = 0xff << (BITS - 8);

/**
 * Binary arithmetic coding between two bounds, whose equal first bytes are written (as lpaq does,
 * http://mattmahoney.net/dc/dce.html#Section_32): no carry runs back. Likelihoods are given, not learnt.
 * @param chances of each context, that the bit is 1: 1 to 4,095
 */
export function rangeWriter(chances: Uint16Array): BitSink & { end(): Buffer } {
  let bytes = new Uint8Array(2048);
  let length = 0;
  let low = 0;
  let high = LARGEST;

  function put(chance: number, value: number): void {
    const middle = low + ((high - low) >> SCALE) * chance;
    if (value === 1) high = middle;
    else low = middle + 1;
    while (((low ^ high) & FIRST_BYTE) === 0) {
      if (length === bytes.length) bytes = grown(bytes);
      bytes[length++] = high >> (BITS - 8);
      low = (low << 8) & LARGEST;
      high = ((high << 8) & LARGEST) | 0xff;
    }
  }

  return {
    bit(context, value) {
      put(chances[context]!, value);
    },
    plain(value, bits) {
      for (let at = bits - 1; at >= 0; at--) put(EVEN, (value >> at) & 1);
    },
    end() {
      // What is missing at the end is read as zero: the shortest number between the bounds.
      const shift = [BITS - 8, BITS - 16, BITS - 24, 0].find((bits) => roundedUp(low, bits) <= high)!;
      const tail = Buffer.alloc(4);
      tail.writeUInt32BE(roundedUp(low, shift) * 2 ** AHEAD);
      const all = Buffer.concat([bytes.subarray(0, length), tail]);
      let end = all.length;
      while (end > 0 && all[end - 1] === 0) end--;
      return all.subarray(0, end);
    },
  };
}

function roundedUp(number: number, bits: number): number {
  return Math.ceil(number / 2 ** bits) * 2 ** bits;
}

function grown(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(2 * bytes.length);
  larger.set(bytes);
  return larger;
}

/** Reads what `rangeWriter` wrote with the same likelihoods. */
export function rangeReader(chances: Uint16Array, bytes: Uint8Array): BitSource {
  let at = 0;
  let low = 0;
  let high = LARGEST;
  const next = (): number => (at < bytes.length ? bytes[at++]! : 0);
  let code = (next() << (BITS - 8)) | (next() << (BITS - 16)) | (next() << (BITS - 24));
  let last = next();
  code |= last >> AHEAD;

  function take(chance: number): 0 | 1 {
    const middle = low + ((high - low) >> SCALE) * chance;
    const value = code <= middle ? 1 : 0;
    if (value === 1) high = middle;
    else low = middle + 1;
    while (((low ^ high) & FIRST_BYTE) === 0) {
      low = (low << 8) & LARGEST;
      high = ((high << 8) & LARGEST) | 0xff;
      const following = next();
      code = ((code << 8) & LARGEST) | ((last << (8 - AHEAD)) & 0xff) | (following >> AHEAD);
      last = following;
    }
    return value;
  }

  return {
    bit: (context) => take(chances[context]!),
    plain(bits) {
      let value = 0;
      for (let i = 0; i < bits; i++) value = value * 2 + take(EVEN);
      return value;
    },
  };
}
