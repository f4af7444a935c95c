import { describe, expect, it } from "vitest";
import { orphanFinding } from "../../../src/compare/rules/tenant.js";
import type { FindingDraft } from "../../../src/model/finding.js";
import type { LibraryFile } from "../../../src/model/photo.js";
import { boundsProblem, planOrphan } from "../../../src/plan/index.js";

const FILE: LibraryFile = {
  uniqueId: "1",
  name: "gone_contoso_com_LThumb.jpg",
  folder: "/User Photos/Profilbilder",
  stem: "gone_contoso_com",
  size: "L",
  etag: '"7"',
  length: 4000,
  modifiedAt: null,
};
const NAMED = orphanFinding(FILE, ["orphan-thumbnail"]);
const plan = (part: Partial<FindingDraft> = {}, file: LibraryFile = FILE) => planOrphan(file, { ...NAMED, ...part });

describe("a thumbnail of nobody", () => {
  it("is taken away as it was seen, in the place that it was seen in", () => {
    expect(plan()).toEqual({
      id: expect.any(String) as string,
      action: "delete-thumbnail",
      address: "sharepoint/gone_contoso_com/LThumb",
      user: null,
      because: "orphan-thumbnail",
      before: { photo: "present", etag: '"7"', width: null, height: null, bytes: 4000, sha256: null },
      after: { photo: "absent", folder: FILE.folder, name: FILE.name },
      precondition: { kind: "present", etag: '"7"', fingerprint: null },
    });
    const action = plan();
    expect(action === null ? "none" : boundsProblem(action)).toBeNull();
  });

  it("is two where two folders hold it", () => {
    expect(plan()?.id).not.toBe(plan({}, { ...FILE, folder: "/User Photos/Profile Pictures" })?.id);
  });

  it("stays where nobody named the rule, a person lets it stand, or nothing of it may be deleted", () => {
    expect(planOrphan(FILE, orphanFinding(FILE, []))).toBeNull();
    expect(planOrphan(FILE, orphanFinding(FILE, ["stale-photo"]))).toBeNull();
    const decided = { by: "carl", at: "2026-01-01T00:00:00Z" };
    expect(plan({ decided: { kind: "leave", ...decided } })).toBeNull();
    expect(plan({ remedy: { kind: "automatic", actions: [] } })).toBeNull();
  });

  it("tells who decided on it", () => {
    const decided = { kind: "fix", by: "carl", at: "2026-01-01T00:00:00Z" } as FindingDraft["decided"] & object;
    expect(plan({ decided })?.decidedBy).toBe("carl");
    expect(plan()).not.toHaveProperty("decidedBy");
  });
});
