import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { photodrift } from "../support/cli.js";

let dir = "";
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "photodrift-cures-"));
  await mkdir(join(dir, "conf", "photos"), { recursive: true });
  const config =
    "tenant: {id: contoso.com, name: contoso}\ncredential: {kind: client-secret, clientId: x, clientSecret: y}\n";
  await writeFile(join(dir, "conf", "p.yaml"), config);
});
afterAll(async () => {
  await rm(dir, { recursive: true, force: true });
});

describe("the cure of an error names the configuration that was given, however it was given", () => {
  it.each([
    [["report"], "photodrift audit --config conf/p.yaml"],
    [["undo", "x"], "photodrift runs --config conf/p.yaml"],
    [["apply", "none.json"], "photodrift audit --config conf/p.yaml --plan"],
  ])("%j", async (words, command) => {
    for (const flag of [["--config", "conf/p.yaml"], ["--config=conf/p.yaml"]])
      expect((await photodrift([...words, ...flag], dir)).stderr).toContain(command);
  });

  it("as a line of JSON, and in the log file", async () => {
    const { stderr } = await photodrift(["report", "--config", "conf/p.yaml", "--json-logs"], dir);
    expect((JSON.parse(stderr) as { hint: string }).hint).toContain("photodrift audit --config conf/p.yaml");
  });

  it("nothing is named where the usual one was meant", async () => {
    const { stderr } = await photodrift(["audit"], dir);
    expect(stderr).toContain("`photodrift init` to write one");
  });
});
