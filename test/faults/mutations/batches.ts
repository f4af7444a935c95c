import type { Changed, Mutation, Scene } from "../mutation.js";
import { readParts, writeParts, type Part } from "../parts.js";
import { isRecord, json, parsed } from "../wire.js";

/** Changes some parts of a batch; the numbers of the changed parts come back with them. */
function parts(
  id: string,
  says: string,
  change: (parts: readonly Part[]) => { readonly parts: readonly Part[]; readonly touched: readonly number[] } | null,
  shape: Mutation["shape"] = "batch",
): Mutation {
  return {
    id,
    says,
    shape,
    change({ asked, answer }: Scene): Changed | null {
      const found = readParts(asked, answer);
      const made = found === null || found.length === 0 ? null : change(found);
      return made === null ? null : { answer: writeParts(asked, answer, made.parts), parts: made.touched };
    },
  };
}

/** Every second part, beginning with the first. */
function some(
  id: string,
  says: string,
  change: (part: Part) => Part,
  shape: Mutation["shape"] = "batch",
  fits: (part: Part) => boolean = () => true,
): Mutation {
  return parts(
    id,
    says,
    (found) => {
      const touched = found.flatMap((part, index) => (fits(part) && index % 2 === 0 ? [index] : []));
      return touched.length === 0
        ? null
        : { parts: found.map((part, index) => (touched.includes(index) ? change(part) : part)), touched };
    },
    shape,
  );
}

/** Changes the list of a Graph batch's parts as a whole. */
function whole(id: string, says: string, change: (parts: readonly unknown[]) => unknown): Mutation {
  return {
    id,
    says,
    shape: "ids",
    change({ answer }) {
      const body = parsed(answer.body);
      if (!isRecord(body) || !Array.isArray(body["responses"])) return null;
      return { answer: json(200, { responses: change(body["responses"] as readonly unknown[]) }) };
    },
  };
}

const JSON_TYPE = { "Content-Type": "application/json" };
const HTML = "<html><body>Not found</body></html>";

function refused(status: number, code: string, message: string): (part: Part) => Part {
  return (part) => ({ ...part, status, headers: JSON_TYPE, body: { error: { code, message } } });
}

