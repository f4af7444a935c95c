// The first day on a tenant, typed: setup -> doctor -> audit -> plan -> apply -> undo, from an installed package in an empty folder.
// The sandbox plays the tenant; its administrator's token stands for `az login`.
import { spawn, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const START_MS = 120_000;

/**
 * @param {{node: string, main: string, cwd: string}} where program of Node, photodrift's main.js, an empty folder
 * @returns {string} number of commands and seconds to the first report
 */
export function wholeWay({ node, main, cwd }) {
  const sandboxDir = join(cwd, "tenant");
  const mine = join(cwd, "mine");
  mkdirSync(mine);
  const env = { ...process.env, HTTPS_PROXY: "", https_proxy: "", NO_COLOR: "1" };
  const sandbox = spawn(node, [main, "sandbox", "start", "--dir", sandboxDir, "--users", "80", "--seed", "11"], {
    env,
    stdio: "ignore",
  });
  let commands = 0;
  const run = (args, wanted, more = {}) => {
    commands++;
    const { status, stdout, stderr } = spawnSync(node, [main, ...args], {
      cwd: mine,
      env: { ...env, ...more },
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
    });
    if (!wanted.includes(status))
      throw new Error(`photodrift ${args.join(" ")} ended with ${status}:\n${stderr}\n${stdout.slice(-3000)}`);
    return stdout;
  };
  try {
    waitFor(join(sandboxDir, "photodrift.yaml"));
    // What a real tenant has by itself: an address and a folder of portraits. The credential is left for setup.
    copyFileSync(join(sandboxDir, "ca.pem"), join(mine, "ca.pem"));
    const whole = readFileSync(join(sandboxDir, "photodrift.yaml"), "utf8");
    const without = whole
      .replace(/^credential:\n(?: {2}.*\n)+/m, "")
      .replace("folder: ./photos", `folder: ${join(sandboxDir, "photos")}`);
    writeFileSync(join(mine, "photodrift.yaml"), without);
    const admin = { PHOTODRIFT_ADMIN_TOKEN: readFileSync(join(sandboxDir, "admin-token.jwt"), "utf8") };

    const since = Date.now();
    run(["setup", "--yes", "--mode", "apply"], [0], admin);
    run(["audit", "--format", "json", "--output", "first.json"], [2]);
    const seconds = (Date.now() - since) / 1000;
    const toReport = commands;
    const before = JSON.parse(readFileSync(join(mine, "first.json"), "utf8"));
    if (before.run.complete !== true || before.findings.length === 0)
      throw new Error("the first report is not complete");

    const doctor = JSON.parse(run(["doctor", "--format", "json"], [0]));
    const amiss = doctor.checks.filter(({ level }) => level !== "ok");
    if (amiss.length > 0) throw new Error(`doctor is not green: ${JSON.stringify(amiss)}`);
    run(["audit", "--plan", "plan.json"], [2]);
    const applied = run(["apply", "plan.json"], [0, 2]);
    const runs = JSON.parse(run(["runs", "--format", "json"], [0])).runs;
    const apply = runs.find(({ mode }) => mode === "apply");
    if (apply === undefined) throw new Error(`no apply among the runs:\n${applied}`);
    run(["undo", apply.id, "--yes"], [0]);
    run(["report", "--format", "html", "--output", "report.html"], [0]);
    if (!existsSync(join(mine, "report.html"))) throw new Error("no report was written");
    return `${toReport} commands and ${seconds.toFixed(1)} s to the first report, ${commands} commands in all`;
  } finally {
    sandbox.kill("SIGTERM");
  }
}

function waitFor(path) {
  const until = Date.now() + START_MS;
  while (!existsSync(path)) {
    if (Date.now() > until) throw new Error(`the sandbox did not start: ${path} is missing`);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  }
}
