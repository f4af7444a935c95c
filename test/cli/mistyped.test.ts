import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { photodriftHere } from "../support/cli.js";

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "photodrift-mistyped-"));
  await mkdir(join(dir, "photos"));
  await mkdir(join(dir, "schedules"));
  await writeFile(join(dir, "schedules", "weekly.yaml"), "cron: '@weekly'\n");
  await writeFile(join(dir, "photodrift.yaml"), `${GOOD.join("\n")}\n`);
});
afterAll(async () => {
  await rm(dir, { recursive: true, force: true });
});

const GOOD = [
  "tenant:",
  "  id: contoso.com",
  "  name: contoso",
  "credential:",
  "  kind: client-secret",
  "  clientId: 1b2e6f3c-0000-4000-8000-000000000001",
  "  clientSecret: hush",
  "source:",
  "  folder: ./photos",
];

/** One message in words, with a cure, and nothing of the program's inside. */
function isForPeople(stderr: string): void {
  expect(stderr).toMatch(/^error: /);
  expect(stderr).toMatch(/^ {2}cure: \S/m);
  expect(stderr).not.toMatch(
    /ENOENT|EISDIR|undefined|\[object|unexpected failure|^\s+at |YError|Invalid values|Not enough/m,
  );
}

type Line = readonly [words: string, cause: string, cure: string];

/** `DIR` is the folder of the test; every line ends with 64. */
const LINES: readonly Line[] = [
  ["adit", 'no command "adit"', 'Did you mean "audit"?'],
  ["Audit", 'no command "Audit"', 'Did you mean "audit"?'],
  ["aply plan.json", 'no command "aply"', 'Did you mean "apply"?'],
  ["shedule list", 'no command "shedule"', 'Did you mean "schedule"?'],
  ["sandbx start", 'no command "sandbx"', 'Did you mean "sandbox"?'],
  ["init --folder=~/photos", 'yours left "~/photos"', "--folder ~/photos"],
  ["audit --plan=~/plan.json", 'yours left "~/plan.json"', "--plan ~/plan.json"],
  ["report -f html --output=~", 'yours left "~"', "--output ~"],
  ["sandbox start --dir=~/sandbox", "nobody but a shell knows ~", "--dir ~/sandbox"],
  ["apply ~/plan.json", 'yours left "~/plan.json"', "without quotes: ~/plan.json"],
  ["frobnicate", 'no command "frobnicate"', "photodrift --help"],
  ["--verison", "no flag --verison", "Did you mean --version?"],
  ["-x", "no flag -x", "photodrift --help"],
  ["audit extra", 'what to do with "extra"', "audit --help"],
  ["audit --formt json", "no flag --formt", "Did you mean --format?"],
  ["audit --plna p.json", "no flag --plna", "Did you mean --plan?"],
  ["audit --fail_on error", "no flag --fail_on", "Did you mean --fail-on?"],
  ["apply --yess", "no flag --yess", "Did you mean --yes?"],
  ["apply --max-change 5", "no flag --max-change", "Did you mean --max-changes?"],
  ["masters --unmatch", "no flag --unmatch", "Did you mean --unmatched?"],
  ["report --schemas", "no flag --schemas", "Did you mean --schema?"],
  ["audit --concurrency 4", "no flag --concurrency", "audit --help"],
  ["demo --users 5", "no flag --users", "demo --help"],
  ["audit --format jsn", 'no format "jsn"', "text, json, csv, md, html"],
  ["report --format xml", 'no format "xml"', "text, json, csv, md, html"],
  ["audit --output x.docx", "format of x.docx", "Put --format before --output"],
  ["audit --format json --format csv", "standard output", "--output FILE"],
  ["init --format json", "format json", "text"],
  ["completion bash --output x.txt", "cannot give", "standard output"],
  ["audit --format", "--format needs a value", "audit --help"],
  ["audit --output", "--output needs a value", "audit --help"],
  ["audit --user", "--user needs a value", "audit --help"],
  ["audit --config", "--config needs a value", "audit --help"],
  ["audit --plan", "--plan needs a value", "audit --help"],
  ["runs --limit", "--limit needs a value", "runs --help"],
  ["schedule list --dir", "--dir needs a value", "schedule --help"],
  ["schedule export --to", "--to needs a value", "schedule --help"],
  ["sandbox start --users", "--users needs a value", "sandbox --help"],
  ["audit --log-file", "--log-file needs a value", "audit --help"],
  ["audit --rule stalephoto", 'no rule "stalephoto"', 'Did you mean "stale-photo"?'],
  ["audit --rule wrong", 'no rule "wrong"', 'Did you mean "wrong-'],
  ["audit --store teams", 'no store "teams"', "entra, exchange, sharepoint"],
  ["audit --store Exchnage", 'no store "Exchnage"', 'Did you mean "exchange"?'],
  ["audit --fail-on high", 'no severity "high"', "info, warning, error, critical"],
  ["setup --mode write", '--mode does not take "write"', "audit, apply"],
  ["setup --notify teams", '--notify does not take "teams"', "mail"],
  ["doctor --mode aplly", '--mode does not take "aplly"', 'Did you mean "apply"?'],
  ["init --cloud usgv", '--cloud does not take "usgv"', 'Did you mean "usgov"?'],
  ["init --credential password", '--credential does not take "password"', "managed-identity"],
  ["init --offline", "--tenant-id, --tenant-name, --client-id", "run it on a terminal"],
  ["setup --name a;b", "no name for an app registration", "letters a to z"],
  ["setup --from DIR/none.pfx", "none.pfx cannot be read", "--from"],
  ["completion tcsh", 'no shell "tcsh"', "bash, zsh, fish, powershell"],
  ["audit --config DIR/nowhere.yaml", "no file DIR/nowhere.yaml", "photodrift init"],
  ["audit --config DIR/photos", "photos cannot be read: it is a folder", "Name a file"],
  ["apply --max-changes lots", "whole number", "--max-changes 50"],
  ["apply --max-changes=-1", "whole number", "--max-changes 50"],
  ["apply DIR/plan.json", "no plan file", "photodrift audit --config DIR/photodrift.yaml --plan"],
  ["apply DIR/photos", "photos cannot be read", "not a folder"],
  ["apply a.json b.json", 'what to do with "b.json"', "apply --help"],
  ["apply --interactive", "needs a terminal", "--yes"],
  ["undo", "photodrift undo <run>", "undo --help"],
  ["undo last", 'no run "last"', "photodrift runs"],
  ["report nosuch", 'no run "nosuch"', "photodrift runs"],
  ["runs --limit 0", "whole number from 1", "--limit 50"],
  ["runs --limit 1e20", "whole number from 1", "--limit 50"],
  ["runs --limit 1.5", "whole number from 1", "--limit 50"],
  ["runs --limit Infinity", "whole number from 1", "--limit 50"],
  ["schedule run --port 99999 --dir DIR/schedules", "whole number from 0 to 65535", "--port 8080"],
  ["schedule run --port -1 --dir DIR/schedules", "whole number from 0 to 65535", "--port 8080"],
  ["schedule run --port http --dir DIR/schedules", "whole number from 0 to 65535", "--port 8080"],
  ["schedule run --concurrency 1e20 --dir DIR/schedules", "whole number from 1", "--concurrency 4"],
  ["schedule next --count 1e20 --dir DIR/schedules", "whole number from 1 to 10000", "--count 10"],
  ["fleet worker --port 99999", "whole number from 0 to 65535", "--port 8080"],
  ["fleet worker --concurrency 201", "whole number from 1 to 200", "--concurrency 4"],
  ["sandbox start --users 1e20", "whole number from 1", "--users 120"],
  ["sandbox start --latency -1", "whole number from 0", "--latency 40"],
  ["audit --plan=", "--plan needs a value", "audit --help"],
  ["audit --exit-zero=yes", '--exit-zero does not take "yes"', "--exit-zero=false"],
  ["audit --config a.yaml --config b.yaml", "--config is given twice", "once"],
  ["audit --plan p.json --format json --output ./p.json", "the file of --plan", "of its own"],
  ["apply -- --user x", '"--user" stands behind --', "before the --"],
  ["runs --limit ten", "whole number from 1", "--limit 50"],
  ["explain", "photodrift explain <user>", "explain --help"],
  ["explain a b", 'what to do with "b"', "explain --help"],
  ["accept", "photodrift accept <users..>", "accept --help"],
  ["export", "photodrift export <dir>", "export --help"],
  ["decide", "takes one file", "photodrift decide --config DIR/photodrift.yaml decisions.json"],
  ["decide DIR/nothing.json", "nothing.json cannot be read: there is no such file", "Save decisions"],
  ["decide --list anna", "--list shows all", "Leave"],
  ["decide --list --reset", "exclude each other", "one of them"],
  ["schedule", "photodrift schedule <action>", "schedule --help"],
  ["schedule lst", 'no schedule command "lst"', 'Did you mean "list"?'],
  ["schedule run --dir DIR/nowhere", "no folder DIR/nowhere", "--dir"],
  ["schedule next nightly --dir DIR/schedules", 'no schedule "nightly"', "Known are weekly"],
  ["schedule list weeky --dir DIR/schedules", 'no schedule "weeky"', 'Did you mean "weekly"?'],
  ["schedule run weeky --dir DIR/schedules", 'no schedule "weeky"', 'Did you mean "weekly"?'],
  ["schedule export weeky --format cron --dir DIR/schedules", 'no schedule "weeky"', 'Did you mean "weekly"?'],
  ["schedule export systemd --dir DIR/schedules", 'no schedule "systemd"', "--format systemd"],
  ["schedule list json --dir DIR/schedules", 'no schedule "json"', "--format json"],
  ["audit html", 'what to do with "html"', "--format html"],
  ["runs json", 'what to do with "json"', "--format json"],
  ["report csv", 'no run "csv"', "--format csv"],
  ["schedule next --count 0 --dir DIR/schedules", "whole number from 1", "--count 10"],
  ["sandbox", "photodrift sandbox <action>", "sandbox --help"],
  ["sandbox strat", 'no sandbox command "strat"', 'Did you mean "start"?'],
  ["sandbox set", "key=value", "clock=+72h"],
  ["sandbox start --profile big", 'no profile "big"', "demo, clean"],
  ["sandbox start --users 0", "whole number from 1", "--users 120"],
  ["sandbox start --seed x", "whole number", "--seed 7"],
  ["sandbox start --ports 1,2", "six port numbers", "0 = free"],
];

const CONFIGURED = ["undo", "report", "runs", "apply", "explain", "accept", "decide"];

describe("mistyped command lines end with 64 and tell cause, place and cure", () => {
  it.each(LINES)("%s", async (words, cause, cure) => {
    const here = (text: string): string => text.replaceAll("DIR", dir);
    const argv = words.split(" ").map(here);
    const own = CONFIGURED.includes(argv[0] ?? "") && !words.includes("--config");
    const { code, stdout, stderr } = await photodriftHere([
      ...argv,
      ...(own ? [`--config=${join(dir, "photodrift.yaml")}`] : []),
    ]);
    isForPeople(stderr);
    expect(stderr).toContain(here(cause));
    expect(stderr.slice(stderr.indexOf("cure:"))).toContain(here(cure));
    expect({ code, stdout }).toEqual({ code: 64, stdout: "" });
  });
});

type Mistake = readonly [what: string, lines: readonly string[], place: string, cause: string, cure: string];

const without = (start: string): readonly string[] => GOOD.filter((line) => !line.trimStart().startsWith(start));
const instead = (start: string, line: string): readonly string[] =>
  GOOD.map((one) => (one.trimStart().startsWith(start) ? line : one));

/** Place is line:column; cause and cure stand in the problem's own line. */
const CONFIGS: readonly Mistake[] = [
  ["an unknown key", [...GOOD, "polcy: {}"], "10:1", "polcy", "policy"],
  ["an unknown key within", instead("folder", "  foldr: ./photos"), "9:3", "foldr", "folder"],
  ["a missing key", without("name:"), "1:1", "tenant.name", ""],
  ["a wrong kind", instead("kind", "  kind: certifcate"), "5:9", "certifcate", "certificate"],
  ["a text for a number", [...GOOD, "keepRuns: many"], "10:11", "keepRuns", "number"],
  ["a number below its least", [...GOOD, "limits: {concurrency: 0}"], "10:23", "concurrency", ""],
  ["a share beyond the whole", [...GOOD, "limits: {maxChangePercent: 130}"], "10:28", "maxChangePercent", "100"],
  ["a duration without unit", [...GOOD, "policy: {propagation: 72}"], "10:23", "propagation", "72h"],
  ["a word for a switch", [...GOOD, "scope: {guests: sometimes}"], "10:17", "guests", "true"],
  ["an unknown rule", [...GOOD, "policy: {autoApply: [missing-foto]}"], "10:22", "missing-foto", "missing-photo"],
  ["an unknown severity", [...GOOD, "policy: {severity: {stale-photo: high}}"], "10:34", "high", "warning"],
  ["an unknown rule for a severity", [...GOOD, "policy: {severity: {stale: error}}"], "10:21", "stale", ""],
  ["a pattern with an unknown field", [...GOOD, "  patterns: ['{firstname}']"], "10:14", "{firstname}", "{first}"],
  ["a pattern without a field", [...GOOD, "  patterns: [portrait]"], "10:14", "no field", "{upn}"],
  ["an unknown crop", [...GOOD, "  crop: fase"], "10:9", "fase", "face"],
  [
    "a name that is not set",
    instead("clientSecret", "  clientSecret: ${PHOTODRIFT_NOT_SET}"),
    "7:17",
    "PHOTODRIFT_NOT_SET",
    "",
  ],
  ["an unknown cloud", [...GOOD.slice(0, 3), "  cloud: usgv", ...GOOD.slice(3)], "4:10", "usgv", "usgov"],
  ["an unknown fix", [...GOOD, "stores: {sharepoint: {fix: directly}}"], "10:28", "directly", "direct"],
  ["an address for a name", instead("name", "  name: https://contoso.sharepoint.com"), "3:9", "contoso", ""],
  ["a key twice", [...GOOD, "source: {}"], "10:1", "source", ""],
  ["a bracket that is left open", [...GOOD, "notify: ["], "11:1", "", ""],
  ["a receiver without its address", [...GOOD, "notify: [{kind: teams}]"], "10:", "url", ""],
  [
    "an authority that is not there",
    [...GOOD.slice(0, 3), "  caFile: ./nobody.pem", ...GOOD.slice(3)],
    "4:11",
    "nobody.pem",
    "",
  ],
  [
    "an endpoint that is no origin",
    [...GOOD.slice(0, 3), "  endpoints: {graph: graph}", ...GOOD.slice(3)],
    "4:",
    "graph",
    "https",
  ],
];

describe("mistyped configurations end with 64 and tell file, line, column, key and what was expected", () => {
  it.each(CONFIGS)("%s", async (_what, lines, place, cause, cure) => {
    const file = join(dir, "mistyped.yaml");
    await writeFile(file, `${lines.join("\n")}\n`);
    const { code, stdout, stderr } = await photodriftHere(["audit", "--config", file]);
    isForPeople(stderr);
    const problem = stderr.split("\n").find((line) => line.includes(`mistyped.yaml:${place}`)) ?? stderr;
    expect(problem).toContain(`mistyped.yaml:${place}`);
    expect(problem).toContain(cause);
    expect(problem).toContain(cure);
    expect({ code, stdout }).toEqual({ code: 64, stdout: "" });
  });
});