/** Changes of batches: parts that are lost, exchanged, renamed or emptied. */
export const BATCHES: readonly Mutation[] = [
  some("part-empty", "parts 200 {}", (part) => ({ ...part, status: 200, headers: JSON_TYPE, body: {} })),
  some("part-null", "parts 200 null", (part) => ({ ...part, status: 200, headers: JSON_TYPE, body: null })),
  some("part-404-html", "parts 404 with a page", (part) => ({
    ...part,
    status: 404,
    headers: { "Content-Type": "text/html" },
    body: HTML,
  })),
  some("part-404-empty", "parts 404 without a body", (part) => ({ ...part, status: 404, headers: {}, body: "" })),
  some(
    "part-404-unknown",
    "parts 404 with a code nobody knows",
    refused(404, "ErrorUnheardOf", "Something could not be found."),
  ),
  some(
    "part-400-authentication",
    "parts 400 AuthenticationError",
    refused(400, "AuthenticationError", "Error authenticating with resource"),
  ),
  parts("part-missing", "the last part is missing", (found) => ({
    parts: found.slice(0, -1),
    touched: [found.length - 1],
  })),
  parts("parts-swapped", "the bodies of the first two parts are exchanged", (found) => {
    const [first, second, ...rest] = found;
    if (first === undefined || second === undefined) return null;
    return { parts: [{ ...second, id: first.id }, { ...first, id: second.id }, ...rest], touched: [0, 1] };
  }),
  parts("parts-reordered", "the parts in another order", (found) =>
    found.length < 2 ? null : { parts: [...found].reverse(), touched: found.map((_, index) => index) },
  ),
  some("ids-empty", 'ids ""', (part) => ({ ...part, id: "" }), "ids"),
  some("ids-null", "ids null", (part) => ({ ...part, id: null }), "ids"),
  some(
    "ids-hex",
    "ids in another spelling, 0x1",
    (part) => ({ ...part, id: `0x${Number(part.id).toString(16)}` }),
    "ids",
  ),
  some("ids-number", "ids as numbers with a blank", (part) => ({ ...part, id: ` ${String(part.id)} ` }), "ids"),
  parts(
    "id-twice",
    "the id of the first part twice, with the answers of two",
    (found) => {
      const [first, second] = found;
      if (first === undefined) return null;
      const other = second ?? {
        ...first,
        status: 404,
        headers: JSON_TYPE,
        body: { error: { code: "ImageNotFound", message: "…" } },
      };
      return { parts: [...found, { ...other, id: first.id }], touched: [0] };
    },
    "ids",
  ),
  whole("responses-null", "null in place of the parts", () => null),
  whole("responses-object", "parts by number in place of a list", (found) => ({ ...found })),
  whole("responses-texts", "texts in place of parts", (found) => found.map((part) => JSON.stringify(part))),
  whole("responses-none", "no part at all", () => []),
  some("status-text", 'status "200"', (part) => ({ ...part, status: "200" as unknown as number }), "ids"),
  some("status-204", "parts 204 without a body", (part) => ({ ...part, status: 204, headers: {}, body: null })),
  some("status-304", "parts 304", (part) => ({ ...part, status: 304, headers: {}, body: null })),
  some("status-redirect", "parts 302 to another host", (part) => ({
    ...part,
    status: 302,
    headers: { Location: "https://127.0.0.1:9/elsewhere" },
    body: null,
  })),
  some("error-200", "errors with status 200", (part) => ({
    ...part,
    status: 200,
    headers: JSON_TYPE,
    body: { error: { code: "ImageNotFound", message: "Exception of type 'ImageNotFoundException' was thrown." } },
  })),
  some(
    "body-text",
    "bodies as texts of JSON",
    (part) => ({ ...part, body: JSON.stringify(part.body) }),
    "metadata",
    isFound,
  ),
  some("body-list", "bodies in lists", (part) => ({ ...part, body: [part.body] })),
  some(
    "gone-404",
    "parts 404 NotFound of a gateway",
    refused(404, "NotFound", "The requested resource was not found."),
  ),
  some(
    "forbidden-404",
    "parts 404 in the words of SharePoint",
    refused(404, "-2147024894, System.IO.FileNotFoundException", "File not found."),
  ),
  some("sizes-zero", "photos of 0x0", (part) => ({ ...part, body: sized(part.body, 0) }), "metadata", isFound),
  some("sizes-negative", "photos of -1x-1", (part) => ({ ...part, body: sized(part.body, -1) }), "metadata", isFound),
  some("sizes-text", 'photos of "648"', (part) => ({ ...part, body: sized(part.body, "648") }), "metadata", isFound),
  some(
    "pictures-unreadable",
    "bytes that are no picture",
    (part) => ({ ...part, body: NOISE.toString("base64") }),
    "pictures",
    isFound,
  ),
  some("pictures-empty", "pictures without bytes", (part) => ({ ...part, body: "" }), "pictures", isFound),
];

const NOISE = Buffer.from("\xff\xd8\xff\xe0 this only begins like a picture ".repeat(40), "latin1");

function isFound({ status }: Part): boolean {
  return status === 200;
}

function sized(body: unknown, side: number | string): unknown {
  return { ...(body as object), width: side, height: side };
}

/** Changes of a picture that comes alone. */
export const PICTURES: readonly Mutation[] = [
  {
    id: "thumbnails-unreadable",
    says: "bytes that are no picture",
    shape: "picture",
    change: ({ answer }) => (answer.status === 200 ? { answer: { ...answer, body: NOISE } } : null),
  },
];
