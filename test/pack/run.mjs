// The packed tarball as users get it: what is in it, and whether it installs and works on each Node that the engines name.
// Prints one line a step; what cannot be tried here is named and left out. Exit code 1 when anything that was tried failed.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { wholeWay } from "./whole-way.mjs";

const ROOT = join(import.meta.dirname, "..", "..");
const OTHER_NODES = ["22", "24"];
const STEP_MS = 15 * 60_000;
const MOST_BYTES = 3 * 1024 * 1024;
const work = mkdtempSync(join(tmpdir(), "photodrift-pack-"));
let failures = 0;

function say(text) {
  console.log(text);
}

function step(name, run) {
  const since = Date.now();
  try {
    const told = run();
    say(`ok    ${name}${told ? `: ${told}` : ""} (${((Date.now() - since) / 1000).toFixed(0)} s)`);
    return true;
  } catch (error) {
    failures++;
    say(`FAIL  ${name}: ${error.message}\n${error.stderr?.toString().slice(-2000) ?? ""}`);
    return false;
  }
}

function exec(file, args, options = {}) {
  return execFileSync(file, args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    timeout: STEP_MS,
    ...options,
  });
}

function must(condition, words) {
  if (!condition) throw new Error(words);
}

/** npm's own program, to be run by any Node. */
const NPM =
  process.env.npm_execpath ?? join(dirname(process.execPath), "..", "lib", "node_modules", "npm", "bin", "npm-cli.js");

function pack() {
  const [told] = JSON.parse(exec(process.execPath, [NPM, "pack", "--json", "--pack-destination", work], { cwd: ROOT }));
  const names = told.files.map(({ path }) => path);
  const wrong = names.filter((name) =>
    /\.map$|tsbuildinfo|^(test|src|bench|reports)\/|^dist\/(?!main\.js|program\/|image\/foreign\/|report\/html\/browser\/|photodrift\.1|THIRD-PARTY)/.test(
      name,
    ),
  );
  must(wrong.length === 0, `the tarball holds ${wrong.slice(0, 5).join(", ")}`);
  for (const name of [
    "LICENSE",
    "README.md",
    "CHANGELOG.md",
    "package.json",
    "dist/main.js",
    "dist/photodrift.1",
    "dist/THIRD-PARTY-NOTICES.txt",
  ]) {
    must(names.includes(name), `the tarball lacks ${name}`);
  }
  must(told.size < MOST_BYTES, `the tarball has ${told.size} bytes`);
  return { file: join(work, told.filename), words: `${names.length} files, ${(told.size / 1024).toFixed(0)} kB` };
}

/** A Node of another major version out of the npm registry, with its headers; null where there is none for this machine. */
function otherNode(major) {
  const name = `node-${process.platform}-${process.arch}`;
  const folder = join(work, `node-${major}`);
  mkdirSync(folder);
  try {
    const versions = [
      JSON.parse(exec(process.execPath, [NPM, "view", `${name}@${major}`, "version", "--json"])),
    ].flat();
    const newest = versions.sort((a, b) => a.localeCompare(b, "en", { numeric: true })).at(-1);
    const [{ filename }] = JSON.parse(
      exec(process.execPath, [NPM, "pack", `${name}@${newest}`, "--json", "--pack-destination", folder]),
    );
    exec("tar", ["xzf", join(folder, filename), "-C", folder]);
    const program = join(folder, "package", "bin", process.platform === "win32" ? "node.exe" : "node");
    return existsSync(program) ? { program, home: join(folder, "package"), version: newest } : null;
  } catch {
    return null;
  }
}

/** Installs the tarball into an empty prefix as a user of that Node would, and gives the program's path. */
function install(node, tarball, name) {
  const prefix = join(work, `prefix-${name}`);
  mkdirSync(prefix);
  const env = {
    ...process.env,
    PATH: `${dirname(node.program)}:${process.env.PATH}`,
    // Where prebuilt SQLite cannot be downloaded it is compiled; the headers come with the Node that compiles.
    ...(node.home === null ? {} : { npm_config_nodedir: node.home }),
  };
  exec(node.program, [NPM, "install", "--prefix", prefix, "--no-audit", "--no-fund", "--omit=dev", tarball], {
    cwd: prefix,
    env,
  });
  return join(prefix, "node_modules", "photodrift", "dist", "main.js");
}

function demo(node, main, name) {
  const cwd = join(work, `demo-${name}`);
  mkdirSync(cwd);
  const kept = join(cwd, "kept");
  const env = { ...process.env, HTTPS_PROXY: "", https_proxy: "", NO_COLOR: "1", XDG_CACHE_HOME: kept };
  const out = exec(node.program, [main, "demo"], { cwd, env });
  must(out.includes("Your own tenant:"), "the demo does not end with the next command");
  const reports = readdirSync(join(cwd, "reports")).map((file) => file.split(".").at(-1));
  must(
    ["html", "json", "csv"].every((kind) => reports.includes(kind)),
    "a report is missing",
  );
  if (Number(name.split(".")[0]) >= 22 && process.platform === "linux") {
    // Node makes a folder for its version when it writes: ours alone shows nothing.
    const versions = readdirSync(join(kept, "photodrift"));
    const files = versions.flatMap((version) => readdirSync(join(kept, "photodrift", version)));
    must(files.length > 0, "no compiled code is kept");
  }
  return `${exec(node.program, [main, "--version"]).trim()}, reports ${reports.sort().join(", ")}`;
}

try {
  let packed = null;
  if (!step("npm pack", () => (packed = pack()).words) || packed === null) process.exit(1);
  const wanted = (process.env.PACK_NODES ?? ["here", ...OTHER_NODES].join(",")).split(",");
  const nodes = wanted.map((name) =>
    name === "here"
      ? { name: process.versions.node, node: { program: process.execPath, home: null } }
      : { name, node: otherNode(name) },
  );
  for (const { name, node } of nodes) {
    if (node === null) {
      say(`left out: Node ${name} cannot be had for ${process.platform}-${process.arch} from the npm registry`);
      continue;
    }
    let main = null;
    if (
      !step(
        `Node ${node.version ?? name}: install into an empty prefix`,
        () => void (main = install(node, packed.file, name)),
      )
    )
      continue;
    step(`Node ${node.version ?? name}: the demo`, () => demo(node, main, name));
    if (node.home === null) {
      const cwd = join(work, "whole-way");
      mkdirSync(cwd);
      step(`Node ${name}: from setup to undo`, () => wholeWay({ node: node.program, main, cwd }));
    }
  }
  const left = ["darwin", "win32"].filter((platform) => platform !== process.platform);
  say(`left out: ${left.join(", ")} (this machine is ${process.platform}-${process.arch})`);
  say(
    `package ${JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")).version}: ${failures === 0 ? "all that was tried works" : `${failures} steps failed`}`,
  );
} finally {
  rmSync(work, { recursive: true, force: true });
}
process.exit(failures === 0 ? 0 : 1);
