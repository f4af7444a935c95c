import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readSandbox, setSandbox, startSandbox } from "../../src/sandbox/index.js";
import { photodrift, type CliResult } from "../support/cli.js";
import type { ReportedFinding } from "../support/truth.js";

interface SeenUser {
  readonly upn: string;
  readonly deleted: boolean;
  readonly hasMailbox: boolean;
  readonly exchange: object | null;
}

let dir = "";
let before = "";
let stop: () => Promise<void> = () => Promise.resolve();
const AFTER = "married@contoso.com";

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "photodrift-lists-"));
  const running = await startSandbox({ dir, users: 12, seed: 5, profile: "clean" });
  stop = () => running.stop();
  before = (await users()).find(({ exchange, hasMailbox }) => hasMailbox && exchange !== null)?.upn ?? "";
  await setSandbox(dir, [
    `user.${before}.upn=${AFTER}`,
    `user.${AFTER}.photo.exchange=none`,
    `user.${AFTER}.photo.entra=none`,
  ]);
  await writeFile(
    join(dir, "out.csv"),
    `user;note\r\n\u200Bsmtp:${before.toUpperCase()};\r\nanna@nowhere.example;left?\r\n`,
  );
  await writeFile(join(dir, "pins.csv"), Buffer.from("\uFEFFuser\nboss@nowhere.example\n", "utf16le"));
  await writeFile(
    join(dir, "people.csv"),
    `user,file,focus\n${AFTER},\\\\fs01\\hr\\x.jpg,"50,50"\n${AFTER},,"200,1"\n`,
  );
  await appendFile(join(dir, "photodrift.yaml"), "policy: {consent: ./out.csv, pins: ./pins.csv}\n");
  const config = await readFile(join(dir, "photodrift.yaml"), "utf8");
  await writeFile(join(dir, "photodrift.yaml"), config.replace(/^source:/m, "source:\n  mapping: ./people.csv"));
});
afterAll(async () => {
  await stop();
  await rm(dir, { recursive: true, force: true });
});

async function users(): Promise<readonly SeenUser[]> {
  const state = (await readSandbox(dir, "state")) as { readonly users: readonly SeenUser[] };
  return state.users.filter(({ deleted }) => !deleted);
}

function run(...args: string[]): Promise<CliResult> {
  return photodrift([...args, "--quiet", "--config", join(dir, "photodrift.yaml")], dir);
}

const ADDRESSES = ["source/out.csv:3", "source/people.csv:2", "source/people.csv:3", "source/pins.csv:2"];

describe("rows of lists that cannot be followed", () => {
  it.each(["text", "json", "csv", "md", "html"])("stand in the report as %s, though --quiet", async (format) => {
    const { stdout } = await run("audit", "--format", format);

    for (const entry of ["anna@nowhere.example", "boss@nowhere.example", "fs01", "the column file is empty"]) {
      // Markdown parts @ from the name, so that nobody is mentioned in a ticket.
      expect(stdout.replaceAll("\u200B", "")).toContain(entry);
    }
  });

  it("have the contract's address, severity and no user", async () => {
    const { findings } = JSON.parse((await run("audit", "--format", "json")).stdout) as {
      findings: readonly (ReportedFinding & { severity: string })[];
    };
    const rows = findings.filter(({ rule }) => rule === "list-entry-without-user");

    expect(rows.map(({ address }) => address)).toEqual(ADDRESSES);
    expect(rows.map(({ severity }) => severity)).toEqual(["error", "warning", "warning", "warning"]);
    expect(rows.every(({ user }) => user === null)).toBe(true);
  });

  it("stand in the CSV as rows that a program reads", async () => {
    const rows = parse<Record<string, string>>((await run("audit", "--format", "csv")).stdout, { columns: true });

    expect(rows.filter(({ rule }) => rule === "list-entry-without-user").map(({ address }) => address)).toEqual(
      ADDRESSES,
    );
  });

  it("are told by doctor, which then fails", async () => {
    const { stdout, code } = await run("doctor");

    expect(code).toBe(1);
    for (const file of ["out.csv", "pins.csv", "people.csv"]) expect(stdout).toContain(`FAIL  list ${file}`);
    expect(stdout).toContain("anna@nowhere.example");
  });

  it("are told by masters", async () => {
    expect((await run("masters", "--unmatched")).stdout).toContain("fs01");
    expect(JSON.parse((await run("masters", "--format", "json")).stdout)).toMatchObject({
      rows: [{ address: "source/people.csv:2" }, {}],
    });
  });
});

describe("a user on the consent list by a former UPN", () => {
  it("is never uploaded", async () => {
    await run("apply", "--yes");
    await run("apply", "--yes", "--rule", "missing-photo");

    expect((await users()).find(({ upn }) => upn === AFTER)).toMatchObject({ exchange: null });
  });
});

describe("a consent list that was typed, pasted and saved by several programs", () => {
  it("withholds everybody it names, and tells what it cannot follow", async () => {
    const people = (await users()).filter(
      ({ exchange, hasMailbox, upn }) => hasMailbox && exchange !== null && upn !== AFTER,
    );
    const [a, b, c, d, e] = people.map(({ upn }) => upn);
    const one = `user\n${a}\r\n"Doe, Jo <${b}>; Zed <${c}>"\r${d},${e}\nnobody@nowhere.example; ${a},,\r\n`;
    await writeFile(join(dir, "out.csv"), one);

    const doctor = await run("doctor");
    expect(doctor.stdout).toMatch(new RegExp(`out.csv:4 .*no column for "${e}"`));
    expect(doctor.stdout).toMatch(/out.csv:5 .*"nobody@nowhere.example" names no user/);
    const { findings } = JSON.parse((await run("audit", "--format", "json")).stdout) as {
      findings: readonly ReportedFinding[];
    };
    const withdrawn = findings.filter(({ rule }) => rule === "consent-withdrawn").map(({ user }) => user?.upn);
    expect([...new Set(withdrawn)].sort()).toEqual([a, b, c, d, e].sort());
    expect(
      findings.filter(({ rule, address }) => rule === "list-entry-without-user" && /out.csv/.test(address)),
    ).toMatchObject([{ address: "source/out.csv:4" }, { address: "source/out.csv:5" }]);
  });
});
