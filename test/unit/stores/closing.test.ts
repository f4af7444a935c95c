import { describe, expect, it } from "vitest";
import { openTenant } from "../../../src/stores/index.js";
import { makeSecret } from "../../../src/config/secret.js";

/** Nobody listens there; port 9 is "discard" (RFC 863), which no machine serves any more. */
const NOWHERE = "https://127.0.0.1:9";

describe("a tenant that is closed", () => {
  it("ends what was begun and is waited for by nobody, a pause between two tries included", async () => {
    const tenant = openTenant({
      endpoints: {
        login: NOWHERE,
        graph: NOWHERE,
        exchange: NOWHERE,
        sharepoint: NOWHERE,
        sharepointMy: NOWHERE,
        sharepointAdmin: NOWHERE,
      },
      tenantId: "6f3c1111-0000-0000-0000-000000000000",
      tenantName: "contoso",
      credential: { kind: "client-secret", clientId: "c", clientSecret: makeSecret("s") },
      concurrency: 2,
      env: {},
      beforeRequest: () => Promise.reject(Object.assign(new Error("reset"), { code: "ECONNRESET" })),
      timer: {
        now: Date.now,
        steady: () => performance.now(),
        random: () => 0,
        // A pause that only the closing ends.
        sleep: (_, signal) =>
          new Promise((_resolve, reject) =>
            signal?.addEventListener("abort", () => {
              reject(new Error("ended"));
            }),
          ),
      },
    });
    const begun = tenant.sharePoint.locate();
    const end = expect(begun).rejects.toMatchObject({ name: "PhotodriftError" });
    await new Promise((resolve) => setTimeout(resolve, 50));
    await tenant.close();
    await end;
  });
});
