/**
 * Finds texts that are equal but for one character: both share a hash of themselves with one character less. Hashes may collide, so what is
 * found must be checked. Holds 12 bytes an entry, about (length + 1) entries a text.
 */
export interface DeletionIndex {
  /** Numbers of the texts that may be near; may name one twice. */
  near(text: string): readonly number[];
}

const BASE = 0x01000193;

/** @param texts numbered by their position */
export function indexDeletions(texts: readonly string[]): DeletionIndex {
  const total = texts.reduce((sum, text) => sum + text.length + 1, 0);
  const mask = 2 ** Math.max(4, Math.ceil(Math.log2(total + 1))) - 1;
  const heads = new Int32Array(mask + 1).fill(-1);
  const next = new Int32Array(total);
  const hashes = new Int32Array(total);
  const owners = new Int32Array(total);
  let entries = 0;
  texts.forEach((text, owner) => {
    for (const hash of deletionHashes(text)) {
      const slot = slotOf(hash, mask);
      hashes[entries] = hash;
      owners[entries] = owner;
      next[entries] = heads[slot] ?? -1;
      heads[slot] = entries++;
    }
  });
  return {
    near(text) {
      const found: number[] = [];
      for (const hash of deletionHashes(text)) {
        for (let entry = heads[slotOf(hash, mask)] ?? -1; entry >= 0; entry = next[entry] ?? -1) {
          if (hashes[entry] === hash) found.push(owners[entry] ?? 0);
        }
      }
      return found;
    },
  };
}

/** Polynomial hashes (32 bits) of the text and of the text without each of its characters, in linear time. */
function deletionHashes(text: string): readonly number[] {
  const { length } = text;
  const powers = [1];
  const heads = [0];
  for (let i = 0; i < length; i++) {
    powers.push(Math.imul(powers[i] ?? 0, BASE));
    heads.push((Math.imul(heads[i] ?? 0, BASE) + text.charCodeAt(i) + 1) | 0);
  }
  const whole = heads[length] ?? 0;
  const result = [whole];
  for (let i = 0; i < length; i++) {
    const power = powers[length - i - 1] ?? 0;
    const tail = (whole - Math.imul(heads[i + 1] ?? 0, power)) | 0;
    result.push((Math.imul(heads[i] ?? 0, power) + tail) | 0);
  }
  return result;
}

function slotOf(hash: number, mask: number): number {
  return (Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 7) & mask;
}
