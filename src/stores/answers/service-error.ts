import { z } from "zod";
import { jsonOf } from "./described.js";

/** What a service says of an error; both texts are empty where the body is no error of a service. */
export interface ServiceError {
  readonly code: string;
  readonly message: string;
}

const said = z.object({
  code: z.string().catch(""),
  message: z.union([z.string(), z.object({ value: z.string() }).transform(({ value }) => value)]).catch(""),
});

const NOTHING = { code: "", message: "" };

/** The OData forms (Graph, SharePoint minimal and verbose) and that of the login, whose description is a text beside the code. */
const envelope = z.object({
  error: said.catch(NOTHING).optional(),
  "odata.error": said.catch(NOTHING).optional(),
  error_description: z.string().optional().catch(undefined),
});

/** Error code and message out of a service's error in any of its forms. */
export function serviceError(body: Buffer | string): ServiceError {
  const json = jsonOf(body);
  const parsed = envelope.safeParse(json.kind === "read" ? json.value : null);
  if (!parsed.success) return NOTHING;
  const { error, "odata.error": odata, error_description: description } = parsed.data;
  const { code, message } = error ?? odata ?? NOTHING;
  return { code, message: message === "" ? (description ?? "") : message };
}
