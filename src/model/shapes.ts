import { z } from "zod";

/*
 * Shapes that cross the border of the program in several documents (plan files, journal). The zod schema is the one home of each: the
 * type is read off it, and so is the JSON Schema. Reading and checking are pure; nothing here reads a file.
 */

/** A parsed value as the program hands it on: nobody changes it in place. */
export type DeepReadonly<T> = unknown extends T
  ? T
  : T extends string | number | boolean | null | undefined
    ? T
    : { readonly [Key in keyof T]: DeepReadonly<T[Key]> };

export const text = z.string().max(4096);
export const nullableText = text.nullable();
/** Lower-case hex. */
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** ISO 8601 UTC. */
export const time = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
/** ISO 8601 UTC as JSON Schema knows it. */
export const moment = z.iso.datetime();
export const count = z.int().min(0);
/** Pixels of a side. */
export const side = z.int().min(1);

export const findingUserSchema = z.strictObject({ id: text, upn: text, displayName: text });

/** The user of a finding or an action; harmless to print only through `plain`. */
export type FindingUser = DeepReadonly<z.output<typeof findingUserSchema>>;

export const cropSchema = z.strictObject({ left: count, top: count, width: side, height: side });

/** Part of a master, in pixels of the EXIF-oriented image. */
export type Crop = DeepReadonly<z.output<typeof cropSchema>>;
