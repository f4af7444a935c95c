import { z } from "zod";
import {
  DEFAULT_PATTERNS,
  AUTHORITIES,
  CLOUDS,
  CREDENTIAL_KINDS,
  CROP_CHOICES,
  SHAREPOINT_FIXES,
  THUMBNAIL_STEMS,
} from "../model/config.js";
import { USUAL_THUMBNAILS } from "../model/address.js";
import { CHANNEL_KINDS, NOTIFY_CONDITIONS } from "../model/notify.js";
import { RULE_IDS, SEVERITIES } from "../model/rule.js";
import {
  duration,
  flag,
  httpsOrigin,
  listOf,
  oneOf,
  path,
  percent,
  secretText,
  section,
  text,
  webhookUrl,
  whole,
} from "./fields.js";
import { patternProblem } from "./patterns.js";

const MANY = Number.MAX_SAFE_INTEGER;
const DOMAIN = /^(?=.{3,253}$)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+$/i;
const GUID_OR_DOMAIN = new RegExp(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$|${DOMAIN.source}`, "i");

const tenant = section({
  id: text("the tenant's GUID or a domain such as contoso.onmicrosoft.com", GUID_OR_DOMAIN),
  name: text(
    "the first part of your SharePoint address: contoso of contoso.sharepoint.com",
    /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i,
  ),
  cloud: oneOf(CLOUDS).default("global"),
  caFile: path("a PEM file with certificates to trust").optional(),
  endpoints: section({
    login: httpsOrigin().optional(),
    graph: httpsOrigin().optional(),
    exchange: httpsOrigin().optional(),
    sharepoint: httpsOrigin().optional(),
    sharepointMy: httpsOrigin().optional(),
    sharepointAdmin: httpsOrigin().optional(),
  }).prefault({}),
  userPhotosFolder: text("the name of a folder, without slashes", /^[^/\\]*[^/\\\s][^/\\]*$/).optional(),
});

const credential = section({
  kind: oneOf(CREDENTIAL_KINDS),
  clientId: text("the application (client) id").optional(),
  certificatePath: path("a PEM or PFX file with certificate and private key").optional(),
  certificatePassword: secretText(
    "the password of an encrypted key or PFX, best as ${NAME} from the environment",
  ).optional(),
  clientSecret: secretText("the client secret, best as ${NAME} from the environment").optional(),
});

const pattern = text("a file name pattern such as {upn}").superRefine((value, context) => {
  const message = patternProblem(value);
  if (message !== null) context.addIssue({ code: "custom", message, params: { complete: true } });
});

const source = section({
  folder: path("the folder with the master portraits").default("./photos"),
  recursive: flag().default(false),
  patterns: listOf(pattern, 'a list of patterns such as ["{upn}", "{first} {last}"]')
    .min(1, { error: "at least one pattern" })
    .default([...DEFAULT_PATTERNS]),
  domain: text("a domain such as contoso.com", DOMAIN).optional(),
  mapping: path("a CSV file with the columns user,file[,focus]").optional(),
  crop: oneOf(CROP_CHOICES).default("face"),
  marker: text("the name of a file in the source folder").optional(),
  archive: path("a folder for masters that have arrived").optional(),
});

const stores = section({
  entra: store({}),
  exchange: store({}),
  sharepoint: store({
    fix: oneOf(SHAREPOINT_FIXES).default("direct"),
    stem: oneOf(THUMBNAIL_STEMS).default("keep"),
    thumbnails: section({
      S: whole(1, 1_000).default(USUAL_THUMBNAILS.S),
      M: whole(1, 1_000).default(USUAL_THUMBNAILS.M),
      L: whole(1, 1_000).default(USUAL_THUMBNAILS.L),
    }).prefault({}),
  }),
});

/** `entra: false` is short for `entra: {enabled: false}`. */
function store<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z
    .preprocess(
      (value) => (typeof value === "boolean" ? { enabled: value } : value),
      section({ enabled: flag().default(true), ...shape }),
    )
    .prefault({});
}

const texts = (what: string, item: string) => listOf(text(item), `a list of ${what}`).default([]);

const scope = section({
  guests: flag().default(false),
  disabledAccounts: flag().default(false),
  groups: texts("group object ids", "the object id of a group"),
  include: texts('patterns on the UPN such as "*@contoso.com"', "a pattern on the UPN"),
  exclude: texts('patterns on the UPN such as "svc-*@contoso.com"', "a pattern on the UPN"),
});

const policy = section({
  authority: oneOf(AUTHORITIES).default("source"),
  minimumPixels: whole(1, 10_000).default(240),
  lowResolutionBelow: whole(1, 10_000).default(200),
  propagation: duration().default(72 * 3_600_000),
  consent: path("a CSV file with the column user").optional(),
  pins: path("a CSV file with the column user").optional(),
  autoApply: listOf(oneOf(RULE_IDS), "a list of rules").default([
    "missing-photo",
    "missing-thumbnail",
    "stale-photo",
    "low-resolution",
    "profile-property-mismatch",
  ]),
  severity: z
    .partialRecord(oneOf(RULE_IDS), oneOf(SEVERITIES), {
      error: (issue) =>
        (issue.code as string) === "unrecognized_keys" ? JSON.stringify(RULE_IDS) : "a map of rule: severity",
    })
    .default({}),
});

const limits = section({
  maxChangePercent: percent().default(30),
  maxRemovals: whole(0, MANY).default(0),
  concurrency: whole(1, 64).default(8),
});

const notification = section({
  kind: oneOf(CHANNEL_KINDS),
  url: webhookUrl().optional(),
  secret: secretText("the key of the X-Photodrift-Signature header, best as ${NAME} from the environment").optional(),
  from: text("the UPN of the sending mailbox", /^[^@\s]+@[^@\s]+$/).optional(),
  to: z
    .preprocess(
      (value) => (typeof value === "string" ? [value] : value),
      listOf(text("a mail address", /^[^@\s]+@[^@\s]+$/), "a mail address or a list of them").min(1, {
        error: "at least one mail address",
      }),
    )
    .optional(),
  on: oneOf(NOTIFY_CONDITIONS).default("new-drift"),
});

/** The shape of `photodrift.yaml` (CONTRACT section 3) with every default. What depends on two keys is in cross-checks.ts. */
export const configSchema = section({
  tenant,
  credential,
  source: source.prefault({}),
  stores: stores.prefault({}),
  scope: scope.prefault({}),
  policy: policy.prefault({}),
  limits: limits.prefault({}),
  state: path("the state file").default("./photodrift.db"),
  reports: path("the folder of the reports").default("./reports"),
  keepRuns: whole(1, MANY).default(90),
  keepUndo: duration().default(90 * 24 * 3_600_000),
  notify: listOf(notification, "a list of notifications, each with a kind").default([]),
});

export type ParsedConfig = z.output<typeof configSchema>;
export { notification as notificationSchema, tenant as tenantSchema };
