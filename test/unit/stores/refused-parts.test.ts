import { describe, expect, it } from "vitest";
import type { ThumbnailSize } from "../../../src/model/address.js";
import { createCloudPhotoReader } from "../../../src/stores/cloud-photo/reader.js";
import { createSharePointReader } from "../../../src/stores/sharepoint/reader.js";
import { createSharePointWriter } from "../../../src/stores/sharepoint/writer.js";
import {
  type Answer,
  batchParts,
  type Call,
  fakeService,
  person,
  type FakeService,
} from "../../support/fake-service.js";

/**
 * A part of a batch is throttled like a request of its own (facts/graph-entra-exchange.md section 4, facts/sharepoint.md 3.4): it is not asked for again before its
 * Retry-After has passed, singly neither, for calls that come early count against the limit (learn.microsoft.com/graph/throttling). Retry-After is seconds or an HTTP
 * date (RFC 9110 10.2.3), and a date is the service's, whose clock may be another than this machine's.
 */
const PAUSE_MS = 20_000;
/** By the service's clock, which is five minutes ahead. */
const DATE = "Mon, 05 Jan 2026 00:05:00 GMT";
const UNTIL = "Mon, 05 Jan 2026 00:05:20 GMT";

const FOLDER = "/User Photos/Profile Pictures";
const PROFILE = {
  UserProfileProperties: ["PictureURL", "SPS-PicturePlaceholderState", "SPS-PictureExchangeSyncState"].map((Key) => ({
    Key,
    Value: "",
  })),
};

/** Answers every question of the kind rightly, and refuses the first part of the first batch. */
function service(retryAfter: string): FakeService {
  let refused = false;
  const first = (): boolean => !refused && (refused = true);
  return fakeService((call): Answer => {
    const headers = { date: DATE };
    if (!call.url.endsWith("/$batch")) return { headers, json: answerTo(decodeURIComponent(call.url)) };
    if (!call.url.includes("/_api/")) {
      const responses = batchParts(call).map(({ id }) =>
        first()
          ? { id, status: 429, headers: { "Retry-After": retryAfter } }
          : {
              id,
              status: 200,
              headers: {},
              body: { id: "default", width: 648, height: 648, "@odata.mediaEtag": '"1"' },
            },
      );
      return { headers, json: { responses } };
    }
    const parts = partsOf(call).map((url) =>
      first()
        ? `HTTP/1.1 429 X\r\nContent-Type: application/json\r\nRetry-After: ${retryAfter}\r\n\r\n{}\r\n`
        : `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n${JSON.stringify(answerTo(url))}\r\n`,
    );
    const texts = parts.map((part) => `--batchresponse_1\r\nContent-Type: application/http\r\n\r\n${part}`);
    return { headers, body: `${texts.join("")}--batchresponse_1--\r\n` };
  });
}

function partsOf({ body }: Call): readonly string[] {
  return [...String(body).matchAll(/^(?:GET|POST) (\S+) HTTP/gm)].map(([, url]) => decodeURIComponent(url ?? ""));
}

function answerTo(url: string): unknown {
  const name = /([^/]+_[SML]Thumb\.jpg)/.exec(url)?.[1];
  if (name !== undefined) {
    const UniqueId = "aaaaaaaa-0000-4000-8000-000000000001";
    return { Name: name, UniqueId, ETag: '"{A},1"', Length: "9", TimeLastModified: "2026-01-01T00:00:00Z" };
  }
  const account = /@v='([^']+)'/.exec(url)?.[1];
  return account === undefined ? { "odata.null": true } : { ...PROFILE, AccountName: account.replaceAll("+", " ") };
}

const WORK: Readonly<Record<string, (fake: FakeService) => Promise<unknown>>> = {
  "photos' metadata": ({ graph, meter }) => createCloudPhotoReader(graph, meter).metadata([person(1), person(2)]),
  profiles: ({ sharePoint, meter }) =>
    createSharePointReader(sharePoint, meter, undefined).profiles([person(1), person(2)]),
  "looks at thumbnails": async ({ sharePoint, meter }) => {
    const store = createSharePointReader(sharePoint, meter, undefined);
    return await Promise.all(
      (["S", "M", "L"] satisfies ThumbnailSize[]).map((size) => store.look(FOLDER, `a_${size}Thumb.jpg`)),
    );
  },
  "properties that are set": async ({ sharePoint }) => {
    const store = createSharePointWriter(sharePoint);
    return await Promise.all([1, 2].map((n) => store.setProperty(person(n).upn, "SPS-PicturePlaceholderState", "0")));
  },
};

describe("a throttled part of a batch", () => {
  it.each(Object.keys(WORK).flatMap((what) => [[what, "20"] as const, [what, UNTIL] as const]))(
    "%s: is asked for again once %s has passed, and not before",
    async (what, retryAfter) => {
      const fake = service(retryAfter);
      await WORK[what]?.(fake);
      const [batch, again, ...more] = fake.calls;
      expect([batch?.url.endsWith("/$batch"), more]).toEqual([true, []]);
      const waited = (again?.at ?? 0) - (batch?.at ?? 0);
      expect(waited).toBeGreaterThanOrEqual(PAUSE_MS);
      expect(waited).toBeLessThan(PAUSE_MS + 5000);
      expect(fake.meter.cost().throttled).toBe(1);
    },
  );
});
