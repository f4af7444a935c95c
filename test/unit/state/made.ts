import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FindingDraft } from "../../../src/model/finding.js";
import type { MasterPhoto } from "../../../src/model/master.js";
import type { LibraryFile, PhotoSignature } from "../../../src/model/photo.js";
import type { RuleId } from "../../../src/model/rule.js";
import type { DirectoryUser } from "../../../src/model/user.js";
import type { StoredCloudPhoto } from "../../../src/run/records/cloud-photos.js";
import { openState, type State } from "../../../src/state/index.js";
import { codePixels, readPixels } from "../../../src/state/pixels/pixel-code.js";
import { picture, signature } from "../../support/tenant/pictures.js";
import { madeUser } from "../../support/made-user.js";

export interface OpenedState extends State {
  readonly path: string;
  remove(): void;
}

/** A state file in a folder of its own. */
export function temporaryState(): OpenedState {
  const folder = mkdtempSync(join(tmpdir(), "photodrift-state-"));
  const path = join(folder, "state.db");
  const state = openState(path, "contoso.com");
  state.db.pragma("synchronous = OFF");
  return {
    ...state,
    path,
    remove() {
      state.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function user(name: string, part: Partial<DirectoryUser> = {}): DirectoryUser {
  return madeUser(`id-${name}`, `${name}@contoso.com`, name, part);
}

export function signed(shows: string, side = 648): PhotoSignature {
  return signature(picture(shows, side));
}

/** A signature as it comes back from the state, which keeps pixels in steps of some grey levels. */
export function kept(of: PhotoSignature): PhotoSignature {
  return { ...of, ...readPixels(codePixels(of)) };
}

export function master(file: string, shows: string): MasterPhoto & { kind: "usable" } {
  const crop = { left: 1, top: 2, width: 600, height: 600 };
  return { kind: "usable", file, bytes: 10, mtimeMs: 1.5, signature: signed(shows), crop };
}

export function cloudPhoto(name: string, part: Partial<StoredCloudPhoto> = {}): StoredCloudPhoto {
  return {
    userId: user(name).id,
    store: "exchange",
    attribution: "merged",
    kind: "present",
    etag: "e1",
    width: 648,
    height: 600,
    byteLength: 1234,
    signatureSha: null,
    error: null,
    changedAt: null,
    previousSha: null,
    ...part,
  };
}

export function file(stem: string, part: Partial<LibraryFile> = {}): LibraryFile {
  const { size = "L", folder = "/User Photos/Profilbilder" } = part;
  const name = `${stem}_${size}Thumb.jpg`;
  const times = { etag: "1", length: 100, modifiedAt: "2026-01-01T00:00:00Z" };
  return { uniqueId: `${folder}/${name}`, name, folder, stem, size, ...times, ...part };
}

export function draft(rule: RuleId, name: string | null, address: string): FindingDraft {
  const who = name === null ? null : user(name);
  return {
    rule,
    severity: "error",
    drift: true,
    user: who === null ? null : { id: who.id, upn: who.upn, displayName: who.displayName },
    address: address as FindingDraft["address"],
    attribution: null,
    cause: "unknown",
    expected: {},
    actual: {},
    summary: "",
    remedy: { kind: "none", actions: [] },
  };
}
