import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** The page's program and style as the build bundles them out of `browser/` (package.json `build` and `imports`). */
export const SCRIPT = asset("#page/page.js");
export const STYLE = asset("#page/page.css");
/** Style of the manager's page, which has no program. */
export const MANAGER_STYLE = asset("#page/manager.css");

/** Style of the fleet's page, which has no program. */
export const FLEET_STYLE = asset("#page/fleet.css");

function asset(name: string): string {
  return readFileSync(createRequire(import.meta.url).resolve(name), "utf8");
}
