import { isRecord, parsed, type Asked } from "./wire.js";

/** What a request asks for, told from host, method, path and the content of batches. */
export type Kind =
  | "discovery"
  | "token"
  | "users"
  | "user"
  | "skus"
  | "members"
  | "metadata"
  | "renditions"
  | "policy"
  | "photo-write"
  | "library"
  | "folders"
  | "items"
  | "file-look"
  | "download"
  | "file-write"
  | "profiles"
  | "profile-look"
  | "property-write"
  | "other";

/** What can be done to an answer: each mutation asks for one of these. */
export type Shape =
  | "answer"
  | "json"
  | "list"
  | "users"
  | "items"
  | "batch"
  | "ids"
  | "metadata"
  | "pictures"
  | "picture"
  | "profile-parts"
  | "token"
  | "photo-answer";

/** Which shapes the answers of a kind have. A mutation fits a phase where one of its kinds has the mutation's shape. */
export const SHAPES: Readonly<Record<Kind, readonly Shape[]>> = {
  discovery: ["answer", "json"],
  token: ["answer", "json", "token"],
  users: ["answer", "json", "list", "users"],
  user: ["answer", "json"],
  skus: ["answer", "json", "list"],
  members: ["answer", "json", "list"],
  metadata: ["answer", "json", "batch", "ids", "metadata", "photo-answer"],
  renditions: ["answer", "json", "batch", "ids", "pictures", "photo-answer"],
  policy: ["answer", "json"],
  "photo-write": ["answer"],
  library: ["answer", "json"],
  folders: ["answer", "json"],
  items: ["answer", "json", "list", "items"],
  "file-look": ["answer", "json"],
  download: ["answer", "picture"],
  "file-write": ["answer"],
  profiles: ["answer", "batch", "profile-parts"],
  "profile-look": ["answer", "json"],
  "property-write": ["answer"],
  other: [],
};

export const WRITES: ReadonlySet<Kind> = new Set<Kind>(["photo-write", "file-write", "property-write"]);

export function kindOf(asked: Asked): Kind {
  switch (asked.host) {
    case "login":
      return asked.method === "POST" ? "token" : "discovery";
    case "graph":
      return graphKind(asked);
    case "sharepoint":
    case "sharepointMy":
    case "sharepointAdmin":
      return sharePointKind(asked);
    default:
      return "other";
  }
}

const GRAPH: readonly (readonly [RegExp, Kind])[] = [
  [/\/subscribedskus$/, "skus"],
  [/\/users$/, "users"],
  [/\/users\/[^/]+$/, "user"],
  [/\/(transitive)?members$/, "members"],
  [/\/photoupdatesettings$/, "policy"],
  [/\/photos?(\/[^/]+)?\/\$value$/, "renditions"],
  [/\/photo$/, "metadata"],
];

function graphKind(asked: Asked): Kind {
  if (asked.path.endsWith("/$batch")) return batchKind(asked);
  const found = GRAPH.find(([path]) => path.test(asked.path))?.[1] ?? "other";
  return asked.method === "GET" ? found : found === "other" ? "other" : "photo-write";
}

function batchKind(asked: Asked): Kind {
  const parts = graphParts(asked);
  if (parts.some(({ method }) => method !== "GET")) return "photo-write";
  return parts.some(({ url }) => url.endsWith("/$value")) ? "renditions" : "metadata";
}

/** The parts of a Graph batch as asked. */
export function graphParts(
  asked: Asked,
): readonly { readonly id: string; readonly method: string; readonly url: string }[] {
  const body = parsed(asked.body);
  const requests = isRecord(body) && Array.isArray(body["requests"]) ? (body["requests"] as readonly unknown[]) : [];
  return requests.map((part) =>
    isRecord(part)
      ? { id: String(part["id"]), method: String(part["method"]), url: String(part["url"]) }
      : { id: "", method: "GET", url: "" },
  );
}

const SHAREPOINT: readonly (readonly [RegExp, Kind])[] = [
  [/\/items$/, "items"],
  [/\/folders$/, "folders"],
  [/getlist\([^)]*\)$/, "library"],
  [/\/\$value$/, "download"],
  [/getfile[^/]*\(.*\)$/, "file-look"],
  [/getpropertiesfor|getuserprofilepropertyfor/, "profile-look"],
];

/** A batch holds parts of one kind. */
const SHAREPOINT_BATCH: readonly (readonly [RegExp, Kind])[] = [
  [/getfilebyserverrelativepath/i, "file-look"],
  [/setsinglevalueprofileproperty/i, "property-write"],
];

function sharePointKind(asked: Asked): Kind {
  if (asked.path.endsWith("/$batch")) {
    const body = asked.body.toString("utf8");
    return SHAREPOINT_BATCH.find(([part]) => part.test(body))?.[1] ?? "profiles";
  }
  if (asked.method !== "GET") {
    if (/getlist\(/.test(asked.path)) return "other";
    return /peoplemanager/.test(asked.path) ? "property-write" : "file-write";
  }
  return SHAREPOINT.find(([path]) => path.test(asked.path))?.[1] ?? "other";
}
