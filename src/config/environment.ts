import { isScalar, visit, type Node } from "yaml";
import type { Problem } from "./problems.js";
import { didYouMean } from "./problems.js";
import { nearMiss } from "../model/near-miss.js";
import { keyText, type KeyPath, type YamlSource } from "./yaml-source.js";

const REFERENCE = /\$\$\{|\$\{([^}]*)\}|\$\{/g;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

export interface Expansion {
  readonly problems: readonly Problem[];
  /** Nodes whose text came in part from the environment: their values are never quoted in messages. */
  readonly expanded: ReadonlySet<Node>;
}

/** Whether a text takes something from the environment. */
export function refersToEnvironment(text: string): boolean {
  return text.replaceAll("$${", "").includes("${");
}

/**
 * Replaces `${NAME}` in every string value of the document, in place; `$${` stands for a literal `${`. Keys are left alone.
 * An unset name is a problem each time it is named; an empty value counts as set.
 * @param isSecret whether the value of a key is not to be quoted
 */
export function expandEnvironment(
  source: YamlSource,
  env: NodeJS.ProcessEnv,
  isSecret: (path: KeyPath) => boolean,
): Expansion {
  const problems: Problem[] = [];
  const expanded = new Set<Node>();
  visit(source.document, {
    Scalar(role, node, ancestors) {
      if (role === "key" || typeof node.value !== "string" || !node.value.includes("${")) return;
      const start = node.range?.[0] ?? 0;
      const end = node.range?.[1] ?? start;
      const path = pathOf(ancestors, node);
      let from = start;
      function fail(reference: string, message: string): void {
        const found = source.text.indexOf(reference, from);
        const offset = found >= 0 && found < end ? found : start;
        from = offset + 1;
        problems.push({ file: source.file, ...source.place(offset), key: keyText(path), message });
      }
      node.value = node.value.replace(REFERENCE, (reference, name: string | undefined) => {
        if (reference === "$${") return "${";
        if (name === undefined || !NAME.test(name)) {
          fail(
            reference,
            `${isSecret(path) ? "a reference" : `"${reference}"`} names no environment variable, expected \${NAME} of letters, digits and underscores`,
          );
          return reference;
        }
        const value = env[name];
        if (value === undefined) {
          const meant = nearMiss(name, Object.keys(env));
          fail(
            reference,
            `the environment variable ${name} is not set, expected it to be set before the start${didYouMean(meant)}`,
          );
          return reference;
        }
        expanded.add(node);
        return value;
      });
    },
  });
  return { problems, expanded };
}

/** Where a node stands in its document. @param ancestors of the node, as a visitor of `yaml` is given them */
export function pathOf(ancestors: readonly unknown[], node: Node): (string | number)[] {
  const path: (string | number)[] = [];
  [...ancestors, node].forEach((step, i, all) => {
    const container = step as { items?: unknown[]; key?: unknown };
    if (container.key !== undefined && isScalar(container.key)) path.push(String(container.key.value));
    else if (Array.isArray(container.items)) {
      const next = all[i + 1] as { key?: unknown } | undefined;
      if (next && next.key === undefined) path.push(container.items.indexOf(next));
    }
  });
  return path;
}
