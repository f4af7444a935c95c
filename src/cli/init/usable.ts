import { starterProblems, type StarterAnswers } from "../../config/index.js";
import { PhotodriftError } from "../../model/errors.js";

/** The flag that each key of a starter configuration comes from. */
const FLAGS: Readonly<Record<string, string>> = {
  "tenant.id": "--tenant-id",
  "tenant.name": "--tenant-name",
  "tenant.userPhotosFolder": "--user-photos-folder",
  "credential.clientId": "--client-id",
  "credential.certificatePath": "--certificate",
  "credential.clientSecret": "--secret-env",
  "source.folder": "--folder",
  "source.domain": "--domain",
  "source.patterns": "--pattern",
};

/** Throws PhotodriftError (usage) with every answer that would make a configuration nobody can load. @param path where it is going to stand */
export function requireUsable(command: string, path: string, answers: StarterAnswers): void {
  const problems = starterProblems(path, answers);
  if (problems.length === 0) return;
  const lines = problems.map(({ key, message }) => `  ${FLAGS[key.replace(/\[.*$/, "")] ?? key}: ${message}`);
  throw new PhotodriftError(
    "usage",
    `${command} would write a configuration that cannot be used:\n${lines.join("\n")}`,
    "Give these in another way; nothing was written.",
    "usage",
  );
}
