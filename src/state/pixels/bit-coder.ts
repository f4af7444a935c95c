/**
 * Adaptive binary range coding, as former versions wrote pixels: each bit stands in the room that its likelihood under its context needs, and
 * contexts learn as they are used (the coder of LZMA, https://www.7-zip.org/sdk.html, lzma-specification.txt, with faster learning).
 */
export interface BitReader {
  bit(context: number): 0 | 1;
  plain(bits: number): number;
}

const SCALE = 11;
const WHOLE = 1 << SCALE;
const LEARNING = 4;
const LEAST_RANGE = 2 ** 24;

/** How likely the next bit of each context is 0, of 2,048. */
function evenChances(contexts: number): Uint16Array {
  return new Uint16Array(contexts).fill(WHOLE / 2);
}

function learn(chances: Uint16Array, context: number, value: 0 | 1): void {
  const chance = chances[context]!;
  chances[context] = value === 0 ? chance + ((WHOLE - chance) >> LEARNING) : chance - (chance >> LEARNING);
}

export function bitReader(contexts: number, bytes: Uint8Array): BitReader {
  const chances = evenChances(contexts);
  let at = 0;
  let range = 0xffffffff;
  let code = 0;
  const next = (): number => bytes[at++] ?? 0;
  for (let i = 0; i < 4; i++) code = code * 256 + next();

  function normalise(): void {
    while (range < LEAST_RANGE) {
      range *= 256;
      code = code * 256 + next();
    }
  }

  return {
    bit(context) {
      const bound = (range >>> SCALE) * chances[context]!;
      const value = code < bound ? 0 : 1;
      if (value === 0) {
        range = bound;
      } else {
        code -= bound;
        range -= bound;
      }
      learn(chances, context, value);
      normalise();
      return value;
    },
    plain(bits) {
      let value = 0;
      for (let i = 0; i < bits; i++) {
        range = Math.floor(range / 2);
        const one = code >= range;
        if (one) code -= range;
        value = value * 2 + (one ? 1 : 0);
        normalise();
      }
      return value;
    },
  };
}
