import { ENTRIES } from "./entries.js";
import { MAIN } from "./main.js";
import { VIEW } from "./view.js";

/** The page's script. It is text, not a module of this program: the browser runs it as it stands, and the page's policy names its hash. */
export const SCRIPT = `"use strict";\n(() => {\n${ENTRIES}${VIEW}${MAIN}})();\n`;
