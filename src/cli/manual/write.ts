import { writeFile } from "node:fs/promises";
import { COMMAND_NAMES, helpOf } from "../line/command-line.js";
import { VERSION } from "../line/version.js";
import { manualPage, type ManualPart } from "./page.js";

const WIDTH = 78;
const ENVIRONMENT = [
  "PHOTODRIFT_CONFIG        configuration file, where --config is not given",
  "PHOTODRIFT_ADMIN_TOKEN   administrator's token for Microsoft Graph, for setup",
  "HTTPS_PROXY, NO_PROXY    the way to the network; NODE_EXTRA_CA_CERTS: more trust",
  "NO_COLOR, COLUMNS        no colours; width of texts",
].join("\n");

/** Writes the manual page beside the program, from the definitions that parse the command line: `npm run man`. */
async function writeManual(): Promise<void> {
  const parts: ManualPart[] = [{ heading: "Synopsis", text: await helpOf(null, WIDTH) }];
  for (const name of COMMAND_NAMES) parts.push({ heading: name, text: await helpOf(name, WIDTH) });
  parts.push({ heading: "Environment", text: ENVIRONMENT });
  const date = new Date().toISOString().slice(0, 10);
  await writeFile(new URL("../../photodrift.1", import.meta.url), manualPage(VERSION, date, parts));
}

await writeManual();
