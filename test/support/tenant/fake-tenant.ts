import { type ThumbnailSize, THUMBNAIL_SIZES } from "../../../src/model/address.js";
import type { LibraryFile } from "../../../src/model/photo.js";
import type { PicturePropertyName } from "../../../src/model/plan-action.js";
import type { DirectoryUser } from "../../../src/model/user.js";
import { PhotodriftError } from "../../../src/model/errors.js";
import type { ApplyPorts } from "../../../src/run/apply.js";
import { CROP, picture, reencoded, sha256, showsOf, sideOf, signature } from "./pictures.js";
import { madeUser } from "../made-user.js";

export interface FakeCloudPhoto {
  readonly bytes: Buffer;
  readonly etag: string;
}
export interface FakeFile {
  readonly bytes: Buffer;
  readonly etag: string;
}
export interface FakePerson {
  user: DirectoryUser;
  /** What the master shows, null for none. */
  master: string | null;
  cloud: FakeCloudPhoto | null;
  readonly files: Record<ThumbnailSize, FakeFile | null>;
  readonly profile: Record<PicturePropertyName, string>;
  /** Not in the directory any more; what the stores hold of the person is still there. */
  readonly left?: boolean;
}

/** One write that reached a service. */
export interface FakeWrite {
  readonly address: string;
  readonly shows: string;
}

export const FOLDER = "/User Photos/Profilbilder";

/** Called at every step, before and after each effect; a test throws out of it to end the program there. */
export type Step = (name: string, values?: readonly unknown[]) => void;

/** Where a tenant keeps thumbnails, and how it names them. */
export interface Layout {
  readonly folder: string;
  readonly stemOf: (user: DirectoryUser) => string;
}

const BY_UPN: Layout = { folder: FOLDER, stemOf: ({ upn }) => stemOf(upn) };

/** A tenant in memory behind the ports of audit and apply. Pictures are texts, see pictures.ts. */
export class FakeTenant {
  readonly people = new Map<string, FakePerson>();
  readonly writes: FakeWrite[] = [];
  /** Answers to cloud uploads, by UPN, one after the other; none: taken. */
  readonly uploadAnswers = new Map<string, ("lost-done" | "lost-not-done" | "forbidden" | "busy")[]>();
  readonly thumbnailAnswers: ("lost-done" | "lost-not-done" | "forbidden")[] = [];
  /** Looks at a cloud photo that still give the former state after a write. */
  lag = 0;
  step: Step = () => undefined;
  #etag = 0;
  readonly #lagging = new Map<string, { left: number; former: FakeCloudPhoto | null }>();

  readonly layout: Layout;

  constructor(layout: Layout = BY_UPN) {
    this.layout = layout;
  }

  add(
    upn: string,
    part: Partial<Omit<FakePerson, "user" | "profile">> & {
      mailbox?: boolean;
      sharePoint?: boolean;
      profile?: Partial<FakePerson["profile"]>;
    },
  ): FakePerson {
    const person: FakePerson = {
      user: directoryUser(upn, { licences: { mailbox: part.mailbox ?? true, sharePoint: part.sharePoint ?? true } }),
      master: part.master ?? null,
      cloud: part.cloud ?? null,
      files: { S: null, M: null, L: null, ...part.files },
      ...(part.left === undefined ? {} : { left: part.left }),
      profile: {
        "SPS-PicturePlaceholderState": "",
        "SPS-PictureExchangeSyncState": "",
        PictureURL: "",
        "SPS-PictureTimestamp": "",
        ...part.profile,
      },
    };
    this.people.set(upn, person);
    return person;
  }

  /** The same tenant as it stands, on its own from here on. */
  copy(): FakeTenant {
    const copied = new FakeTenant(this.layout);
    copied.#etag = this.#etag;
    for (const [upn, person] of this.people) {
      copied.people.set(upn, { ...person, files: { ...person.files }, profile: { ...person.profile } });
    }
    return copied;
  }

  etag(): string {
    this.#etag++;
    return `"e${String(this.#etag)}"`;
  }

  photo(shows: string, side = 648): FakeCloudPhoto {
    return { bytes: picture(shows, side), etag: this.etag() };
  }

  file(shows: string, side: number): FakeFile {
    return { bytes: picture(shows, side), etag: this.etag() };
  }

  /** Every byte of every picture and property. */
  bytes(): string {
    return JSON.stringify(
      [...this.people].map(([upn, { cloud, files, profile }]) => [
        upn,
        cloud?.bytes.toString(),
        THUMBNAIL_SIZES.map((size) => files[size]?.bytes.toString()),
        profile,
      ]),
    );
  }

