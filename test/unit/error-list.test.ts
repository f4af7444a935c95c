import { fileURLToPath } from "node:url";
import { format } from "prettier";
import { describe, expect, it } from "vitest";
import { EXIT } from "../../src/model/exit-codes.js";
import { errorsOf, type KnownError } from "../support/error-list.js";

const SRC = fileURLToPath(new URL("../../src", import.meta.url));
const FILE = fileURLToPath(new URL("../../src/cli/ERRORS.md", import.meta.url));
const errors = errorsOf(SRC);

const INTRO = `# Errors

Every error that ends a command, or stands at a user, a store or an action, with its cure. \`…\` stands for what is known only when it happens
(a file, a number, the service's own words). The code is stable and stands in JSON output and in \`--json-logs\`. Made from the sources by
\`npx vitest run test/unit/error-list.test.ts -u\`.
`;

function entry({ message, cure }: KnownError): string {
  return `- ${escaped(message)}\n  Cure: ${escaped(cure)}`;
}

function escaped(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .trim()
    .replace(/([\\`*_<>[\]])/g, "\\$1");
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function page(): string {
  const parts = [INTRO];
  for (const errorClass of ["failed", "refused", "incomplete", "usage"] as const) {
    parts.push(`## Exit code ${String(EXIT[errorClass])}: ${errorClass}`);
    const here = errors.filter((one) => one.errorClass === errorClass);
    for (const code of [...new Set(here.map((one) => one.code))].sort(byText)) {
      const entries = here.filter((one) => one.code === code).map(entry);
      parts.push(`### ${code}`, [...new Set(entries)].sort(byText).join("\n"));
    }
  }
  return parts.join("\n\n");
}

describe("the list of errors", () => {
  it("tells all that the sources can make", async () => {
    await expect(await format(page(), { parser: "markdown", printWidth: 160 })).toMatchFileSnapshot(FILE);
  });

  it("knows errors of every class, from every room that makes some", () => {
    expect(new Set(errors.map(({ errorClass }) => errorClass))).toEqual(
      new Set(["failed", "refused", "incomplete", "usage"]),
    );
    expect(errors.length).toBeGreaterThan(120);
    for (const room of ["cli", "config", "source", "state", "stores", "run", "plan", "setup"]) {
      expect(
        errors.some(({ file }) => file.startsWith(`${room}/`)),
        room,
      ).toBe(true);
    }
  });

  it.each(errors.map((one) => [`${one.file} ${one.code}`, one] as const))(
    "%s has a message and a cure",
    (_name, one) => {
      expect(one.message.trim()).not.toBe("");
      expect(one.cure.trim()).not.toBe("");
    },
  );
});
