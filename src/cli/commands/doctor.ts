import { loadConfig } from "../../config/index.js";
import { PhotodriftError } from "../../model/index.js";
import { preflight, type Probe } from "../../stores/index.js";
import { openWorkbench, type Workbench } from "../compose.js";
import { EXIT } from "../exit-codes.js";
import type { GlobalFlags, Invocation } from "../globals.js";
import { plain } from "../../model/text.js";

/** Preflight: one line a check, with the cure where it failed. Exit code 1 when anything a run needs is missing. */
export async function doctorCommand(_flags: GlobalFlags, invocation: Invocation): Promise<number> {
  const config = loadConfig(invocation.configPath, invocation.env);
  const json = invocation.outputs.some(({ format }) => format === "json");
  const probes: Probe[] = [];
  const tell = async (probe: Probe): Promise<void> => {
    probes.push(probe);
    if (!json) await invocation.terminal.out(lineOf(probe, invocation.terminal.color));
  };
  await tell({ name: "configuration", ok: true, detail: config.file, cure: "" });
  const bench = openWorkbench({
    config,
    progress: invocation.progress,
    env: invocation.env,
    signal: invocation.signal,
  });
  try {
    await tell(await checkSource(bench));
    for await (const probe of preflight(bench.tenant)) await tell(probe);
  } finally {
    await bench.close();
  }
  const failed = probes.filter(({ ok }) => !ok).length;
  if (json) await invocation.terminal.out(`${JSON.stringify({ ok: failed === 0, checks: probes }, null, 2)}\n`);
  else {
    await invocation.terminal.out(
      failed === 0
        ? "\nEverything is in place. Next: photodrift audit\n"
        : `\n${failed} of ${probes.length} checks failed.\n`,
    );
  }
  return failed === 0 ? EXIT.ok : EXIT.failed;
}

async function checkSource(bench: Workbench): Promise<Probe> {
  const name = "source folder";
  try {
    const { files, skipped } = await bench.ports.source.scan();
    await bench.ports.source.mapping();
    await bench.ports.source.consentWithdrawn();
    await bench.ports.source.pinned();
    return { name, ok: true, detail: `${files.length} files, ${skipped.length} left out`, cure: "" };
  } catch (error) {
    if (!(error instanceof PhotodriftError)) throw error;
    return { name, ok: false, detail: error.message, cure: error.hint };
  }
}

function lineOf({ name, ok, detail, cure }: Probe, color: boolean): string {
  const mark = ok ? "ok  " : "FAIL";
  const painted = color ? `\u001b[${ok ? "32" : "31"}m${mark}\u001b[39m` : mark;
  return `${painted}  ${name}: ${plain(detail)}\n${ok || cure === "" ? "" : `      cure: ${plain(cure)}\n`}`;
}
