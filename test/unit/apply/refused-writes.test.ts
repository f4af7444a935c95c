import { describe, expect, it } from "vitest";
import { PhotodriftError } from "../../../src/model/errors.js";
import { planOf } from "../../support/tenant/audited.js";
import { FakeTenant } from "../../support/tenant/fake-tenant.js";
import { ownRigs, type Rig } from "./rig.js";

const openRig = ownRigs();
let rig: Rig;
/** Every write of one kind is refused with that code; how often each place was asked. */
function refuse(kind: "upload" | "putThumbnail" | "setProperty", code: string): ReadonlyMap<string, number> {
  const asked = new Map<string, number>();
  const refused = new PhotodriftError(code, "not now", "later", "incomplete");
  const count = (place: string): void => void asked.set(place, (asked.get(place) ?? 0) + 1);
  if (kind === "upload") {
    rig.ports.cloudWriter.upload = async (requests) =>
      requests.map(({ user }) => {
        count(user.upn);
        return { error: { code, message: "not now", hint: "later" }, retryable: true };
      });
  } else if (kind === "putThumbnail") {
    rig.ports.sharePointWriter.putThumbnail = async (_folder, name) => {
      count(name);
      throw refused;
    };
  } else {
    rig.ports.sharePointWriter.setProperty = async (upn, name) => {
      count(`${upn} ${name}`);
      throw refused;
    };
  }
  return asked;
}

/**
 * Retries of a store and of the apply above it must not multiply: facts/sharepoint.md 3.3 (423: at most two more tries, then report), section 5
 * (failed calls count), facts/graph-entra-exchange.md 2.1 (a new user: later, not at once).
 */
describe("a write of which the service says that it did nothing", () => {
  it.each([
    ["upload", "throttled"],
    ["upload", "user-not-ready"],
    ["putThumbnail", "locked"],
    ["putThumbnail", "throttled"],
    ["setProperty", "throttled"],
    ["setProperty", "profile-missing"],
  ] as const)("%s, %s: is asked of the store once, fails, and leaves nothing open", async (kind, code) => {
    const tenant = new FakeTenant();
    tenant.add("anna@contoso.com", { master: "anna" });
    rig = openRig(tenant);
    const plan = await planOf(tenant, rig.state);
    const asked = refuse(kind, code);
    rig.begin("run-1");
    expect(await rig.apply(plan, "run-1")).toMatchObject({ exitCode: 4 });
    expect(asked.size).toBeGreaterThan(0);
    expect([...asked.values()]).toEqual([...asked].map(() => 1));
    expect(rig.state.journal.open()).toEqual([]);
  });
});
