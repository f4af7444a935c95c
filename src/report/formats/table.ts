// Made from the files of this folder by `npx vitest run test/unit/tables.test.ts -u`.
import type { ReportFormat } from "../../model/formats.js";
import type { Format } from "../format.js";
import { format as csv } from "./csv.js";
import { format as html } from "./html.js";
import { format as json } from "./json.js";
import { format as md } from "./md.js";
import { format as text } from "./text.js";

export const FORMATS = { csv: csv, html: html, json: json, md: md, text: text } satisfies Readonly<
  Record<ReportFormat, Format>
>;
