import { createRequire } from "node:module";

const { version } = createRequire(import.meta.url)("photodrift/package.json") as { readonly version: string };

/** Version of the package. */
export const VERSION: string = version;
