/** The part of JSON Schema (2020-12) that the plan's schema uses. */
export interface Schema {
  readonly $schema?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly const?: string | null;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maxLength?: number;
  readonly required?: readonly string[];
  readonly properties?: { readonly [key: string]: Schema };
  readonly additionalProperties?: boolean;
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
}

/** What is wrong with a value, each with its path (`.after.side: expected integer`); empty when it fits. */
export function problemsOf(schema: Schema, value: unknown, path = ""): readonly string[] {
  if (schema.oneOf !== undefined) return problemsOfVariants(schema.oneOf, value, path);
  const type = typeOf(value);
  if (schema.type !== undefined && !fitsType(schema.type, type, value)) {
    return [`${path}: expected ${[schema.type].flat().join(" or ")}, found ${type}`];
  }
  if (schema.const !== undefined && value !== schema.const)
    return [`${path}: expected ${JSON.stringify(schema.const)}`];
  if (schema.enum !== undefined && !(schema.enum as readonly unknown[]).includes(value)) {
    return [`${path}: expected one of ${schema.enum.join(", ")}`];
  }
  if (typeof value === "string") return problemsOfText(schema, value, path);
  if (typeof value === "number" && schema.minimum !== undefined && value < schema.minimum) {
    return [`${path}: expected at least ${schema.minimum}`];
  }
  if (Array.isArray(value) && schema.items !== undefined) {
    const { items } = schema;
    return value.flatMap((item, at) => problemsOf(items, item, `${path}[${at}]`));
  }
  return type === "object" ? problemsOfObject(schema, value as Record<string, unknown>, path) : [];
}

function problemsOfObject(schema: Schema, value: Record<string, unknown>, path: string): readonly string[] {
  const properties = schema.properties ?? {};
  const missing = (schema.required ?? []).filter((key) => !Object.hasOwn(value, key));
  const unknown =
    schema.additionalProperties === false ? Object.keys(value).filter((key) => !Object.hasOwn(properties, key)) : [];
  return [
    ...missing.map((key) => `${path}.${key}: is missing`),
    ...unknown.map((key) => `${path}.${key.slice(0, 40)}: is not known`),
    ...Object.entries(properties).flatMap(([key, member]) =>
      Object.hasOwn(value, key) ? problemsOf(member, value[key], `${path}.${key}`) : [],
    ),
  ];
}

/** Variants are told apart by their constants (`kind`, `photo`, `action`): only the one that is meant is looked into. */
function problemsOfVariants(variants: readonly Schema[], value: unknown, path: string): readonly string[] {
  const meant = variants.find((variant) => isMeant(variant, value));
  if (meant !== undefined) return problemsOf(meant, value, path);
  return [`${path}: is none of the ${variants.length} known forms`];
}

function isMeant(variant: Schema, value: unknown): boolean {
  if (typeof value !== "object" || value === null) return variant.type === typeOf(value);
  const members = value as Record<string, unknown>;
  for (const [key, member] of Object.entries(variant.properties ?? {})) {
    if (member.const !== undefined && member.const !== members[key]) return false;
  }
  return variant.type === "object";
}

const patterns = new Map<string, RegExp>();

function patternOf(text: string): RegExp {
  const known = patterns.get(text) ?? new RegExp(text, "u");
  patterns.set(text, known);
  return known;
}

function problemsOfText(schema: Schema, value: string, path: string): readonly string[] {
  if (schema.maxLength !== undefined && value.length > schema.maxLength) return [`${path}: is too long`];
  if (schema.pattern !== undefined && !patternOf(schema.pattern).test(value)) {
    return [`${path}: does not fit ${schema.pattern}`];
  }
  return [];
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

function fitsType(wanted: string | readonly string[], type: string, value: unknown): boolean {
  return [wanted].flat().some((one) => one === type || (one === "integer" && Number.isSafeInteger(value)));
}
