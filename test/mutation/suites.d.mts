/** Which tests of a room run at all, by their whole names. */
export const TEST_NAMES: RegExp;
/** The paths of a room's tests, relative to `root` (the working folder); none for a room that is not known. */
export function testFilesOf(room: string, root?: string): string[];
