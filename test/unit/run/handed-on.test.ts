import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { MappingRow } from "../../../src/model/list.js";
import { madeUser } from "../../support/made-user.js";
import { auditNow, type Audited } from "../../support/tenant/audited.js";
import { FakeTenant } from "../../support/tenant/fake-tenant.js";
import { temporaryState, type OpenedState } from "../state/made.js";

const NAME = "jsmith@contoso.com";
const FILE = "jsmith@contoso.com.jpg";

interface Account {
  readonly id: string;
  readonly upn: string;
  readonly displayName: string;
  readonly employeeId?: string;
}

const JANE: Account = { id: "jane", upn: NAME, displayName: "Jane Smith", employeeId: "1001" };
const JOHN: Account = { id: "john", upn: NAME, displayName: "John Smith", employeeId: "2002" };

let state: OpenedState;
beforeEach(() => {
  state = temporaryState();
});
afterEach(() => state.remove());

interface Picture {
  readonly file: string;
  readonly shows: string;
  readonly mtimeMs?: number;
}

const JANES: Picture = { file: FILE, shows: "jane" };
const OTHERS: readonly Picture[] = [{ file: "other@contoso.com.jpg", shows: "other" }];

/** One audit of a tenant of these accounts, and somebody else. */
function auditOf(
  accounts: readonly Account[],
  pictures: readonly Picture[],
  choice: { readonly mapped?: readonly (readonly [string, string])[]; readonly patterns?: readonly string[] } = {},
) {
  const tenant = new FakeTenant();
  for (const { id, upn, displayName, ...parts } of [
    ...accounts,
    { id: "other", upn: "other@contoso.com", displayName: "Other" },
  ]) {
    tenant.add(upn, {}).user = madeUser(id, upn, displayName, parts);
  }
  const files = [...pictures, ...OTHERS].map(({ file, shows, mtimeMs = 1 }) => ({
    file,
    path: `${shows}.jpg`,
    bytes: 10,
    mtimeMs,
  }));
  const rows = (choice.mapped ?? []).map(([user, file], at): MappingRow => ({
    user,
    file,
    line: at + 2,
    focus: null,
    focusProblem: null,
  }));
  return auditNow(tenant, state, {
    settings: {
      source: { folder: "/photos", patterns: choice.patterns ?? ["{upn}", "{displayName}"], domain: null },
      maxChangePercent: 100,
    },
    source: { scan: async () => ({ files, skipped: [] }), mapping: async () => (rows.length === 0 ? null : rows) },
  });
}

/** Whether the file is held back from the account, by the finding and by the plan at once. */
function heldFrom({ id }: Account, { findings, plan }: Audited): boolean {
  const told = findings.filter(({ rule, address }) => rule === "ambiguous-master" && address === `source/${FILE}`);
  const written = [...plan.actions()].filter(({ user }) => user?.id === id);
  expect(written.length === 0).toBe(told.length === 1);
  return told.length === 1;
}

describe("a file whose name fits another account than before", () => {
  const rows: readonly (readonly [string, readonly Account[], Account, boolean])[] = [
    ["the former account is gone", [JOHN], JOHN, true],
    ["the former account has another name", [{ ...JANE, upn: "jane.miller@contoso.com" }, JOHN], JOHN, true],
    ["it is the same account", [{ ...JANE, displayName: "Jane Miller" }], JANE, false],
    [
      "an account made anew, of the same name",
      [{ ...JANE, id: "jane2", employeeId: "" }],
      { ...JANE, id: "jane2" },
      false,
    ],
    ["the same name in another order", [{ ...JOHN, displayName: "Smith,  JANE", employeeId: "" }], JOHN, false],
    ["an account made anew, of the same number", [{ ...JOHN, employeeId: "1001" }], JOHN, false],
    ["a namesake of another number", [{ ...JOHN, displayName: "Jane Smith" }], JOHN, true],
    ["nobody knows numbers, the names differ", [{ ...JOHN, employeeId: "" }], JOHN, true],
  ];

  it.each(rows)("%s", async (_name, accounts, account, held) => {
    await auditOf([JANE], [JANES]);
    expect(heldFrom(account, await auditOf(accounts, [JANES]))).toBe(held);
    // It stays so, also where the file is only copied anew.
    expect(heldFrom(account, await auditOf(accounts, [{ ...JANES, mtimeMs: 2 }]))).toBe(held);
  });

  it("is told with whose it was and what to do, and the user has no master", async () => {
    await auditOf([JANE], [JANES]);
    const { findings } = await auditOf([JOHN], [JANES]);
    expect(findings.find(({ rule }) => rule === "ambiguous-master")).toMatchObject({
      address: `source/${FILE}`,
      actual: { users: [NAME], files: [FILE] },
      summary: `${FILE}: was the master of account jane, which the directory no longer has, and now fits ${NAME} by its name alone.`,
      remedy: { kind: "manual", actions: [] },
    });
    const rename = [{ ...JANE, upn: "jane.miller@contoso.com" }, JOHN];
    const renamed = await auditOf(rename, [JANES]);
    expect(renamed.findings.find(({ rule }) => rule === "ambiguous-master")?.summary).toContain(
      "jane.miller@contoso.com",
    );
  });

  it("is given once the picture is another one, in the same run", async () => {
    await auditOf([JANE], [JANES]);
    expect(heldFrom(JOHN, await auditOf([JOHN], [JANES]))).toBe(true);
    expect(heldFrom(JOHN, await auditOf([JOHN], [{ ...JANES, shows: "john", mtimeMs: 2 }]))).toBe(false);
  });

  it("is given where the mapping file says so, and stays given", async () => {
    await auditOf([JANE], [JANES]);
    expect(heldFrom(JOHN, await auditOf([JOHN], [JANES], { mapped: [[NAME, FILE]] }))).toBe(false);
    expect(heldFrom(JOHN, await auditOf([JOHN], [JANES]))).toBe(false);
  });

  it("is given where the former account is there as before: the patterns have changed, not the people", async () => {
    const sam = { id: "sam", upn: "sam@contoso.com", displayName: "Samuel Ode" };
    const other = { id: "other2", upn: "ode@contoso.com", displayName: "Sam" };
    const picture = { file: "sam.jpg", shows: "sam" };
    const by = async (pattern: string) => {
      const { plan } = await auditOf([sam, other], [picture], { patterns: [pattern] });
      return new Set([...plan.actions()].map(({ user }) => user?.id));
    };
    expect(await by("{user}")).toContain("sam");
    expect(await by("{displayName}")).toEqual(new Set(["other2"]));
  });

  it("was never given out: the first audit holds nothing back, and so does one with a state of before", async () => {
    expect(heldFrom(JOHN, await auditOf([JOHN], [JANES]))).toBe(false);
    state.db.exec("UPDATE user_masters SET who = ''");
    expect(heldFrom(JANE, await auditOf([{ ...JANE, id: "jane" }], [JANES]))).toBe(false);
  });

  it("keeps nobody's name", async () => {
    await auditOf([JANE], [JANES]);
    await auditOf([JOHN], [JANES]);
    const kept = JSON.stringify(state.db.prepare("SELECT * FROM user_masters").all()).toLowerCase();
    expect(kept).not.toMatch(/jane smith|smith jane|1001/);
  });
});
