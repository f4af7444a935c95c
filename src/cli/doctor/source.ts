import type { Config } from "../../model/config.js";
import { PhotodriftError } from "../../model/errors.js";
import type { Probe } from "../../stores/index.js";
import { knownError } from "../known-errors.js";
import { masterSourceOf } from "../compose.js";
import { caseProbe } from "./machine.js";

/** The folder of masters, the lists beside it, and how its file names go with upper and lower case. */
export async function* sourceProbes(config: Config): AsyncGenerator<Probe> {
  const name = "source folder";
  const source = masterSourceOf(config);
  try {
    const { files, skipped } = await source.scan();
    yield { name, ok: true, detail: `${files.length} files, ${skipped.length} left out`, cure: "" };
    yield await caseProbe(
      config.source.folder,
      files.map(({ file }) => file),
    );
  } catch (error) {
    yield failed(name, error);
  }
  for (const [list, read] of [
    ["mapping", () => source.mapping()],
    ["consent list", () => source.consentWithdrawn()],
    ["pin list", () => source.pinned()],
  ] as const) {
    try {
      await read();
    } catch (error) {
      yield failed(list, error);
    }
  }
}

function failed(name: string, thrown: unknown): Probe {
  const error = knownError(thrown);
  if (!(error instanceof PhotodriftError)) throw error;
  return { name, ok: false, detail: error.message, cure: error.hint };
}
