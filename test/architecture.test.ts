import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { REPORT_FORMATS } from "../src/model/formats.js";
import { unnamedErrors, withoutUnit } from "./support/contracts.js";
import { publicNames, room as top, sources, SRC } from "./support/source-tree.js";

/** The dependency rule of src/README.md, read off the import statements. */
const PURE = ["model", "desired", "compare", "plan"];
const EDGES = ["source", "image", "stores", "state", "report", "notify", "schedule", "config", "setup", "fleet"];

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

function importsOf(path: string): Import[] {
  const text = readFileSync(path, "utf8").replace(/\/\*[\s\S]*?\*\//g, "");
  const pattern =
    /^\s*(import|export)\s+(type\s+)?(?:[^'"`;]*?\sfrom\s+)?["']([^"']+)["']|import\(\s*["']([^"']+)["']\s*\)/gm;
  const found: Import[] = [];
  for (const match of text.matchAll(pattern)) {
    const target = match[3] ?? match[4] ?? "";
    const to = target.startsWith(".") ? relative(SRC, normalize(join(dirname(path), target))) : target;
    found.push({ from: relative(SRC, path), to, typeOnly: match[2] !== undefined });
  }
  return found;
}

const IMPORTS = sources(SRC).flatMap(importsOf);
const isLocal = (path: string): boolean =>
  /^[a-z]+\//.test(path) && path.endsWith(".js") && existsSync(join(SRC, top(path)));

function offenders(test: (one: Import) => boolean): string[] {
  return IMPORTS.filter(test).map(({ from, to }) => `${from} -> ${to}`);
}

/** Every way that comes back to where it began, each once, as `a -> b -> a`. */
function circlesOf(next: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const circles: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, way: readonly string[]): void => {
    if (way.includes(file)) circles.push([...way.slice(way.indexOf(file)), file].join(" -> "));
    if (done.has(file)) return;
    done.add(file);
    for (const to of next.get(file) ?? []) visit(to, [...way, file]);
  };
  for (const file of next.keys()) visit(file, []);
  return circles;
}

describe("dependency rule", () => {
  it("reads the imports of the whole program", () => {
    expect(IMPORTS.length).toBeGreaterThan(300);
    expect(IMPORTS.some(({ from, to }) => from === "main.ts" && to === "cli/run.js")).toBe(true);
  });

  // What is forbidden in the pure folders is I/O, not a package: zod checks values.
  const pure = ["zod"];

  it("model imports nothing but model and pure packages, not even node:", () => {
    expect(offenders(({ from, to }) => top(from) === "model" && top(to) !== "model" && !pure.includes(to))).toEqual([]);
  });

  it("desired, compare and plan import only model and themselves: no I/O, no clock, no randomness", () => {
    const allowed = (from: string, to: string) => top(to) === "model" || top(to) === top(from) || pure.includes(to);
    expect(offenders(({ from, to }) => PURE.slice(1).includes(top(from)) && !allowed(from, to))).toEqual([]);
  });

  it("pure folders read no clock and throw no dice", () => {
    const impure = /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bprocess\.|\bsetTimeout\(/;
    const found = sources(SRC)
      .filter((path) => PURE.includes(top(relative(SRC, path))))
      .filter((path) => impure.test(readFileSync(path, "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "")))
      .map((path) => relative(SRC, path));
    expect(found).toEqual([]);
  });

  it("run imports the pure folders and its own ports only", () => {
    const allowed = ["model", "desired", "compare", "plan", "run"];
    expect(offenders(({ from, to }) => top(from) === "run" && !allowed.includes(top(to)))).toEqual([]);
  });

  it("an edge imports model, types of run, itself and packages - never another edge", () => {
    const allowed = (from: string, to: string, typeOnly: boolean) => {
      if (!isLocal(to)) return true;
      if (["model", "files"].includes(top(to)) || top(to) === top(from)) return true;
      if (top(to) === "run") return typeOnly;
      return top(from) === "state" && top(to) === "plan";
    };
    expect(offenders(({ from, to, typeOnly }) => EDGES.includes(top(from)) && !allowed(from, to, typeOnly))).toEqual(
      [],
    );
  });

  it("files knows nothing of the rest: it is what edges that write files have in common", () => {
    expect(offenders(({ from, to }) => top(from) === "files" && isLocal(to) && top(to) !== "files")).toEqual([]);
  });

  it("folders are made by files/folders.ts: a recursive mkdir of Node may never end, and hears no signal", () => {
    const makes = sources(SRC).filter((path) => /\bmkdir(?:Sync)?\(/.test(readFileSync(path, "utf8")));
    const places = makes.map((path) => relative(SRC, path)).filter((path) => top(path) !== "sandbox");
    expect(places).toEqual(["files/folders.ts"]);
  });

  it("sandbox shares nothing with the rest, and only the command line starts it", () => {
    expect(offenders(({ from, to }) => top(from) === "sandbox" && isLocal(to) && top(to) !== "sandbox")).toEqual([]);
    expect(
      offenders(({ from, to }) => top(to) === "sandbox" && isLocal(to) && !["sandbox", "cli"].includes(top(from))),
    ).toEqual([]);
  });

  it("no file of the program or of its page's style is longer than 250 lines", () => {
    const styles = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".css"));
    const paths = [...styles.map((path) => join(SRC, path)), ...sources(SRC)];
    const long = paths.filter((path) => readFileSync(path, "utf8").trimEnd().split("\n").length > 250);
    expect(long.map((path) => relative(SRC, path))).toEqual([]);
  });

  it("no file imports itself in a circle: types have a home below both", () => {
    const next = new Map<string, string[]>();
    for (const { from, to } of IMPORTS)
      if (isLocal(to)) next.set(from, [...(next.get(from) ?? []), to.replace(/\.js$/, ".ts")]);
    expect(circlesOf(next)).toEqual([]);
  });

  it("the nouns are imported from the file that defines them: one style, and no list of everything", () => {
    expect(offenders(({ to }) => to === "model/index.js")).toEqual([]);
    expect(sources(join(SRC, "model")).filter((path) => path.endsWith("index.ts"))).toEqual([]);
  });

  it("sharp and image-hash are imported by image alone (the sandbox draws with sharp)", () => {
    const allowed = ["image", "sandbox"];
    expect(
      offenders(({ from, to }) => (to === "sharp" || to === "image-hash") && !allowed.includes(top(from))),
    ).toEqual([]);
    expect(offenders(({ from, to }) => to === "image-hash" && top(from) !== "image")).toEqual([]);
  });

  it("only stores/ opens connections to the tenant", () => {
    const clients = ["@azure/identity", "@microsoft/microsoft-graph-client", "undici"];
    const network = ({ to }: Import) =>
      clients.some((name) => to === name || to.startsWith(`${name}/`)) || to.startsWith("@pnp/");
    expect(offenders((one) => network(one) && !["stores", "sandbox"].includes(top(one.from)))).toEqual([]);
  });

  it("what speaks to anything else than the tenant is the notifications", () => {
    const saying = (words: RegExp) =>
      sources(SRC)
        .filter((path) => words.test(readFileSync(path, "utf8")))
        .map((path) => relative(SRC, path))
        .filter((path) => top(path) !== "sandbox")
        .sort();
    // By the proxy and the trust of the tenant: the one place that opens such connections, and the one that uses it.
    expect(saying(/\bfetch\(/)).toEqual(["notify/post.ts", "stores/http/outside.ts"]);
    expect(saying(/\.outside\b/)).toEqual(["cli/sessions/announce.ts"]);
  });

  it("each database client has one home", () => {
    const homes: Readonly<Record<string, RegExp>> = {
      // The daemon of one machine keeps its due times in a file of its own.
      "better-sqlite3": /^(state\/sqlite\/|schedule\/open-records\.ts)/,
      kysely: /^state\/postgres\//,
      pg: /^(state\/postgres|fleet)\//,
      "graphile-worker": /^fleet\//,
    };
    expect(offenders(({ from, to, typeOnly }) => !typeOnly && homes[to]?.test(from) === false)).toEqual([]);
  });

  it("only answers/ takes the JSON of a service apart: readers get described values", () => {
    const raw = sources(join(SRC, "stores")).filter((path) =>
      /\bJSON\.parse\(|\.json\(\)/.test(readFileSync(path, "utf8")),
    );
    expect(raw.map((path) => relative(SRC, path))).toEqual(["stores/answers/described.ts"]);
  });

  it("audit is composed without any writer", () => {
    const seen = new Set<string>();
    const visit = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      for (const { from, to, typeOnly } of IMPORTS)
        if (from === file && isLocal(to) && !typeOnly) visit(to.replace(/\.js$/, ".ts"));
    };
    for (const entry of ["run/audit.ts", "run/join.ts", "stores/index.ts", "cli/compose.ts"]) visit(entry);
    expect([...seen].filter((file) => /writer/.test(file))).toEqual([]);
  });

  it("carrying out a plan knows no configuration and no mode", () => {
    const applying = IMPORTS.filter(({ from }) => /^run\/(?:apply\.ts|applying\/)/.test(from));
    expect(applying.length).toBeGreaterThan(50);
    const told = ["model/config.js", "run/settings.js", "run/audit.js"];
    expect(applying.filter(({ to }) => told.includes(to) || top(to) === "desired")).toEqual([]);
  });

  it("readers know no writer", () => {
    expect(offenders(({ from, to }) => /(?:^|\/)reader[\w-]*\.ts$/.test(from) && /writer/.test(to))).toEqual([]);
  });

  it("run/apply is the only caller of writers", () => {
    const call = /\b\w*writers?\b[\w.]*\.(?:upload|remove|putThumbnail|deleteThumbnail|setProperty)\(/i;
    const callers = sources(SRC)
      .filter((path) => call.test(readFileSync(path, "utf8")))
      .map((path) => relative(SRC, path));
    expect(callers.length).toBeGreaterThan(2);
    expect(callers.filter((path) => !/^run\/apply/.test(path))).toEqual([]);
  });
});

describe("what a room offers to others", () => {
  const names = publicNames();

  it("tells its contract: each name that another room imports has a docstring", () => {
    expect(names.size).toBeGreaterThan(400);
    expect([...names].filter(([, { doc }]) => doc === "").map(([name]) => name)).toEqual([]);
  });

  it("names the errors that it throws itself, by their codes", () => {
    const untold = [...names].flatMap(([name, contract]) => unnamedErrors(contract).map((code) => `${name}: ${code}`));
    expect([...names].filter(([, { codes }]) => codes.length > 0).length).toBeGreaterThan(4);
    expect(untold).toEqual([]);
  });

  it("tells the unit of every number that is a time", () => {
    const untold = [...names].flatMap(([name, contract]) => withoutUnit(contract).map((one) => `${name}: ${one}`));
    expect(untold).toEqual([]);
  });
});

describe("README.md", () => {
  it("names every format of reports and lists", () => {
    const readme = readFileSync(join(SRC, "..", "README.md"), "utf8");
    expect(readme).toContain(`\`--format ${REPORT_FORMATS.join("|")}\``);
  });
});

describe("the map in src/README.md", () => {
  const map = readFileSync(join(SRC, "README.md"), "utf8");

  it("names every room, and no room that is not there", () => {
    const rooms = readdirSync(SRC, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const block = /```\n([\s\S]*?)```/.exec(map)?.[1] ?? "";
    const named = [...block.matchAll(/^([a-z]+)\/ /gm)].map((match) => match[1]);
    expect(named.sort()).toEqual(rooms.map(({ name }) => name).sort());
  });

  it("says of every dependency what it is taken for", () => {
    const { dependencies } = JSON.parse(readFileSync(join(SRC, "..", "package.json"), "utf8")) as {
      readonly dependencies: Readonly<Record<string, string>>;
    };
    const libraries = map.slice(map.indexOf("## Libraries"), map.indexOf("## What was taken"));
    const words = new Set(libraries.split(/[^@/\w-]+/));
    expect(Object.keys(dependencies).filter((name) => !words.has(name))).toEqual([]);
  });

  it.each<[string, string, string]>([
    ["metadata in batches of 20", "stores/http/batch.ts", "BATCH_SIZE = 20;"],
    ["one 240 px rendition", "run/observe-cloud.ts", "RENDITION_SIDE = 240;"],
    ["the sample of ten users", "run/audit.ts", "inChunks(roster.inScope(), 10)"],
    ["at most 2,000 of them unread", "run/read-all-small.ts", "READ_ALL_SMALL = 2000;"],
    ["up to 5,000 that were never read", "run/observe-profiles.ts", "FIRST_READINGS = 5000;"],
    ["the 500 with the oldest", "run/observe-profiles.ts", "ROLLING_PROFILES = 500;"],
    ["at most 1,500 whose last reading", "run/observe-profiles.ts", "DOUBTFUL_PROFILES = 1500;"],
    ["A batch holds a hundred", "run/observe-profiles.ts", "BATCH = 100;"],
    ["fewer than eight batches", "run/observe-profiles.ts", "BATCHES = 8;"],
    ["one request per 999 users", "stores/directory/reader.ts", "$top=999"],
    ["64 bytes of fingerprints", "compare/photo/hash-table.ts", "HASH = 32;"],
    ["From the third on", "run/standing.ts", "STANDS_FROM = 3;"],
    ["counted from ten users up", "run/shrinking.ts", "COUNTED_FROM = 10;"],
    ["within the last 20 seconds", "state/postgres/lease.ts", "fresh: 20_000"],
    ["had for a day is forgotten", "fleet/follow.ts", 'FORGOTTEN_AFTER = "1 day"'],
    ["asks again a second later", "fleet/worker.ts", "poll: 1_000"],
  ])("%s: the number is that of the code", (said, file, stands) => {
    expect(map.replace(/\s+/g, " ")).toContain(said);
    expect(readFileSync(join(SRC, file), "utf8")).toContain(stands);
  });

  it("names the folders of the command line, and each store has the files that it says", () => {
    const folders = (room: string) =>
      readdirSync(join(SRC, room), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(folders("cli").filter(({ name }) => !map.includes(`${name}/`))).toEqual([]);
    for (const store of ["directory", "cloud-photo", "sharepoint"])
      for (const file of ["api.ts", "reader.ts"]) expect(existsSync(join(SRC, "stores", store, file))).toBe(true);
  });

  it("names only files and folders that are there", () => {
    const paths = [...map.matchAll(/`((?:[a-z-]+\/)+[\w.-]*)`/g)].map((match) => match[1] ?? "");
    const all = new Set(sources(SRC).map((path) => relative(SRC, path)));
    const folders = new Set(
      [...all].flatMap((path) => path.split("/").map((_, at, parts) => parts.slice(0, at).join("/"))),
    );
    const root = join(SRC, "..");
    const isThere = (path: string): boolean => {
      const bare = path.replace(/\/$/, "");
      return (
        all.has(bare) ||
        folders.has(bare) ||
        [...folders].some((folder) => folder.endsWith(`/${bare}`)) ||
        existsSync(join(root, bare)) ||
        existsSync(join(SRC, bare))
      );
    };
    expect(paths.length).toBeGreaterThan(20);
    expect(paths.filter((path) => !isThere(path))).toEqual([]);
  });
});
