import { isDecidable, NO_PICTURE } from "./decision.js";
import type { FindingDraft, JsonValue } from "./finding.js";
import type { ActionKind } from "./rule.js";

/** The actions by which a finding is put right once a person asks for it; none where no action can. */
export function fixesOf(
  draft: Pick<FindingDraft, "rule" | "remedy"> & { readonly actual?: FindingDraft["actual"] },
  sharePointWrites: boolean,
): readonly ActionKind[] {
  if (!isDecidable(draft.rule)) return [];
  if (draft.rule === "stores-disagree") {
    return sharePointWrites && draft.actual?.["notCopied"] === undefined ? ["write-thumbnail"] : [];
  }
  const { kind, actions } = draft.remedy;
  return kind === "when-named" || kind === "automatic" ? actions : [];
}

type Facts = Pick<FindingDraft, "rule" | "expected" | "actual">;

/** The stored picture that a finding is about: its content hash where it was read, else its etag, `absent` where there is none. */
export function seenIn({ rule, actual }: Facts): string {
  if (rule !== "stores-disagree") return pictureIn(actual);
  return `${pictureIn(asFacts(actual["cloud"]))} ${pictureIn(asFacts(actual["sharePoint"]))}`;
}

/** Every name of that picture by which a decision may call it: content hash and etag alike. */
export function namesOfSeen({ rule, actual }: Facts): readonly string[] {
  const pictures =
    rule === "stores-disagree" ? [asFacts(actual["cloud"]), asFacts(actual["sharePoint"])] : [asFacts(actual)];
  const names = pictures.flatMap((one) => [one["sha256"], one["etag"]]).filter((name) => typeof name === "string");
  return [seenIn({ rule, actual, expected: {} }), ...names];
}

/** SHA-256 of the master that a finding compares with, null where there is none. */
export function masterIn({ expected }: Facts): string | null {
  const { sha256 } = expected;
  return typeof sha256 === "string" ? sha256 : null;
}

function pictureIn(facts: Readonly<Record<string, JsonValue>>): string {
  const { sha256, etag } = facts;
  if (typeof sha256 === "string") return sha256;
  return typeof etag === "string" ? etag : NO_PICTURE;
}

function asFacts(value: JsonValue | undefined): Readonly<Record<string, JsonValue>> {
  return value !== null && typeof value === "object" && !Array.isArray(value)
    ? (value as Readonly<Record<string, JsonValue>>)
    : {};
}
