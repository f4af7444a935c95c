import { describe, expect, it } from "vitest";
import { createCloudPhotoReader } from "../../../src/stores/cloud-photo/reader.js";
import { createCloudPhotoWriter } from "../../../src/stores/cloud-photo/writer.js";
import { renditionSide } from "../../../src/stores/cloud-photo/ladder.js";
import { type Answer, batchParts, fakeService, JPEG, person, type Service } from "../../support/fake-service.js";

const NOT_FOUND = {
  status: 404,
  body: { error: { code: "ImageNotFound", message: "Exception of type 'ImageNotFoundException' was thrown." } },
};
const ONE_BY_ONE_GIF = Buffer.from("47494638396101000100800000000000ffffff2c00000000010001000002024401003b", "hex");

function photo(etag: string, width = 648, height = 648): object {
  return { id: "default", "@odata.mediaEtag": etag, "@odata.mediaContentType": "image/jpeg", width, height };
}

interface Part {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Answers every part of every batch by its URL, in reversed order. */
function batches(part: (url: string, version: string, round: number) => Part | null): Service {
  let round = 0;
  return (call): Answer => {
    const version = new URL(call.url).pathname.split("/")[1] ?? "";
    const now = round++;
    const responses = batchParts(call).flatMap(({ id, url }) => {
      const answer = part(url, version, now);
      return answer === null ? [] : [{ id, headers: {}, ...answer }];
    });
    return { json: { responses: responses.reverse() } };
  };
}

function reader(service: Service) {
  const fake = fakeService(service);
  return { ...fake, photos: createCloudPhotoReader(fake.graph, fake.meter) };
}

describe("metadata", () => {
  it("asks by object id in batches of twenty and takes answers in any order", async () => {
    const { photos, calls } = reader(batches((url) => ({ status: 200, body: photo(url) })));
    const users = Array.from({ length: 45 }, (_, n) => person(n));
    const readings = await photos.metadata(users);
    expect(calls.map((call) => batchParts(call).length)).toEqual([20, 20, 5]);
    readings.forEach((reading, n) => {
      const etag = `/users/${String(users[n]?.id)}/photo`;
      expect(reading).toMatchObject({
        userId: users[n]?.id,
        store: "exchange",
        attribution: "merged",
        result: { etag },
      });
    });
  });

  it("attributes the answer to Entra where no mailbox is licensed", async () => {
    const { photos } = reader(batches(() => ({ status: 200, body: photo("e", 256, 300) })));
    const [reading] = await photos.metadata([person(1, { mailbox: false })]);
    expect(reading).toMatchObject({
      store: "entra",
      attribution: "no-mailbox",
      result: { kind: "present", width: 256, height: 300 },
    });
  });

  it.each([
    ["ImageNotFound, today's answer", NOT_FOUND],
    ["ErrorItemNotFound of 2018", { status: 404, body: { error: { code: "ErrorItemNotFound", message: "x" } } }],
    ["the 1x1 stand-in", { status: 200, body: { ...photo("", 1, 1), id: "1x1" } }],
  ])("takes %s for absence", async (_, answer) => {
    const { photos } = reader(batches(() => answer));
    const [reading] = await photos.metadata([person(1)]);
    expect(reading?.result).toEqual({ kind: "absent" });
  });

  it.each([
    ["an empty 404", { status: 404 }, "request-refused"],
    [
      "a 403",
      { status: 403, body: { error: { code: "ErrorAccessDenied", message: "Access is denied." } } },
      "permission-missing",
    ],
    [
      "a deleted user",
      { status: 404, body: { error: { code: "Request_ResourceNotFound", message: "gone" } } },
      "user-not-found",
    ],
    ["a part that never answers", null, "service-unavailable"],
    ["a 500 that stays", { status: 500 }, "service-unavailable"],
  ])("never takes %s for absence", async (_, answer, code) => {
    const { photos } = reader(batches(() => answer));
    const [reading] = await photos.metadata([person(1)]);
    expect(reading?.result).toMatchObject({ kind: "unreadable", error: { code } });
  });

  it.each([
    [404, "Request_ResourceNotFound", "404 Request_ResourceNotFound"],
    [404, "ErrorUnheardOf", "404 ErrorUnheardOf"],
    [400, "AuthenticationError", "400 AuthenticationError"],
    [404, "", undefined],
    [403, "ErrorAccessDenied", undefined],
    [401, "InvalidAuthenticationToken", undefined],
    [500, "InternalServerError", undefined],
  ])(
    "keeps a refusal in the service's own words, so that one that stays can be told: %d %s",
    async (status, code, refusal) => {
      const { photos } = reader(
        batches(() => ({ status, body: code === "" ? {} : { error: { code, message: "x" } } })),
      );
      const [reading] = await photos.metadata([person(1)]);
      const result = reading?.result;
      expect(result?.kind === "unreadable" ? result.error.refusal : "read").toBe(refusal);
    },
  );

  it("believes no absence of a batch whose parts were mixed up", async () => {
    const users = [person(1), person(2)];
    const bodyOf = (n: number) => ({
      ...photo("e"),
      "@odata.context": `$metadata#users('${String(users[n]?.id)}')/photo/$entity`,
    });
    const { photos } = reader(
      batches((url) => (url.includes(String(users[0]?.id)) ? NOT_FOUND : { status: 200, body: bodyOf(0) })),
    );
    const readings = await photos.metadata(users);
    expect(readings.map(({ result }) => result.kind)).toEqual(["unreadable", "unreadable"]);
  });

  it.each([
    ["{}", {}],
    ["null", null],
    ["0x0", { ...photo("e"), width: 0, height: 0 }],
    ["a negative size", { ...photo("e"), width: -648, height: -648 }],
  ])("never takes metadata of %s for a photo or for absence", async (_, body) => {
    const { photos } = reader(batches(() => ({ status: 200, body })));
    const [reading] = await photos.metadata([person(1)]);
    expect(reading?.result).toMatchObject({ kind: "unreadable", error: { code: "unusable-answer" } });
  });

  it("tells 401 and 403 apart, in words and cure", async () => {
    const error = async (status: number) => {
      const { photos } = reader(batches(() => ({ status, body: { error: { code: "X", message: "no" } } })));
      const [reading] = await photos.metadata([person(1)]);
      return reading?.result.kind === "unreadable" ? reading.result.error : null;
    };
    const [unauthorized, denied] = [await error(401), await error(403)];
    expect(unauthorized?.code).toBe("unauthorized");
    expect(unauthorized?.hint).not.toContain("grant");
    expect(denied?.hint).toContain("grant");
  });

  it("keeps the code of a refusal that no document explains", async () => {
    const { photos } = reader(
      batches(() => ({ status: 400, body: { error: { code: "AuthenticationError", message: "x" } } })),
    );
    const [reading] = await photos.metadata([person(1)]);
    expect(reading?.result).toMatchObject({ error: { refusal: "400 AuthenticationError" } });
  });

  it("repeats only the throttled parts, after the longest Retry-After", async () => {
    const { photos, calls, meter } = reader(
      batches((url, _, round) => {
        if (round > 0 || !/0[12]\/photo$/.test(url)) return { status: 200, body: photo("e") };
        return { status: 429, headers: { "Retry-After": url.endsWith("1/photo") ? "5" : "40" } };
      }),
    );
    const readings = await photos.metadata(Array.from({ length: 6 }, (_, n) => person(n)));
    expect(readings.every((reading) => reading.result.kind === "present")).toBe(true);
    expect(calls.map((call) => batchParts(call).length)).toEqual([6, 2]);
    expect((calls[1]?.at ?? 0) - (calls[0]?.at ?? 0)).toBeGreaterThanOrEqual(40_000);
    expect(meter.cost().waitedSeconds).toBe(40);
  });

  it("repeats parts that failed, and keeps the others", async () => {
    const { photos, calls } = reader(
      batches((url, _, round) =>
        round < 2 && url.endsWith("3/photo") ? { status: 503 } : { status: 200, body: photo("e") },
      ),
    );
    const readings = await photos.metadata(Array.from({ length: 5 }, (_, n) => person(n)));
    expect(readings.every((reading) => reading.result.kind === "present")).toBe(true);
    expect(calls.map((call) => batchParts(call).length)).toEqual([5, 1, 1]);
  });

  it("tells a batch that failed for good as unreadable for its users only", async () => {
    const whole = batches(() => ({ status: 200, body: photo("e") }));
    const { photos } = reader((call, index) => {
      const first = batchParts(call).some((part) => part.url.includes(String(person(0).id)));
      return first ? { status: 400, json: { error: { code: "BadRequest", message: "no" } } } : whole(call, index);
    });
    const readings = await photos.metadata(Array.from({ length: 25 }, (_, n) => person(n)));
    expect(readings.filter((reading) => reading.result.kind === "unreadable")).toHaveLength(20);
    expect(readings.filter((reading) => reading.result.kind === "present")).toHaveLength(5);
  });

  it("asks the directory where a licensed user turns out to have no mailbox", async () => {
    const error = { code: "MailboxNotEnabledForRESTAPI", message: "The mailbox is either inactive or on-premise." };
    const { photos } = reader(
      batches((_, version) =>
        version === "beta" ? { status: 200, body: photo("d") } : { status: 404, body: { error } },
      ),
    );
    const [reading] = await photos.metadata([person(1)]);
    expect(reading).toMatchObject({
      store: "entra",
      attribution: "no-mailbox",
      result: { kind: "present", etag: "d" },
    });
  });
});

describe("topology", () => {
  const users = [person(1), person(2, { mailbox: false })];

  it("is merged where v1.0 serves users without mailbox", async () => {
    const { photos } = reader(batches(() => ({ status: 200, body: photo("e") })));
    expect(await photos.topology(users)).toBe("merged");
  });

  it("the sample's answers are not asked for again", async () => {
    const urls: string[] = [];
    const { photos } = reader(
      batches((url, version) => {
        urls.push(`${version} ${url}`);
        return { status: 200, body: photo(url) };
      }),
    );
    await photos.topology(users);
    const readings = await photos.metadata([...users, person(3)]);
    expect(new Set(urls).size).toBe(urls.length);
    expect(urls).toHaveLength(3);
    readings.forEach(({ userId, result }) =>
      expect(result).toMatchObject({ kind: "present", etag: `/users/${userId}/photo` }),
    );
    await photos.metadata(users);
    expect(urls).toHaveLength(5);
  });

  it("an answer of the sample that proves nothing is asked for again", async () => {
    let round = 0;
    const { photos } = reader(batches(() => (round++ < 2 ? { status: 403 } : { status: 200, body: photo("e") })));
    await photos.topology(users);
    const readings = await photos.metadata(users);
    expect(readings.map(({ result }) => result.kind)).toEqual(["present", "present"]);
  });

  it("is split where v1.0 refuses them, and then gives two readings a mailbox user", async () => {
    const error = { code: "ErrorNonExistentMailbox", message: "The SMTP address has no mailbox associated with it." };
    const { photos } = reader(
      batches((url, version) => {
        if (version === "beta") return { status: 200, body: photo("directory") };
        return url.includes(String(users[1]?.id))
          ? { status: 404, body: { error } }
          : { status: 200, body: photo("mailbox") };
      }),
    );
    expect(await photos.topology(users)).toBe("split");
    const readings = await photos.metadata(users);
    expect(readings.map(({ store, attribution }) => `${store} ${attribution}`)).toEqual([
      "exchange split",
      "entra split",
      "entra no-mailbox",
    ]);
    expect(readings.map(({ result }) => (result.kind === "present" ? result.etag : null))).toEqual([
      "mailbox",
      "directory",
      "directory",
    ]);
  });
});

describe("renditions", () => {
  const request = (side: number | null, width = 648) => {
    return { user: person(1), store: "exchange" as const, width, height: width, side };
  };
  const image = { status: 200, headers: { "Content-Type": "image/jpeg" }, body: JPEG.toString("base64") };

  it("chooses the smallest size of the ladder that is large enough, else the stored photo", () => {
    expect(renditionSide({ width: 648, height: 648 }, 240)).toBe(240);
    expect(renditionSide({ width: 300, height: 300 }, 200)).toBe(240);
    expect(renditionSide({ width: 240, height: 240 }, 240)).toBeNull();
    expect(renditionSide({ width: 96, height: 96 }, 240)).toBeNull();
    expect(renditionSide({ width: 648, height: 648 }, null)).toBeNull();
  });

  it("reads a rendition, and counts the image", async () => {
    const { photos, calls, meter } = reader(batches(() => image));
    const [got] = await photos.renditions([request(240)]);
    expect(got?.result).toEqual({ kind: "image", bytes: JPEG, whole: false });
    expect(batchParts(calls[0] as never)[0]?.url).toMatch(/\/photos\/240x240\/\$value$/);
    expect(meter.cost().imagesDownloaded).toBe(1);
  });

  it.each([
    ["404", NOT_FOUND],
    ["1x1", { status: 200, headers: { "Content-Type": "image/gif" }, body: ONE_BY_ONE_GIF.toString("base64") }],
  ])("falls back to the stored photo where the size is missing (%s)", async (_, missing) => {
    const { photos } = reader(batches((url) => (url.includes("240x240") ? missing : image)));
    const [got] = await photos.renditions([request(240)]);
    expect(got?.result).toEqual({ kind: "image", bytes: JPEG, whole: true });
  });

  it("reads the stored photo of users without mailbox", async () => {
    const { photos, calls } = reader(batches(() => image));
    const user = person(1, { mailbox: false });
    const [got] = await photos.renditions([{ user, store: "entra", width: 648, height: 648, side: 240 }]);
    expect(got?.result).toMatchObject({ kind: "image", whole: true });
    expect(batchParts(calls[0] as never)[0]?.url).toMatch(/\/photo\/\$value$/);
  });

  it.each([
    ["a web page", Buffer.from("<html>sign in</html>")],
    ["a picture that is cut off", JPEG.subarray(0, 6)],
    ["nothing", Buffer.alloc(0)],
  ])("asks again for %s and calls it unreadable when it stays", async (_, bytes) => {
    const { photos, calls } = reader(batches(() => ({ ...image, body: bytes.toString("base64") })));
    const [got] = await photos.renditions([request(240)]);
    expect(got?.result).toMatchObject({ kind: "unreadable", error: { code: "unusable-answer" } });
    expect(calls.length).toBeGreaterThan(1);
  });

  it("takes the URL alphabet of base64 too", async () => {
    const bytes = Buffer.concat([JPEG.subarray(0, 7), Buffer.from([0xfb, 0xef, 0xff, 0xd9])]);
    const { photos } = reader(batches(() => ({ ...image, body: bytes.toString("base64url") })));
    const [got] = await photos.renditions([request(null)]);
    expect(got?.result).toEqual({ kind: "image", bytes, whole: true });
  });
});

describe("policy", () => {
  it.each([
    [{ source: "onPremises" }, { writesBlocked: true, source: "onPremises" }],
    [{ source: "cloud" }, { writesBlocked: false, source: "cloud" }],
    [{}, { writesBlocked: false, source: null }],
  ])("reads %j", async (json, expected) => {
    const { photos, calls } = reader(() => ({ json }));
    expect(await photos.policy()).toEqual(expected);
    expect(calls[0]?.url).toMatch(/\/beta\/admin\/people\/photoUpdateSettings$/);
  });

  it("tells why it cannot be read", async () => {
    const { photos } = reader(() => ({ status: 403, json: { error: { code: "Forbidden", message: "no" } } }));
    expect(await photos.policy()).toMatchObject({
      unknown: expect.stringContaining("PeopleSettings.Read.All") as string,
    });
  });
});

describe("writing", () => {
  const uploads = (count: number, jpeg = JPEG) => Array.from({ length: count }, (_, n) => ({ user: person(n), jpeg }));
  function writer(service: Service, writesBlocked = false) {
    const fake = fakeService(service);
    return { ...fake, photos: createCloudPhotoWriter(fake.graph, async () => ({ writesBlocked, source: null })) };
  }

  it("shares batches below the payload limit", async () => {
    const { photos, calls } = writer(batches(() => ({ status: 200 })));
    const results = await photos.upload(uploads(25, Buffer.alloc(200_000)));
    expect(results).toEqual(Array.from({ length: 25 }, () => ({ error: null, retryable: false })));
    expect(calls.length).toBeGreaterThan(1);
    for (const call of calls) expect(Buffer.byteLength(call.body ?? "")).toBeLessThan(3_500_000);
    const part = batchParts(calls[0] as never)[0];
    expect(part?.method).toBe("PUT");
    expect(Buffer.from(part?.body ?? "", "base64")).toHaveLength(200_000);
  });

  it("sends a throttled part again after its pause, and no other", async () => {
    const { photos, calls } = writer(
      batches((url, _, round) =>
        round === 0 && url.includes(String(person(1).id))
          ? { status: 429, headers: { "Retry-After": "9" } }
          : { status: 200 },
      ),
    );
    const results = await photos.upload(uploads(3));
    expect(results.every((result) => result.error === null)).toBe(true);
    expect(calls.map((call) => batchParts(call).length)).toEqual([3, 1]);
    expect((calls[1]?.at ?? 0) - (calls[0]?.at ?? 0)).toBeGreaterThanOrEqual(9000);
  });

  it("leaves a part that failed to the caller, who looks first", async () => {
    const { photos, calls } = writer(batches(() => ({ status: 504 })));
    const [result] = await photos.upload(uploads(1));
    expect(result).toMatchObject({ error: { code: "service-unavailable" }, retryable: true });
    expect(calls).toHaveLength(1);
  });

  it("tells a policy that forbids cloud writes from a missing permission", async () => {
    const denied = { status: 403, body: { error: { code: "Forbidden", message: "no" } } };
    const blocked = writer(
      batches(() => denied),
      true,
    );
    expect((await blocked.photos.upload(uploads(1)))[0]?.error?.code).toBe("write-blocked");
    const missing = writer(batches(() => denied));
    expect((await missing.photos.upload(uploads(1)))[0]?.error).toMatchObject({
      code: "permission-missing",
      hint: expect.stringContaining("ProfilePhoto.ReadWrite.All") as string,
    });
  });

  it("explains the limits of the service", async () => {
    const big = writer(batches(() => ({ status: 404 })));
    expect((await big.photos.upload(uploads(1, Buffer.alloc(150_000))))[0]?.error?.hint).toContain("100 KB");
    const message = "Exception of type 'ImageNotFoundException' was thrown.";
    const young = writer(batches(() => ({ status: 400, body: { error: { code: "BadRequest", message } } })));
    expect((await young.photos.upload(uploads(1)))[0]).toMatchObject({
      error: { code: "user-not-ready" },
      retryable: true,
    });
  });

  it("removes a photo; one that is gone is no error", async () => {
    const { photos, calls } = writer((_, index) =>
      index === 0 ? { status: 204 } : { status: 404, json: { error: { code: "ImageNotFound", message: "" } } },
    );
    await photos.remove(person(1));
    await photos.remove(person(1));
    expect(calls.map((call) => `${call.method} ${new URL(call.url).pathname}`)[0]).toBe(
      `DELETE /v1.0/users/${String(person(1).id)}/photo/$value`,
    );
  });
});