  /** Every picture and property, by what it shows: equal texts are equal tenants, but for how often the cloud has re-encoded a photo. */
  snapshot(): string {
    const rows = [...this.people.values()].map((person) => ({
      upn: person.user.upn,
      cloud: person.cloud === null ? null : `${showsOf(person.cloud.bytes)}@${String(sideOf(person.cloud.bytes))}`,
      files: Object.values(person.files).map((file) => (file === null ? null : file.bytes.toString())),
      profile: person.profile,
    }));
    return JSON.stringify(rows, null, 1);
  }

  /** The ports of an apply that talk to this tenant or to its masters. */
  ports(): Pick<
    ApplyPorts,
    | "cloudReader"
    | "cloudWriter"
    | "sharePointReader"
    | "sharePointWriter"
    | "images"
    | "renderer"
    | "masters"
    | "findUser"
    | "sha256"
  > {
    return {
      cloudReader: {
        metadata: async (users) => {
          this.step("metadata");
          return users.map((user) => {
            const photo = this.#seen(user.upn);
            const side = photo === null ? 0 : sideOf(photo.bytes);
            return {
              userId: user.id,
              store: user.licences.mailbox ? "exchange" : "entra",
              attribution: user.licences.mailbox ? "merged" : "no-mailbox",
              result:
                photo === null ? { kind: "absent" } : { kind: "present", etag: photo.etag, width: side, height: side },
            } as const;
          });
        },
        renditions: async (requests) => {
          this.step("renditions");
          return requests.map(({ user, store }) => {
            const photo = this.#seen(user.upn);
            return {
              userId: user.id,
              store,
              result: photo === null ? { kind: "absent" } : { kind: "image", bytes: photo.bytes, whole: true },
            } as const;
          });
        },
      },
      cloudWriter: {
        upload: async (requests) => {
          this.step("upload-begins");
          const results = requests.map(({ user, jpeg }) => {
            const answer = this.uploadAnswers.get(user.upn)?.shift();
            if (answer === undefined || answer === "lost-done") this.#put(user.upn, jpeg);
            if (answer === undefined) return { error: null, retryable: false };
            const code = answer === "forbidden" ? "permission-missing" : "connection-lost";
            return { error: { code, message: answer, hint: "" }, retryable: answer !== "forbidden" };
          });
          this.step("upload-answers");
          return results;
        },
        remove: async ({ upn }) => {
          this.step("remove-begins");
          const person = this.person(upn);
          if (person.cloud !== null) this.writes.push({ address: `cloud/${upn}`, shows: "" });
          person.cloud = null;
          this.step("remove-answers");
        },
      },
      sharePointReader: {
        look: async (folder, name) => {
          this.step("look");
          const found = this.#file(folder, name);
          const file = found?.person.files[found.size] ?? null;
          return file === null || found === null ? null : libraryFile(folder, name, found.size, file);
        },
        download: async (asked) => {
          this.step("download");
          const found = this.#file(asked.folder, asked.name);
          const file = found?.person.files[found.size] ?? null;
          return file === null ? null : { bytes: file.bytes, etag: file.etag, flaw: null };
        },
        profiles: async (users) => {
          this.step("profiles");
          return new Map(
            users.map((user) => {
              const { profile } = this.person(user.upn);
              return [
                user.upn.toLowerCase(),
                {
                  kind: "present",
                  accountName: user.upn,
                  pictureUrl: profile.PictureURL,
                  placeholderState: profile["SPS-PicturePlaceholderState"],
                  exchangeSyncState: profile["SPS-PictureExchangeSyncState"],
                  timestamp: profile["SPS-PictureTimestamp"],
                },
              ] as const;
            }),
          );
        },
      },
      sharePointWriter: {
        putThumbnail: async (folder, name, jpeg) => {
          this.step("put-begins");
          const found = this.#file(folder, name);
          if (found === null) throw new PhotodriftError("not-found", "no such folder", "");
          const answer = this.thumbnailAnswers.shift();
          if (answer === "forbidden") throw new PhotodriftError("permission-missing", "403", "");
          if (answer === "lost-not-done") throw new PhotodriftError("connection-lost", "lost", "", "incomplete");
          const etag = this.etag();
          found.person.files[found.size] = { bytes: jpeg, etag };
          this.writes.push({ address: `${found.person.user.upn}/${found.size}`, shows: jpeg.toString() });
          this.step("put-answers");
          if (answer === "lost-done") throw new PhotodriftError("connection-lost", "lost", "", "incomplete");
          return { etag };
        },
        deleteThumbnail: async (folder, name) => {
          this.step("delete-begins");
          const found = this.#file(folder, name);
          if (found?.person.files[found.size] != null) {
            found.person.files[found.size] = null;
            this.writes.push({ address: `${found.person.user.upn}/${found.size}`, shows: "" });
          }
          this.step("delete-answers");
        },
        setProperty: async (upn, name, value) => {
          this.step("property-begins");
          this.person(upn).profile[name] = value;
          this.writes.push({ address: `${upn}/${name}`, shows: value });
          this.step("property-answers");
        },
      },
      images: {
        sign: async (bytes) => signature(bytes),
        signMaster: async () => ({ signature: signature(picture("copy", 648)), crop: CROP, unsuitable: null }),
      },
      renderer: {
        cloudPhoto: async (path) => {
          this.step("render");
          const jpeg = picture(path, 648);
          return { jpeg, signature: signature(jpeg), sourceSha256: masterSha(path) };
        },
        thumbnail: async (path, _crop, side) => {
          this.step("render");
          return { jpeg: picture(this.#shownBy(path), side), sourceSha256: masterSha(path) };
        },
      },
      masters: {
        path: (file) => file.replace(/\.jpg$/, ""),
        sha256: async (file) => masterSha(file.replace(/\.jpg$/, "")),
      },
      findUser: async (id) =>
        [...this.people.values()].find(({ user, left }) => left !== true && user.id === id)?.user ?? null,
      sha256,
    };
  }

  /** Every thumbnail there is, as the library lists them. */
  libraryFiles(): readonly LibraryFile[] {
    return [...this.people.values()].flatMap(({ user, files }) =>
      THUMBNAIL_SIZES.flatMap((size) => {
        const file = files[size];
        if (file === null) return [];
        return [libraryFile(this.layout.folder, `${this.layout.stemOf(user)}_${size}Thumb.jpg`, size, file)];
      }),
    );
  }

  person(upn: string): FakePerson {
    const found = this.people.get(upn);
    if (found === undefined) throw new Error(`no ${upn}`);
    return found;
  }

  /** A master shows its name; a backup, named by its content, what the cloud photo shows that it was taken from. */
  #shownBy(path: string): string {
    const hash = path.slice(-64);
    const copied = [...this.people.values()].find(({ cloud }) => cloud !== null && sha256(cloud.bytes) === hash);
    return copied?.cloud == null ? path : showsOf(copied.cloud.bytes);
  }

  #put(upn: string, jpeg: Buffer): void {
    const person = this.person(upn);
    if (this.lag > 0) this.#lagging.set(upn, { left: this.lag, former: person.cloud });
    person.cloud = { bytes: reencoded(jpeg), etag: this.etag() };
    this.writes.push({ address: `cloud/${upn}`, shows: jpeg.toString() });
  }

