import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ThumbnailSize } from "../../../src/model/address.js";
import { PhotodriftError } from "../../../src/model/errors.js";
import { parseUserId, type UserId } from "../../../src/model/ids.js";
import type { Focus, MappingRow, PersonRow } from "../../../src/model/list.js";
import type { LibraryFile, ObservedProfile, StoreError } from "../../../src/model/photo.js";
import type { DirectoryUser } from "../../../src/model/user.js";
import { audit } from "../../../src/run/audit.js";
import type { AuditListener, AuditResult } from "../../../src/run/audited.js";
import type {
  CloudPhotoReader,
  CloudRendition,
  DirectoryReader,
  ImageReader,
  SharePointReader,
} from "../../../src/run/ports.js";
import type { SkippedFile } from "../../../src/model/master.js";
import type { AuditPorts, AuditSettings } from "../../../src/run/settings.js";
import { openState, type State } from "../../../src/state/index.js";
import { picture, sha256, showsOf, sideOf, signature } from "../apply/fake-pictures.js";

export const FOLDER = "/User Photos/Profile Pictures";
export const ORIGIN = "https://contoso-my.sharepoint.com:443";
const SIDES = { S: 48, M: 72, L: 200 } as const;

export interface Person {
  user: DirectoryUser;
  cloud: { readonly bytes: Buffer; readonly etag: string } | null;
  readonly files: Record<ThumbnailSize, { bytes: Buffer; etag: string } | null>;
  pictureUrl: string;
}

type Ask = "directory" | "metadata" | "renditions" | "locate" | "inventory" | "download" | "profiles";

/** A tenant and a source folder in memory whose services count what they are asked. Pictures are texts, see fake-pictures. */
export class World {
  readonly people: Person[] = [];
  /** What each master file shows; a file that shows "damaged" is no image. */
  skipped: readonly SkippedFile[] = [];
  readonly masters = new Map<string, string>();
  readonly groups = new Map<string, ReadonlySet<UserId>>();
  /** Asked since `forget`, in items: users, renditions, files, profiles. */
  readonly asked: Record<Ask, number> = {
    directory: 0,
    metadata: 0,
    renditions: 0,
    locate: 0,
    inventory: 0,
    download: 0,
    profiles: 0,
  };
  /** Sizes of the rendition requests, in order. */
  readonly waves: number[] = [];
  readonly profilesRead = new Set<string>();
  /** Rows of the lists. */
  consent: readonly PersonRow[] = [];
  pins: readonly PersonRow[] = [];
  mapping: readonly MappingRow[] | null = null;
  /** Masters read, in order, with the focus they were read by. */
  readonly read: [path: string, focus: Focus | null][] = [];
  /** Services that are down. */
  readonly down = new Set<Ask>();
  /** UPNs whose metadata does not come. */
  readonly unreadable = new Set<string>();
  /** What the service says of a user's photo, by UPN: status and code of an error that no document explains. */
  readonly refused = new Map<string, string>();
  /** The same of the bytes of a photo whose metadata come. */
  readonly refusedBytes = new Map<string, string>();
  /** The same of a user's profile. */
  readonly refusedProfiles = new Map<string, string>();
  /** Called with every ask; a test aborts the run out of it. */
  onAsk: (ask: Ask) => void = () => undefined;
  /** What is made of the answers to one request for renditions. */
  onRenditions: (answers: readonly CloudRendition[]) => readonly CloudRendition[] = (answers) => answers;
  libraryVersion = 1;
  folders: readonly string[] = [FOLDER];
  #etag = 0;

  add(name: string, part: { master?: string | null; cloud?: string | null; files?: string | null } = {}): Person {
    const upn = `${name}@contoso.com`;
    const { master = name, cloud = master, files = master } = part;
    const id = parseUserId(sha256(Buffer.from(upn)).slice(0, 32));
    const file = (size: ThumbnailSize) =>
      files === null ? null : { bytes: picture(files, SIDES[size]), etag: this.etag() };
    const person: Person = {
      user: directoryUser(id, upn),
      cloud: cloud === null ? null : { bytes: picture(cloud, 240), etag: this.etag() },
      files: { S: file("S"), M: file("M"), L: file("L") },
      pictureUrl: files === null ? "" : `${ORIGIN}/User%20Photos/Profile%20Pictures/${id}_MThumb.jpg`,
    };
    if (master !== null) this.masters.set(`${upn}.jpg`, master);
    this.people.push(person);
    return person;
  }

  etag(): string {
    return `e${String(++this.#etag)}`;
  }

  forget(): void {
    for (const key of Object.keys(this.asked) as Ask[]) this.asked[key] = 0;
    this.waves.length = 0;
    this.profilesRead.clear();
  }

