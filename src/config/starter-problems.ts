import { dirname, resolve } from "node:path";
import { checkYaml, type CrossCheck } from "./check.js";
import { configCrossChecks, statOf } from "./cross-checks.js";
import { ConfigError, type Problem } from "./problems.js";
import { configSchema } from "./schema.js";
import { starterConfig, type StarterAnswers } from "./starter.js";

/**
 * What `photodrift.yaml` would be refused for with these answers; empty where it would load. Files that it names may come later, and so may
 * the secret in the environment. @param path where it is going to stand
 */
export function starterProblems(path: string, answers: StarterAnswers): readonly Problem[] {
  const { credential } = answers;
  const folder = dirname(resolve(path));
  const later = credential.kind === "client-secret" ? { [credential.secretEnv]: "set later" } : {};
  try {
    checkYaml(path, starterConfig(answers), configSchema, later, starterChecks(folder, answers.folder));
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

/** @param folder of the configuration @param masters where the portraits are to lie */
function starterChecks(folder: string, masters: string): CrossCheck {
  const all = configCrossChecks(folder, () => undefined);
  const source = resolve(folder, masters);
  return (raw, report) => {
    all(raw, report);
    if (statOf(source)?.isFile() === true)
      report(["source", "folder"], `${source} is a file, expected the folder with the master portraits`);
  };
}
