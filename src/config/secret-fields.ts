import { z } from "zod";
import type { Secret } from "../model/secret.js";
import { makeSecret } from "./secret.js";
import type { KeyPath } from "./yaml-source.js";

/** Fields whose text is never quoted. Whatever becomes a `Secret` is among them: there is no other way to make one of a field. */
const secretFields = z.registry<{ readonly secret: true }>();

/** A field of a secret: the text is kept out of every message and print. */
export function secretOf(field: z.ZodString): z.ZodType<Secret, string> {
  return hidden(field).transform(makeSecret);
}

/** A field that is read elsewhere, and whose value is not quoted here either. */
export function hidden<Field extends z.ZodType>(field: Field): Field {
  secretFields.add(field, { secret: true });
  return field;
}

/** Stands for any item of a list and any key of a map of its own keys. */
const ANY = "*";

/** Where the secrets of a schema stand, `notify[*].url`. */
export function secretPaths(schema: z.core.$ZodType): readonly KeyPath[] {
  if (secretFields.has(schema)) return [[]];
  return parts(schema).flatMap(([step, part]) =>
    secretPaths(part).map((path) => (step === null ? path : [step, ...path])),
  );
}

/** What a schema is made of; null is the step to a part that stands at the same key. */
function parts(schema: z.core.$ZodType): readonly (readonly [step: string | null, part: z.core.$ZodType])[] {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case "object":
      return Object.entries(def.shape);
    case "array":
      return [[ANY, def.element]];
    case "record":
      return [[ANY, def.valueType]];
    case "pipe":
      return [
        [null, def.in],
        [null, def.out],
      ];
    case "optional":
    case "nullable":
    case "default":
    case "prefault":
      return [[null, def.innerType]];
    default:
      return [];
  }
}

/**
 * Whether a value may be a secret or a part of one: it stands at one of the places, below it, or where the map or list belongs that
 * leads to it (`notify: https://...`).
 */
export function mayBeSecret(places: readonly KeyPath[], path: KeyPath): boolean {
  return places.some((place) =>
    path.every((step, at) => at >= place.length || place[at] === ANY || place[at] === step),
  );
}