  ports(state: State): AuditPorts {
    const quiet = { step: () => ({ tick: none, done: none }), note: none, warn: none };
    return {
      directory: this.#directory(),
      cloudPhotos: this.#cloudPhotos(),
      sharePoint: this.#sharePoint(),
      source: {
        scan: async () => ({
          files: [...this.masters].map(([file, shows]) => ({ file, path: file, bytes: shows.length, mtimeMs: 1 })),
          skipped: this.skipped,
        }),
        mapping: async () => this.mapping,
        consentWithdrawn: async () => this.consent,
        pinned: async () => this.pins,
        listFiles: { consent: "opted-out.csv", pins: "pinned.csv", mapping: "people.csv" },
      },
      images: this.#images(),
      records: state.records,
      clock: { now: () => Date.UTC(2026, 2, 1, 12) + this.asked.metadata },
      meter: {
        cost: () => ({
          requests: { login: 0, graph: 0, sharepoint: 0, exchange: 0 },
          bytesIn: 0,
          bytesOut: 0,
          throttled: 0,
          waitedSeconds: 0,
          imagesDownloaded: this.asked.renditions + this.asked.download,
        }),
      },
      progress: quiet,
    };
  }

  #ask(ask: Ask, count = 1): void {
    if (this.down.has(ask)) throw new PhotodriftError("service-unavailable", `${ask} is down`, "Later.", "incomplete");
    this.asked[ask] += count;
    this.onAsk(ask);
  }

  #directory(): DirectoryReader {
    return {
      users: async function* (this: World) {
        this.#ask("directory", this.people.length);
        yield this.people.map(({ user }) => user);
      }.bind(this),
      user: async (name) => this.people.find(({ user }) => user.upn === name || user.id === name)?.user ?? null,
      groupMembers: async (id) => this.groups.get(id) ?? new Set(),
    };
  }

  #cloudPhotos(): CloudPhotoReader {
    return {
      topology: async () => "merged",
      metadata: async (users) => {
        this.#ask("metadata", users.length);
        return users.map((user) => {
          const common = { userId: user.id, store: "exchange", attribution: "merged" } as const;
          if (this.unreadable.has(user.upn)) {
            return { ...common, result: { kind: "unreadable", error: { code: "x", message: "no answer", hint: "" } } };
          }
          const refusal = this.refused.get(user.upn);
          if (refusal !== undefined) {
            return { ...common, result: { kind: "unreadable", error: refusedWith(refusal) } };
          }
          const { cloud } = this.person(user.upn);
          if (cloud === null) return { ...common, result: { kind: "absent" } };
          const side = sideOf(cloud.bytes);
          return { ...common, result: { kind: "present", etag: cloud.etag, width: side, height: side } };
        });
      },
      renditions: async (requests) => {
        this.#ask("renditions", requests.length);
        this.waves.push(requests.length);
        const answers = requests.map(({ user, store }): CloudRendition => {
          const refusal = this.refusedBytes.get(user.upn);
          if (refusal !== undefined) {
            return { userId: user.id, store, result: { kind: "unreadable", error: refusedWith(refusal) } };
          }
          const { cloud } = this.person(user.upn);
          if (cloud === null) return { userId: user.id, store, result: { kind: "absent" } };
          return { userId: user.id, store, result: { kind: "image", bytes: cloud.bytes, whole: true } };
        });
        return this.onRenditions(answers);
      },
      policy: async () => ({ writesBlocked: false, source: "cloud" }),
    };
  }

  #sharePoint(): SharePointReader {
    return {
      locate: async () => {
        this.#ask("locate");
        const changeMark = `v${String(this.libraryVersion)}`;
        return {
          folder: this.folders[0] ?? FOLDER,
          folders: this.folders,
          changeMark,
          itemCount: this.people.length * 3,
          webUrl: null,
        };
      },
      inventory: async function* (this: World) {
        this.#ask("inventory");
        yield this.people.flatMap((person) => filesOf(person));
      }.bind(this),
      download: async (file) => {
        this.#ask("download");
        const person = this.people.find(({ user }) => user.id === file.stem);
        const found = person?.files[file.size] ?? null;
        return found === null ? null : { bytes: found.bytes, etag: found.etag };
      },
      look: async () => null,
      profiles: async (users) => {
        this.#ask("profiles", users.length);
        return new Map(
          users.map(({ upn }): [string, ObservedProfile] => {
            this.profilesRead.add(upn);
            const refusal = this.refusedProfiles.get(upn);
            if (refusal !== undefined) return [upn, { kind: "unreadable", error: refusedWith(refusal) }];
            const { pictureUrl } = this.person(upn);
            const states = { placeholderState: "0", exchangeSyncState: "1", timestamp: "" };
            return [upn, { kind: "present", accountName: upn, pictureUrl, ...states }];
          }),
        );
      },
    };
  }

  #images(): ImageReader {
    const shownBy = (path: string): string => this.masters.get(path) ?? "";
    return {
      signatureVersion: 1,
      masterRecipe: "1",
      sign: async (bytes) => {
        if (showsOf(bytes) === "damaged") throw new PhotodriftError("unreadable-image", "cut off", "Replace it.");
        return signature(bytes);
      },
      signMaster: async (path, focus = null) => {
        this.read.push([path, focus]);
        if (shownBy(path) === "damaged") throw new PhotodriftError("unreadable-image", "no image", "Replace it.");
        return {
          signature: signature(picture(shownBy(path), 648)),
          crop: { left: 0, top: 0, width: 648, height: 648 },
          unsuitable: null,
        };
      },
      references: async (path, _crop, { width }) => [
        { framing: "whole", signature: signature(picture(shownBy(path), width, 1)) },
      ],
      preview: async (bytes) => bytes,
      masterPreview: async () => Buffer.alloc(0),
      lumaPreview: async () => Buffer.alloc(0),
      smaller: async () => Buffer.alloc(0),
    };
  }

  person(upn: string): Person {
    const found = this.people.find(({ user }) => user.upn === upn);
    if (found === undefined) throw new Error(`no ${upn}`);
    return found;
  }
}

