import { describe, expect, it } from "vitest";
import type { TokenCredential } from "../../../src/stores/http/credential.js";
import { createRefusals } from "../../../src/stores/http/refusals.js";
import { createTokens } from "../../../src/stores/http/tokens.js";
import type { WireRequest } from "../../../src/stores/http/types.js";
import { createQuota } from "../../../src/stores/sharepoint/quota.js";
import { fakeService, fakeTimer, networkError, ORIGIN } from "../../support/fake-service.js";

const DAY = 24 * 3_600_000;
const MINUTE = 60_000;

const REQUEST: WireRequest = {
  service: "graph",
  method: "GET",
  url: `${ORIGIN}/v1.0/users`,
  headers: {},
  asks: "list the users",
  repeat: "always",
  purpose: "read",
};

/** A machine that starts with the wrong time, a guest that was moved, somebody with `date -s`: clocks are set while a run is under way. */
describe.each([
  ["put back", -DAY],
  ["put on", DAY],
])("the machine's clock is %s by a day while a run is under way", (_, by) => {
  it("a pause lasts as long as it was asked for, for everybody", async () => {
    const { door, calls, timer } = fakeService(
      (_call, index) => {
        if (index !== 0) return { json: {} };
        timer.put(by / 2);
        return { status: 429, headers: { "retry-after": "60" } };
      },
      { patience: 5 * MINUTE },
    );
    const first = timer.steady();
    const sent = door.send(REQUEST);
    await new Promise((resolve) => setImmediate(resolve));
    timer.put(by / 2);
    await sent;
    await door.send(REQUEST);
    expect(calls).toHaveLength(3);
    const waited = timer.steady() - first;
    expect(waited).toBeGreaterThanOrEqual(MINUTE);
    expect(waited).toBeLessThan(2 * MINUTE);
  });

  it("a host that was down is tried again after a while", async () => {
    let up = false;
    const { door, timer } = fakeService(() => (up ? { json: {} } : networkError("ECONNREFUSED")));
    for (let i = 0; i < 5; i++) await door.send(REQUEST).catch(() => undefined);
    timer.put(by);
    up = true;
    await timer.sleep(10_000);
    expect((await door.send(REQUEST)).status).toBe(200);
  });

  it("throttling inside of batches is waited for as long as a run is patient", async () => {
    const { door, timer } = fakeService(() => ({}), { patience: 10 * MINUTE });
    const refusals = createRefusals(door, ORIGIN);
    timer.put(by);
    expect(refusals.refused(MINUTE)).toBe(true);
    await timer.sleep(9.5 * MINUTE);
    expect(refusals.refused(MINUTE)).toBe(false);
  });

  it("the window of the profile quota is five minutes", async () => {
    const timer = fakeTimer();
    const quota = createQuota(timer);
    await quota.take(1000);
    quota.refused();
    timer.put(by);
    const before = timer.steady();
    await quota.take(500);
    expect(timer.steady() - before).toBeGreaterThanOrEqual(4 * MINUTE);
    expect(timer.steady() - before).toBeLessThan(6 * MINUTE);
  });

  it("a token is fetched when its hour is over, once, and after a refusal", async () => {
    const timer = fakeTimer();
    let fetched = 0;
    const credential = async (): Promise<TokenCredential> => ({
      getToken: async () => ({ token: `token-${String(++fetched)}`, expiresOnTimestamp: timer.now() + 60 * MINUTE }),
    });
    const endpoints = {
      login: "https://login.test",
      graph: ORIGIN,
      exchange: "https://exchange.test",
      sharepoint: "https://sp.test",
      sharepointMy: "https://contoso-my.sharepoint.test",
      sharepointAdmin: "https://contoso-admin.sharepoint.test",
    };
    const authorizer = createTokens({
      endpoints,
      tenantName: "contoso",
      cloud: "custom",
      timer,
      credential,
    }).authorizer("graph");
    const refusal = { status: 401, headers: {}, body: Buffer.alloc(0) };
    authorizer.accepted();
    await authorizer.refused(await authorizer.header(), refusal);
    expect(await authorizer.header()).toBe("Bearer token-2");
    timer.put(by);
    for (let i = 0; i < 10; i++) expect(await authorizer.header()).toBe("Bearer token-2");
    await timer.sleep(MINUTE);
    await authorizer.refused(await authorizer.header(), refusal);
    expect(await authorizer.header()).toBe("Bearer token-3");
    await timer.sleep(56 * MINUTE);
    expect(await authorizer.header()).toBe("Bearer token-4");
  });
});
