import type { Finding } from "../../model/finding.js";
import { plain } from "../../model/text.js";
import type { ReportPicture, ReportSource } from "../../model/report.js";
import { systemReason } from "../../model/system-errors.js";
import { fit } from "../columns.js";
import type { Group } from "../digest.js";
import * as words from "../wording.js";
import type { DetailPicture } from "./layout.js";

/**
 * What an entry may take of the page, in bytes: 12 MB for 1,000 drifted users, with room for the page's own program. What an entry leaves
 * is for those after it.
 */
const ENTRY_BYTES = 11_250;
/** So many entries take their whole share; a page with more of them would open slowly, so the rest take half. */
const WHOLE_SHARES = 1000;
/** Base64 of all pictures together, in characters. */
const MOST_CHARACTERS = 48_000_000;

/** Longer sides, most generous first: of master and faulty pictures, and of those beside them; 0 leaves a picture out. */
const STEPS = [
  [240, 240],
  [240, 120],
  [240, 72],
  [200, 72],
  [160, 72],
  [120, 72],
  [96, 48],
  [72, 0],
  [48, 0],
] as const;

/** Shares the page's room for pictures among its entries. */
export interface PictureRoom {
  /** False once nothing more fits at all. */
  hasRoom(): boolean;
  /** The pictures of a group as large as its share allows. @param taken bytes of the entry without pictures */
  picturesOf(source: ReportSource, group: Group, taken: number): Promise<readonly DetailPicture[]>;
}

export function pictureRoom(): PictureRoom {
  let left = MOST_CHARACTERS;
  let bank = 0;
  let served = 0;
  return {
    hasRoom: () => left > 0,
    async picturesOf(source, group, taken) {
      bank += (served++ < WHOLE_SHARES ? ENTRY_BYTES : ENTRY_BYTES / 2) - taken;
      const pictures = await fitted(source, await allPictures(source, group), bank);
      const details = withoutTwins(pictures);
      const size = details.reduce((sum, [, , , data]) => sum + (typeof data === "string" ? data.length : 0), 0);
      bank -= size;
      left -= size;
      return details;
    },
  };
}

interface Judged {
  readonly picture: ReportPicture;
  /** Master, or a picture that a finding is about. */
  readonly matters: boolean;
}

/** The pictures of all findings of a group, one an address; a finding whose picture is there already is not asked for. */
async function allPictures(source: ReportSource, { findings }: Group): Promise<readonly Judged[]> {
  const pictures = new Map<string, ReportPicture>();
  for (const finding of findings) {
    if (pictures.get(finding.address)?.image) continue;
    for (const picture of await readPictures(source, finding)) {
      const known = pictures.get(picture.address);
      if (known === undefined || (known.image === null && picture.image !== null))
        pictures.set(picture.address, picture);
    }
  }
  const faulty = new Set<string>(findings.map(({ address }) => address));
  return [...pictures.values()].map((picture) => ({
    picture,
    matters: picture.address.startsWith("source/") || faulty.has(picture.address),
  }));
}

/** One user's broken picture must not cost the report: the tile says what happened. */
async function readPictures(source: ReportSource, finding: Finding): Promise<readonly ReportPicture[]> {
  try {
    return await source.pictures(finding);
  } catch (error) {
    return [{ label: words.placeOf(finding), address: finding.address, image: null, note: systemReason(error) }];
  }
}

/** The pictures in the most generous size that is likely to fit into `room` characters. */
async function fitted(
  source: ReportSource,
  pictures: readonly Judged[],
  room: number,
): Promise<readonly ReportPicture[]> {
  const [largest] = STEPS;
  const step = STEPS.find((sides) => likelySize(pictures, sides) <= room) ?? STEPS.at(-1) ?? largest;
  if (step === largest) return pictures.map(({ picture }) => picture);
  return Promise.all(
    pictures.map(async ({ picture, matters }) => {
      const side = matters ? step[0] : step[1];
      if (picture.image === null || side >= largest[0]) return picture;
      if (side === 0) return { ...picture, image: null, note: "left out to keep the page small" };
      return smaller(source, picture, picture.image, side);
    }),
  );
}

/** A picture that is small already would only grow; a damaged one says so in its place. */
async function smaller(
  source: ReportSource,
  picture: ReportPicture,
  image: Uint8Array,
  side: number,
): Promise<ReportPicture> {
  try {
    const small = await source.smaller(image, side);
    return small.byteLength < image.byteLength ? { ...picture, image: small } : picture;
  } catch (error) {
    return { ...picture, image: null, note: systemReason(error) };
  }
}

/** Base64 characters; bytes of WebP grow with the side to the power of about 1.5. */
function likelySize(pictures: readonly Judged[], [mattering, other]: readonly [number, number]): number {
  const [[largest]] = STEPS;
  return pictures.reduce((sum, { picture: { image }, matters }) => {
    const share = ((matters ? mattering : other) / largest) ** 1.5;
    return sum + ((image?.byteLength ?? 0) * share * 4) / 3;
  }, 0);
}

/** Pictures with the same bytes stand once: the later ones are the number of the first. */
function withoutTwins(pictures: readonly ReportPicture[]): readonly DetailPicture[] {
  const seen = new Map<string, number>();
  return pictures.map(({ label, address, note, image, side }, i): DetailPicture => {
    const data =
      image === null ? null : Buffer.from(image.buffer, image.byteOffset, image.byteLength).toString("base64");
    const twin = data === null ? undefined : seen.get(data);
    if (data !== null && twin === undefined) seen.set(data, i);
    return [short(label, 60), short(address, 600), short(note, 120), twin ?? data, side ?? 0];
  });
}

function short(text: string, width: number): string {
  return fit(plain(text.slice(0, width * 8)), width);
}
