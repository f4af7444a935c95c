import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fleetTenants, loadFleet } from "../../src/config/fleet.js";
import { ConfigError, formatProblem } from "../../src/config/problems.js";

const PASSWORD = "kept-from-all-eyes";
const DATABASE = `postgres://photodrift:${PASSWORD}@db.internal:5432/photodrift`;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "photodrift-fleet-config-"));
  mkdirSync(join(folder, "schedules"));
  for (const name of ["anna", "ben", ".hidden"]) tenant(name, `${name.replace(".", "")}.onmicrosoft.com`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function tenant(name: string, id: string): string {
  mkdirSync(join(folder, "tenants", name), { recursive: true });
  const file = join(folder, "tenants", name, "photodrift.yaml");
  writeFileSync(
    file,
    `tenant: {id: ${id}, name: contoso}\ncredential: {kind: client-secret, clientId: app, clientSecret: x}\n`,
  );
  return file;
}

function load(text: string, env: NodeJS.ProcessEnv = {}) {
  const path = join(folder, "fleet.yaml");
  writeFileSync(path, text);
  return loadFleet(path, env);
}

/** Problems without the file name: `line:column: key: message`. */
function problems(text: string, env: NodeJS.ProcessEnv = {}): string[] {
  try {
    load(text, env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    expect(error.code).toBe("config-invalid");
    expect(`${error.message} ${error.hint} ${inspect(error)}`).not.toContain(PASSWORD);
    return error.problems.map((problem) => formatProblem(problem).replace(`${problem.file}:`, ""));
  }
  return [];
}

describe("loadFleet", () => {
  it("fills in every default; the tenants are the files that fit", () => {
    const fleet = load("database: ${DB}\ntenants: ./tenants/*/photodrift.yaml\n", { DB: DATABASE });
    expect({ ...fleet, database: fleet.database.reveal() }).toEqual({
      file: join(folder, "fleet.yaml"),
      database: DATABASE,
      caFile: null,
      tenants: ["anna", "ben"].map((name) => join(folder, "tenants", name, "photodrift.yaml")),
      schedules: join(folder, "schedules"),
      concurrency: 4,
      health: { port: null, host: "127.0.0.1" },
      workFolder: null,
    });
  });

  it("takes a list of paths, and counts a file that fits twice once", () => {
    const text = `database: ${DATABASE}\ntenants: [./tenants/a*/photodrift.yaml, "./tenants/?nna/*.yaml", ./tenants/ben/photodrift.yaml]\n`;
    expect(load(text).tenants).toHaveLength(2);
  });

  it("tells every problem at once, with its place and what was probably meant", () => {
    const text =
      "databse: x\ntenants: ./tenant/*/photodrift.yaml\nschedules: ./nowhere\nconcurrency: 0\nhealth: {prt: 80}\ncaFile: ./no.pem\n";
    expect(problems(text)).toEqual([
      expect.stringMatching(/^1:1: database: is missing, expected the address of a PostgreSQL database/),
      expect.stringMatching(/^1:1: databse: unknown key, .*did you mean "database"/),
      '2:10: tenants: "./tenant/*/photodrift.yaml" fits no file, expected the photodrift.yaml of at least one tenant',
      expect.stringMatching(/^3:12: schedules: there is no folder/),
      "4:14: concurrency: got 0, expected a whole number from 1 to 200",
      expect.stringMatching(/^5:10: health.prt: unknown key, .*did you mean "port"/),
      expect.stringMatching(/^6:9: caFile: there is no file/),
    ]);
  });

  it.each([
    ["written in the file", `mysql://root:${PASSWORD}@db/photodrift`, {}],
    ["from the environment", "${DB}", { DB: `db.internal user=root password=${PASSWORD}` }],
  ])("never shows a database's address, %s", (_where, database, env) => {
    expect(problems(`database: "${database}"\ntenants: ./tenants/*/photodrift.yaml\n`, env)).toEqual([
      expect.stringMatching(/^1:11: database: got a value that is not shown here, expected the address of/),
    ]);
  });

  it("keeps the password out of what is printed of it", () => {
    const fleet = load(`database: ${DATABASE}\ntenants: ./tenants/*/photodrift.yaml\n`);
    expect(`${inspect(fleet, { depth: 9 })} ${JSON.stringify(fleet)}`).not.toContain(PASSWORD);
  });

  it("names an unset environment variable, and the file that is not there", () => {
    expect(
      problems("database: ${PHOTODRIFT_DATABSE}\ntenants: ./tenants/*/photodrift.yaml\n", { PHOTODRIFT_DATABASE: "x" }),
    ).toEqual([expect.stringMatching(/PHOTODRIFT_DATABSE is not set.*did you mean "PHOTODRIFT_DATABASE"/)]);
    expect(() => loadFleet(join(folder, "none.yaml"), {})).toThrow(/There is no file/);
  });
});

describe("fleetTenants", () => {
  it("refuses the second file of a tenant, whatever the case of its id, and stops no other for a bad one", () => {
    const good = tenant("one", "CONTOSO.onmicrosoft.com");
    const twin = tenant("two", "contoso.onmicrosoft.com");
    const bad = tenant("three", "not a domain");
    const found = fleetTenants([good, twin, bad], {});
    expect(found.tenants.map(({ id, name }) => [id, name])).toEqual([["contoso.onmicrosoft.com", "contoso"]]);
    expect(found.problems.map(({ file }) => file)).toEqual([twin, bad]);
    expect(found.problems[0]?.message).toContain(`is the tenant of ${good} already`);
    expect(found.problems[1]?.message).toMatch(/photodrift\.yaml:1:\d+: tenant\.id: /);
  });
});
