import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { checkYaml } from "../../src/config/check.js";
import { fleetSchema } from "../../src/config/fleet.js";
import { partialSchema } from "../../src/config/partial.js";
import { ConfigError } from "../../src/config/problems.js";
import { scheduleSchema } from "../../src/config/schedule-file.js";
import { configSchema } from "../../src/config/schema.js";
import { secretPaths } from "../../src/config/secret-fields.js";

const SCHEMAS: Readonly<Record<string, z.ZodType>> = {
  "photodrift.yaml": configSchema,
  "photodrift.yaml for setup": partialSchema,
  "a schedule": scheduleSchema,
  "fleet.yaml": fleetSchema,
};

const HUSH = 20_261_130;

/** What may stand where a text belongs, every one with the secret in it. */
const WRONG: readonly (readonly [what: string, value: unknown])[] = [
  ["a number", HUSH],
  ["a list", [HUSH]],
  ["a map", { [`a${HUSH}`]: HUSH, b: [HUSH] }],
  ["a text of another form", `  ${HUSH}`],
  ["a reference to nothing", `\${${HUSH}}`],
  ["a reference that is left open", `\${${HUSH}`],
];

/** The message for a file, "" where nothing is wrong with it. */
function messageOf(schema: z.ZodType, text: string): string {
  try {
    checkYaml("f.yaml", text, schema, {}, () => undefined);
    return "";
  } catch (error) {
    if (error instanceof ConfigError) return `${error.message} ${error.hint} ${JSON.stringify(error.problems)}`;
    throw error;
  }
}

/** JSON is YAML. */
function fileWith(path: readonly (string | number)[], value: unknown): string {
  const whole = path.reduceRight((inner, step) => (step === "*" ? [inner] : { [step]: inner }), value);
  return JSON.stringify(whole);
}

describe("no message holds a secret", () => {
  it("the fields are those of the schemas", () => {
    const places = Object.entries(SCHEMAS).map(([name, schema]) => [
      name,
      secretPaths(schema).map((path) => path.join(".")),
    ]);
    expect(Object.fromEntries(places)).toEqual({
      "photodrift.yaml": [
        "credential.certificatePassword",
        "credential.clientSecret",
        "notify.*.url",
        "notify.*.secret",
      ],
      "photodrift.yaml for setup": ["credential.certificatePassword", "notify.*.url"],
      "a schedule": ["notify.*.url", "notify.*.secret"],
      "fleet.yaml": ["database"],
    });
  });

  const places = Object.entries(SCHEMAS).flatMap(([name, schema]) =>
    secretPaths(schema).map((path) => [`${name}: ${path.join(".")}`, schema, path] as const),
  );

  describe.each(places)("%s", (_, schema, path) => {
    it.each(WRONG)("%s in its place, or where the maps and lists around it belong", (_what, value) => {
      for (let length = path.length; length >= 0; length--) {
        const found = messageOf(schema, fileWith(path.slice(0, length), value));
        if (typeof value !== "object") expect(found).not.toContain(String(HUSH));
        else expect(found.replace(new RegExp(`a${HUSH}`, "g"), "")).not.toContain(String(HUSH));
      }
    });

    it("by another name", () => {
      const text = `${JSON.stringify(path[0])}: &name ${fileWith(path.slice(1), HUSH)}\ncron: *name\nkeepRuns: *name\n`;
      expect(messageOf(schema, text)).not.toContain(String(HUSH));
    });
  });

  it.each([
    "!HUSH",
    "!HUSH x",
    "!!HUSH",
    "*HUSH",
    "|HUSH",
    ">HUSH",
    "]HUSH",
    "'a'HUSH",
    '"\\uHUSH"',
    "HUSH: HUSH",
    "@HUSH",
  ])("without the quotes that YAML wants: %s", (value) => {
    const text = `credential:\n  kind: certificate\n  certificatePassword: ${value}\n`;
    const found = messageOf(configSchema, text);
    expect(found).toMatch(/f\.yaml:3:\d+/);
    expect(found).not.toContain("HUSH");
  });
});
