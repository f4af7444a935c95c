import { describe, expect, it } from "vitest";
import { checkUser } from "../../../src/compare/rules/index.js";
import { THUMBNAIL_SIZES, type ThumbnailSize } from "../../../src/model/address.js";
import type { ComparedUser, RulePolicy } from "../../../src/model/compared.js";
import type { LibraryFile } from "../../../src/model/photo.js";
import { boundsProblem, planUser } from "../../../src/plan/index.js";
import { ANNA, comparedUser, photo, POLICY, sharePoint, thumbnails } from "../../support/compared-user.js";

/* Of whoever said no nothing is left: neither in the set of thumbnails that counts nor in any beside it. */

const UPN_STEM = "anna_b_contoso_com";

function file(folder: string, stem: string, size: ThumbnailSize): LibraryFile {
  const name = `${stem}_${size}Thumb.jpg`;
  return {
    uniqueId: `${folder}/${name}`,
    name,
    folder,
    stem,
    size,
    etag: `e${folder}${size}`,
    length: 7,
    modifiedAt: null,
  };
}

function leaving(
  counted: readonly ThumbnailSize[],
  furtherFiles: readonly LibraryFile[],
  policy: Partial<RulePolicy> = {},
) {
  const of = (size: ThumbnailSize) => photo(size, counted.includes(size) ? "right" : "absent");
  return comparedUser({
    consentWithdrawn: true,
    cloud: [photo("exchange", "absent")],
    sharePoint: sharePoint({ photos: { S: of("S"), M: of("M"), L: of("L") }, furtherFiles }),
    policy: { ...POLICY, namedRules: ["consent-withdrawn"], ...policy },
  });
}

function removed(user: ComparedUser): readonly string[] {
  return planUser(user, checkUser(user)).flatMap((action) =>
    action.action === "delete-thumbnail" ? [`${action.after.folder}/${action.after.name}`] : [],
  );
}

const { folder: FOLDER, stem: STEM } = sharePoint();
const OTHER = "/User Photos/Profilbilder";
const PLACES = [
  ["the other stem, the same folder", FOLDER, UPN_STEM],
  ["the same stem, the other folder", OTHER, STEM],
  ["the other stem, the other folder", OTHER, UPN_STEM],
] as const;
const COUNTED: readonly (readonly ThumbnailSize[])[] = [[], ["M"], ["S", "M", "L"]];

describe.each(PLACES)("a second set under %s", (_, folder, stem) => {
  it.each(COUNTED.flatMap((counted) => THUMBNAIL_SIZES.map((size) => [counted, size] as const)))(
    "beside %j: its %s goes with the rest, once",
    (counted, size) => {
      const extra = file(folder, stem, size);
      const user = leaving(counted, [extra]);
      const wanted = [...counted.map((one) => `${FOLDER}/${STEM}_${one}Thumb.jpg`), `${extra.folder}/${extra.name}`];
      expect([...removed(user)].sort()).toEqual([...wanted].sort());
      const actions = planUser(user, checkUser(user));
      expect(new Set(actions.map(({ id }) => id)).size).toBe(actions.length);
      expect(actions.map(boundsProblem)).toEqual(actions.map(() => null));
      const found = checkUser(user).find(({ address }) => address === `sharepoint/${ANNA}/${size}Thumb`);
      expect(found).toMatchObject({
        rule: "consent-withdrawn",
        drift: true,
        actual: { photo: "present", files: wanted.slice(-1) },
      });
      expect(found?.summary).toContain(`${extra.folder}/${extra.name}`);
    },
  );

  it("goes whatever SharePoint is set to, and only where the rule may act", () => {
    const extra = THUMBNAIL_SIZES.map((size) => file(folder, stem, size));
    for (const sharePointFix of ["direct", "wait-for-sync", "report-only"] as const) {
      expect(removed(leaving(["L"], extra, { sharePointFix }))).toHaveLength(4);
    }
    expect(removed(leaving(["L"], extra, { namedRules: [] }))).toEqual([]);
    const automatic = { namedRules: [], autoApply: ["consent-withdrawn"] as const };
    expect(removed(leaving(["L"], extra, automatic))).toHaveLength(4);
  });

  it("rests on the file as it was listed", () => {
    const extra = file(folder, stem, "L");
    const user = leaving([], [extra]);
    const action = planUser(user, checkUser(user)).find((one) => one.action === "delete-thumbnail");
    expect(action).toMatchObject({
      before: { photo: "present", etag: extra.etag, bytes: 7 },
      precondition: { kind: "present", etag: extra.etag, fingerprint: null },
    });
  });
});

describe("whoever did not say no", () => {
  it("keeps what stands beside the set that counts", () => {
    const extra = THUMBNAIL_SIZES.map((size) => file(OTHER, UPN_STEM, size));
    const user = comparedUser({ sharePoint: sharePoint({ photos: thumbnails("right"), furtherFiles: extra }) });
    expect(checkUser(user)).toEqual([]);
  });
});
