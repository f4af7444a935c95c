import { dirname, resolve } from "node:path";
import { checkYaml } from "./check.js";
import { configCrossChecks } from "./cross-checks.js";
import { ConfigError, type Problem } from "./problems.js";
import { configSchema } from "./schema.js";
import { starterConfig, type StarterAnswers } from "./starter.js";

/**
 * What `photodrift.yaml` would be refused for with these answers; empty where it would load. Files that it names may come later, and so may
 * the secret in the environment. @param path where it is going to stand
 */
export function starterProblems(path: string, answers: StarterAnswers): readonly Problem[] {
  const { credential } = answers;
  const later = credential.kind === "client-secret" ? { [credential.secretEnv]: "set later" } : {};
  try {
    checkYaml(
      path,
      starterConfig(answers),
      configSchema,
      later,
      configCrossChecks(dirname(resolve(path)), () => undefined),
    );
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}
