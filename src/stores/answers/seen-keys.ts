/** Remembers which keys came by. */
export interface SeenKeys {
  /** True where the key is new. */
  add(key: string): boolean;
}

const WORDS = 4;

/**
 * Seen GUIDs, exactly, in 16 bytes each at a load of at most a half: half a million users take 16 MB, a Set of texts five times as much.
 * A GUID is taken as its 128 bits; the keys must be GUIDs in lower case.
 */
export function createSeenGuids(): SeenKeys {
  let slots = 1024;
  let table = new Uint32Array(slots * WORDS);
  let used = new Uint8Array(slots);
  let size = 0;

  function place(key: readonly number[]): boolean {
    let slot = hash(key) & (slots - 1);
    for (; used[slot] === 1; slot = (slot + 1) & (slots - 1)) {
      if (key.every((word, at) => table[slot * WORDS + at] === word)) return false;
    }
    used[slot] = 1;
    table.set(key, slot * WORDS);
    return true;
  }

  function grow(): void {
    const before = { table, used, slots };
    slots *= 2;
    table = new Uint32Array(slots * WORDS);
    used = new Uint8Array(slots);
    for (let slot = 0; slot < before.slots; slot++) {
      if (before.used[slot] === 1) place([...before.table.subarray(slot * WORDS, (slot + 1) * WORDS)]);
    }
  }

  return {
    add(guid) {
      if ((size + 1) * 2 > slots) grow();
      const digits = guid.replaceAll("-", "");
      const key = Array.from({ length: WORDS }, (_, at) => parseInt(digits.slice(at * 8, at * 8 + 8), 16) >>> 0);
      const isNew = place(key);
      if (isNew) size++;
      return isNew;
    },
  };
}

/** GUIDs of one tenant may share digits: every word takes part. */
function hash(key: readonly number[]): number {
  let mixed = 0x811c9dc5;
  for (const word of key) {
    mixed = Math.imul(mixed ^ word, 0x85ebca6b);
    mixed ^= mixed >>> 15;
  }
  return mixed >>> 0;
}

/** Numbers a block of seen ids holds. */
const BLOCK = 1 << 16;

/** Seen whole numbers, one bit each in blocks made where needed: list items are numbered from 1. */
function createSeenNumbers(): SeenKeys {
  const blocks = new Map<number, Uint32Array>();
  return {
    add(text) {
      const number = Number(text);
      const at = Math.floor(number / BLOCK);
      let block = blocks.get(at);
      if (block === undefined) blocks.set(at, (block = new Uint32Array(BLOCK / 32)));
      const bit = number % BLOCK;
      const word = bit >>> 5;
      const mask = 1 << (bit & 31);
      const before = block[word] ?? 0;
      block[word] = before | mask;
      return (before & mask) === 0;
    },
  };
}

/** Seen items of a library: by number where they have one, else by GUID. */
export function createSeenItems(): SeenKeys {
  const numbers = createSeenNumbers();
  const guids = createSeenGuids();
  return { add: (key) => (key.includes("-") ? guids : numbers).add(key) };
}

/** Seen texts, for lists that are small. */
export function createSeenTexts(): SeenKeys {
  const seen = new Set<string>();
  return {
    add(key) {
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    },
  };
}
