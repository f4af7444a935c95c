import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ThumbnailSize } from "../../../src/model/address.js";
import { PhotodriftError } from "../../../src/model/errors.js";
import type { UserId } from "../../../src/model/ids.js";
import type { Focus, MappingRow, PersonRow } from "../../../src/model/list.js";
import type { SkippedFile } from "../../../src/model/master.js";
import type { StoreError } from "../../../src/model/photo.js";
import { NO_COST } from "../../../src/model/run.js";
import { audit } from "../../../src/run/audit.js";
import type { AuditListener, AuditResult } from "../../../src/run/audited.js";
import type {
  CloudPhotoReader,
  CloudRendition,
  DirectoryReader,
  ImageReader,
  SharePointReader,
} from "../../../src/run/ports.js";
import type { AuditPorts, AuditSettings } from "../../../src/run/settings.js";
import { openState, type State } from "../../../src/state/index.js";
import { directoryUser, FakeTenant, type FakePerson } from "../../support/tenant/fake-tenant.js";
import { textImages } from "../../support/tenant/pictures.js";
import { ORIGIN, QUIET, SETTINGS } from "../../support/tenant/settings.js";

export const FOLDER = "/User Photos/Profile Pictures";
const SIDES = { S: 48, M: 72, L: 200 } as const;

export type Person = FakePerson;

type Ask = "directory" | "metadata" | "renditions" | "locate" | "inventory" | "download" | "profiles";

/** The fake tenant with a source folder, whose services count what they are asked and can be down. */
export class World {
  readonly tenant = new FakeTenant({ folder: FOLDER, stemOf: ({ id }) => id });
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

  add(name: string, part: { master?: string | null; cloud?: string | null; files?: string | null } = {}): Person {
    const upn = `${name}@contoso.com`;
    const { master = name, cloud = master, files = master } = part;
    const file = (size: ThumbnailSize) => (files === null ? null : this.tenant.file(files, SIDES[size]));
    const { id } = directoryUser(upn);
    if (master !== null) this.masters.set(`${upn}.jpg`, master);
    return this.tenant.add(upn, {
      master,
      cloud: cloud === null ? null : this.tenant.photo(cloud, 240),
      files: { S: file("S"), M: file("M"), L: file("L") },
      profile: {
        PictureURL: files === null ? "" : `${ORIGIN}/User%20Photos/Profile%20Pictures/${id}_MThumb.jpg`,
        "SPS-PicturePlaceholderState": "0",
        "SPS-PictureExchangeSyncState": "1",
      },
    });
  }

  get people(): readonly Person[] {
    return [...this.tenant.people.values()];
  }

  etag(): string {
    return this.tenant.etag();
  }

  person(upn: string): Person {
    return this.tenant.person(upn);
  }

  forget(): void {
    for (const key of Object.keys(this.asked) as Ask[]) this.asked[key] = 0;
    this.waves.length = 0;
    this.profilesRead.clear();
  }

  ports(state: State): AuditPorts {
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
      ...QUIET,
      meter: { cost: () => ({ ...NO_COST, imagesDownloaded: this.asked.renditions + this.asked.download }) },
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
        const people = this.people.filter(({ left }) => left !== true);
        this.#ask("directory", people.length);
        yield people.map(({ user }) => user);
      }.bind(this),
      user: async (name) => this.people.find(({ user }) => user.upn === name || user.id === name)?.user ?? null,
      groupMembers: async (id) => this.groups.get(id) ?? new Set(),
    };
  }

  #cloudPhotos(): CloudPhotoReader {
    const { cloudReader } = this.tenant.ports();
    return {
      topology: async () => "merged",
      metadata: async (users) => {
        this.#ask("metadata", users.length);
        const answers = await cloudReader.metadata(users);
        return answers.map((answer, at) => {
          const upn = users[at]?.upn ?? "";
          const refusal = this.unreadable.has(upn) ? NO_ANSWER : refusedWith(this.refused.get(upn));
          return refusal === null ? answer : { ...answer, result: { kind: "unreadable", error: refusal } };
        });
      },
      renditions: async (requests) => {
        this.#ask("renditions", requests.length);
        this.waves.push(requests.length);
        const answers = await cloudReader.renditions(requests);
        return this.onRenditions(
          answers.map((answer, at) => {
            const refusal = refusedWith(this.refusedBytes.get(requests[at]?.user.upn ?? ""));
            return refusal === null ? answer : { ...answer, result: { kind: "unreadable", error: refusal } };
          }),
        );
      },
      policy: async () => ({ writesBlocked: false, source: "cloud" }),
    };
  }

  #sharePoint(): SharePointReader {
    const { sharePointReader } = this.tenant.ports();
    return {
      ...sharePointReader,
      locate: async () => {
        this.#ask("locate");
        const changeMark = `v${String(this.libraryVersion)}`;
        const itemCount = this.people.length * 3;
        return { folder: this.folders[0] ?? FOLDER, folders: this.folders, changeMark, itemCount, webUrl: null };
      },
      inventory: async function* (this: World) {
        this.#ask("inventory");
        // Metadata that arouse no suspicion: written at one time, the larger the longer.
        const modifiedAt = "2025-01-01T00:00:00Z";
        yield this.tenant.libraryFiles().map((file) => ({ ...file, length: SIDES[file.size], modifiedAt }));
      }.bind(this),
      download: async (file) => {
        this.#ask("download");
        return sharePointReader.download(file);
      },
      profiles: async (users) => {
        this.#ask("profiles", users.length);
        const answers = new Map(await sharePointReader.profiles(users));
        for (const { upn } of users) {
          this.profilesRead.add(upn);
          const error = refusedWith(this.refusedProfiles.get(upn));
          if (error !== null) answers.set(upn, { kind: "unreadable", error });
        }
        return answers;
      },
    };
  }

  #images(): ImageReader {
    const images = textImages((path) => this.masters.get(path) ?? "");
    return {
      ...images,
      signMaster: async (path, focus = null) => {
        this.read.push([path, focus]);
        return images.signMaster(path, focus);
      },
    };
  }
}

const NO_ANSWER: StoreError = { code: "x", message: "no answer", hint: "" };

/** Null without a refusal. */
function refusedWith(refusal: string | undefined): StoreError | null {
  if (refusal === undefined) return null;
  return { code: "request-refused", message: `refused: ${refusal}`, hint: "run again later", refusal };
}

export interface Bench {
  readonly world: World;
  readonly state: State;
  readonly policy: AuditSettings["policy"];
  /** One audit with the settings changed; its run id is `run-1`, `run-2` and so on. */
  run(part?: Partial<AuditSettings>, listener?: AuditListener): Promise<AuditResult>;
  /** Audits so far. */
  runs(): number;
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
    runs: () => runs,
    found: () => [...state.records.findings(`run-${String(runs)}`)].map(({ rule, address }) => `${rule} ${address}`),
    close() {
      state.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
