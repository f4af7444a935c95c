import { z } from "zod";
import { isGuid } from "../../model/ids.js";

/** Types and ranges that several answers share. None of them guesses: what is not plainly the thing is refused. */

/** A GUID in any case, with or without braces, as lower-case text without them. */
export const guid = z
  .string()
  .transform((text) => text.replace(/^\{(.*)\}$/, "$1").toLowerCase())
  .refine(isGuid, "no GUID");

/** A user principal name: something on both sides of one `@`. */
export const upn = z.string().regex(/^[^@\s]+@[^@\s]+$/, "no user principal name");

export const filledText = z.string().min(1);

/** Text, or null where the service leaves it out or empty. */
export const optionalText = z
  .string()
  .nullish()
  .transform((text) => (text === undefined || text === "" ? null : text));

/** A whole number from 0 up, as a number or, as SharePoint spells lengths, as digits. */
export const count = z
  .union([z.number(), z.string().regex(/^\d{1,15}$/, "no count")])
  .transform(Number)
  .refine((value) => Number.isSafeInteger(value) && value >= 0, "no count");

/** Pixels of a picture that exists: neither 0 nor negative, and no more than an image can have. */
export const pixels = z.number().int().min(1).max(100_000);

/** A time that can be read, as the service spells it. */
export const time = z.string().refine((text) => !Number.isNaN(Date.parse(text)), "no time");

/** An absolute https address (http for services on this machine). */
export const address = z.string().refine((text) => /^https?:\/\/[^/]+/i.test(text) && URL.canParse(text), "no address");