  #seen(upn: string): FakeCloudPhoto | null {
    const late = this.#lagging.get(upn);
    if (late !== undefined && late.left > 0) {
      late.left--;
      return late.former;
    }
    return this.person(upn).cloud;
  }

  #file(folder: string, name: string): { person: FakePerson; size: ThumbnailSize } | null {
    if (folder !== this.layout.folder) return null;
    const match = /^(.+)_([SML])Thumb\.jpg$/.exec(name);
    const person = [...this.people.values()].find(({ user }) => this.layout.stemOf(user) === match?.[1]);
    return person === undefined || match === null ? null : { person, size: match[2] as ThumbnailSize };
  }
}

/** The master's content is what it shows. */
export function masterSha(shows: string): string {
  return sha256(Buffer.from(`master ${shows}`));
}

export function stemOf(upn: string): string {
  return upn.replace(/[@.]/g, "_");
}

export function urlOf(upn: string): string {
  return `https://contoso-my.sharepoint.com:443/User%20Photos/Profilbilder/${stemOf(upn)}_MThumb.jpg`;
}

export function directoryUser(upn: string, part: Partial<DirectoryUser> = {}): DirectoryUser {
  const id = sha256(Buffer.from(upn)).slice(0, 32);
  return madeUser(id, upn, upn.replace(/@.*/, ""), { mail: upn, ...part });
}

function libraryFile(folder: string, name: string, size: ThumbnailSize, file: FakeFile): LibraryFile {
  return {
    uniqueId: `${folder}/${name}`,
    name,
    folder,
    stem: name.replace(/_[SML]Thumb\.jpg$/, ""),
    size,
    etag: file.etag,
    length: file.bytes.length,
    modifiedAt: null,
  };
}
