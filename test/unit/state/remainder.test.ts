import { beforeEach, describe, expect, it } from "vitest";
import type { ActionKind } from "../../../src/model/rule.js";
import type { Outcome, OutcomeKind } from "../../../src/model/run.js";
import type { State } from "../../../src/state/index.js";
import { onEveryHome } from "../../contract/state-homes.js";
import { draft } from "./made.js";

const RUN = "run-1";
const PROFILE = "sharepoint/anna@contoso.com/profile";

onEveryHome((opened) => {
  let state: State;
  beforeEach(() => {
    state = opened();
    const startedAt = "2026-01-01T00:00:00.000Z";
    state.records.beginRun({ id: RUN, mode: "apply", trigger: "cli", tenant: "contoso.com", startedAt });
  });

  function outcome(action: ActionKind, address: string, kind: OutcomeKind): void {
    const made: Omit<Outcome, "actionId"> = { action, address, kind, because: "missing-thumbnail" };
    state.records.recordOutcome(RUN, { ...made, actionId: `${action} ${address}` });
  }

  describe("users who are not called in sync after writes", () => {
    const writes: readonly (readonly [ActionKind, string])[] = [
      ["set-picture-properties", PROFILE],
      ["write-thumbnail", "sharepoint/anna@contoso.com/LThumb"],
      ["upload-photo", "exchange/Anna@contoso.com"],
      ["delete-photo", "entra/anna@contoso.com"],
    ];
    const kinds: readonly (readonly [OutcomeKind, number])[] = [
      ["applied", 0],
      ["already-in-sync", 0],
      ["skipped", 1],
      ["stale", 1],
      ["failed", 1],
    ];
    it.each(writes.flatMap(([action, address]) => kinds.map(([kind, left]) => [action, kind, left, address] as const)))(
      "%s %s where no finding is left: %i",
      (action, kind, left, address) => {
        outcome(action, address, kind);
        outcome("write-thumbnail", "sharepoint/ben@contoso.com/SThumb", "applied");
        expect(state.remainder.count(RUN)).toMatchObject({ usersNotInSync: left, usersWithDrift: 0, byRule: {} });
      },
    );

    it("count once, whatever was left of them; files of nobody are no users", async () => {
      state.records.recordFindings(RUN, [draft("stale-photo", "anna", "exchange/anna@contoso.com")]);
      outcome("upload-photo", "exchange/anna@contoso.com", "failed");
      outcome("set-picture-properties", PROFILE, "failed");
      outcome("delete-thumbnail", "sharepoint/gone_contoso_com/LThumb", "failed");
      expect(state.remainder.count(RUN)).toMatchObject({ usersNotInSync: 1, usersWithDrift: 1 });
    });
  });
});
