/** Nominal typing: a value of a branded type is made only by its parse or make function. */
export type Brand<T, Name extends string> = T & { readonly __brand: Name };

/** Entra object id of a user, lower case GUID. */
export type UserId = Brand<string, "UserId">;

/** The one way to a user id: lower case, for the services write it in either. */
export function parseUserId(text: string): UserId {
  return text.toLowerCase() as UserId;
}

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** An id as the services write it, in any case, without braces. */
export function isGuid(text: string): boolean {
  return GUID.test(text);
}

/** Code-unit order: the one sort order of findings, plans and streams, independent of locale. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** FNV-1a over UTF-16 code units, two lanes, 16 hex digits: stable ids without a crypto dependency (not for security). */
export function stableId(text: string): string {
  let a = 0x811c9dc5;
  let b = 0x01000193 ^ text.length;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    a = Math.imul(a ^ c, 0x01000193) >>> 0;
    b = Math.imul(b ^ ((c << 5) | (c >>> 3)), 0x85ebca6b) >>> 0;
    b ^= b >>> 13;
  }
  return a.toString(16).padStart(8, "0") + (b >>> 0).toString(16).padStart(8, "0");
}
