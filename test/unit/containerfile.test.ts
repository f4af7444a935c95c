import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DockerfileParser } from "dockerfile-ast";
import { validate } from "dockerfile-utils";
import { expect, it } from "vitest";
import { CONTAINER_USER, MOUNTS } from "../../src/schedule/export/container.js";

const text = readFileSync(join(import.meta.dirname, "..", "..", "Containerfile"), "utf8");

it("the Containerfile passes the linter (dockerfile-utils)", () => {
  expect(validate(text)).toEqual([]);
});

it("runs as the user and with the folders that the exports use, under an init, with a health check", () => {
  const file = DockerfileParser.parse(text);
  const last = (name: string) =>
    file
      .getInstructions()
      .filter((one) => one.getKeyword() === name)
      .at(-1)
      ?.getArgumentsContent() ?? "";
  expect(file.getFROMs().length).toBe(2);
  expect(last("USER")).toBe(`${CONTAINER_USER}:${CONTAINER_USER}`);
  expect(last("ENTRYPOINT")).toBe('["tini", "--", "node", "/app/dist/main.js"]');
  expect(JSON.parse(last("VOLUME"))).toEqual([MOUNTS.source, MOUNTS.state, MOUNTS.reports]);
  expect(text).toMatch(/^HEALTHCHECK /m);
  expect(text).toContain("PHOTODRIFT_CONFIG=/config/photodrift.yaml");
});
