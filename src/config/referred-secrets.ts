import { parseDocument, visit } from "yaml";
import { pathOf, refersToEnvironment } from "./environment.js";
import { configSchema } from "./schema.js";
import { mayBeSecret, secretPaths } from "./secret-fields.js";
import type { KeyPath } from "./yaml-source.js";

/**
 * The text of a configuration that goes elsewhere: a secret that is written out becomes a reference to the environment, such as
 * `${PHOTODRIFT_CLIENT_SECRET}`, as the starter and the README name them. References that are there stay; so does every comment.
 * @param text of a `photodrift.yaml`, whether it can be used or not
 * @param ending keeps the names of several configurations apart
 */
export function withReferredSecrets(text: string, ending = ""): string {
  const document = parseDocument(text);
  const places = secretPaths(configSchema);
  visit(document, {
    Scalar(role, node, ancestors) {
      if (role === "key" || node.value === null || node.value === "") return;
      if (typeof node.value === "string" && refersToEnvironment(node.value)) return;
      const path = pathOf(ancestors, node);
      if (!mayBeSecret(places, path)) return;
      node.value = `\${${nameOf(path)}${ending}}`;
    },
  });
  return document.toString({ lineWidth: 0 });
}

/** `notify[0].url` -> `PHOTODRIFT_NOTIFY_1_URL`; keys of the credential need no word before them. */
function nameOf(path: KeyPath): string {
  const words = path[0] === "credential" ? path.slice(1) : path;
  const spelled = words.map((word) =>
    typeof word === "number"
      ? String(word + 1)
      : word.replace(/[^A-Za-z0-9]+/g, "_").replace(/(?<=[a-z0-9])(?=[A-Z])/g, "_"),
  );
  return ["PHOTODRIFT", ...spelled].join("_").toUpperCase();
}