const none = (): void => undefined;

const refusedWith = (refusal: string): StoreError => ({
  code: "request-refused",
  message: `refused: ${refusal}`,
  hint: "run again later",
  refusal,
});

function filesOf(person: Person): readonly LibraryFile[] {
  return (["S", "M", "L"] as const).flatMap((size) => {
    const file = person.files[size];
    if (file === null) return [];
    const stem = person.user.id;
    const name = `${stem}_${size}Thumb.jpg`;
    const modifiedAt = "2025-01-01T00:00:00Z";
    return [{ uniqueId: name, name, folder: FOLDER, stem, size, etag: file.etag, length: SIDES[size], modifiedAt }];
  });
}

export function directoryUser(id: UserId, upn: string, part: Partial<DirectoryUser> = {}): DirectoryUser {
  return {
    id,
    upn,
    displayName: upn.replace(/@.*/, ""),
    mail: upn,
    givenName: null,
    surname: null,
    employeeId: null,
    samAccountName: null,
    aliases: [],
    guest: false,
    accountEnabled: true,
    onPremisesSync: null,
    licences: { mailbox: true, sharePoint: true },
    ...part,
  };
}

const SETTINGS: AuditSettings = {
  tenant: "contoso.com",
  pictureOrigin: ORIGIN,
  mode: "audit",
  trigger: "cli",
  scope: { guests: false, disabledAccounts: false, groups: [], include: [], exclude: [] },
  policy: {
    authority: "source",
    minimumPixels: 240,
    lowResolutionBelow: 200,
    propagationMs: 0,
    consent: null,
    pins: null,
    autoApply: [],
    severity: {},
  },
  sharePoint: { enabled: true, fix: "direct", stem: "keep", thumbnails: { S: 48, M: 72, L: 200 } },
  source: { folder: "/photos", patterns: ["{upn}"], domain: null },
  maxChangePercent: 30,
  keepRuns: 90,
  users: [],
  groups: [],
  rules: [],
  stores: [],
  full: false,
  signal: null,
};

export interface Bench {
  readonly world: World;
  readonly state: State;
  readonly policy: AuditSettings["policy"];
  /** One audit with the settings changed; its run id is `run-1`, `run-2` and so on. */
  run(part?: Partial<AuditSettings>, listener?: AuditListener): Promise<AuditResult>;
  /** `rule address` of the last audit's findings, in order. */
  found(): readonly string[];
  close(): void;
}

/** A world with a state file of its own. */
export function openBench(): Bench {
  const folder = mkdtempSync(join(tmpdir(), "photodrift-audit-"));
  const state = openState(join(folder, "state.db"), "contoso.com");
  state.db.pragma("synchronous = OFF");
  const world = new World();
  let runs = 0;
  return {
    world,
    state,
    policy: SETTINGS.policy,
    async run(part = {}, listener) {
      const startedAt = new Date(Date.UTC(2026, 2, 1) + ++runs * 3_600_000).toISOString();
      const run = { id: `run-${String(runs)}`, startedAt };
      state.records.beginRun({ ...run, mode: "audit", trigger: "cli", tenant: "contoso.com" });
      return audit(world.ports(state), { ...SETTINGS, ...part }, run, listener ?? null);
    },
    found: () => [...state.records.findings(`run-${String(runs)}`)].map(({ rule, address }) => `${rule} ${address}`),
    close() {
      state.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
