import { accessSync, constants, statSync, type Stats } from "node:fs";
import { access, stat, statfs } from "node:fs/promises";

/** What is there, and whether it may be read; throws what the file system says. */
export interface Looks {
  stat(path: string): Stats | Promise<Stats>;
  readable(path: string): void | Promise<void>;
}

/**
 * File systems that Linux keeps on a disk or in memory of the machine itself (statfs(2)): ext2 to ext4, XFS, Btrfs, tmpfs, overlay, ZFS, F2FS. What is
 * elsewhere, or passes through another program, may be gone at any time, and who waits for it at once hears no signal meanwhile.
 */
const LOCAL: ReadonlySet<number> = new Set([
  0xef53, 0x58465342, 0x9123683e, 0x01021994, 0x794c7630, 0x2fc12fc1, 0xf2f52010,
]);

/** Milliseconds that looks at once may take: so many at all, and so many more for each. A disk that has to seek takes longer. */
const PATIENCE = { once: 25, each: 0.1 };

/** The looks for a folder and what is below it. */
export async function looksIn(folder: string): Promise<Looks> {
  return (await isLocal(folder)) ? looksAtOnce() : FROM_AFAR;
}

/** A look at a share takes milliseconds: others are served meanwhile. */
export const FROM_AFAR: Looks = {
  stat: (path) => stat(path),
  readable: (path) => access(path, constants.R_OK),
};

/**
 * Looks that wait for the file system: it answers from memory in a few microseconds, where asking it through a thread costs ten times as much. As those
 * from afar once they take longer. @param now milliseconds of a clock that is never put back
 */
export function looksAtOnce(now: () => number = () => performance.now()): Looks {
  let took = 0;
  let looks = 0;
  function atOnce<T>(look: () => T, fromAfar: () => Promise<T>): T | Promise<T> {
    if (took > PATIENCE.once + looks * PATIENCE.each) return fromAfar();
    const began = now();
    try {
      return look();
    } finally {
      took += now() - began;
      looks++;
    }
  }
  return {
    stat: (path) =>
      atOnce(
        () => statSync(path),
        () => stat(path),
      ),
    readable: (path) =>
      atOnce(
        () => {
          accessSync(path, constants.R_OK);
        },
        () => access(path, constants.R_OK),
      ),
  };
}

async function isLocal(folder: string): Promise<boolean> {
  if (process.platform !== "linux") return false;
  try {
    return LOCAL.has((await statfs(folder)).type);
  } catch {
    return false;
  }
}
