import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  entraAddress,
  exchangeAddress,
  profileAddress,
  slotOf,
  sourceAddress,
  storeOf,
  thumbnailAddress,
  thumbnailSizeOf,
} from "../../../src/model/address.js";
import { inChunks, inPieces } from "../../../src/model/chunks.js";
import { othersTurn } from "../../../src/model/turns.js";
import { byText, isGuid, parseUserId, stableId } from "../../../src/model/ids.js";
import { inParallel } from "../../../src/model/parallel.js";
import { canonicalPictureUrl, hostOfUrl, stemOfPictureUrl } from "../../../src/model/picture-url.js";
import { retryAfterMs } from "../../../src/model/retry-after.js";
import { cut, excerpt, plain, withoutUnseen } from "../../../src/model/text.js";

describe("addresses", () => {
  it.each([
    [entraAddress("anna@c.com"), "entra/anna@c.com", "entra", null, "entra"],
    [exchangeAddress("anna@c.com"), "exchange/anna@c.com", "exchange", null, "exchange"],
    [thumbnailAddress("anna@c.com", "S"), "sharepoint/anna@c.com/SThumb", "sharepoint", "S", "S"],
    [thumbnailAddress("anna@c.com", "M"), "sharepoint/anna@c.com/MThumb", "sharepoint", "M", "M"],
    [thumbnailAddress("a/b", "L"), "sharepoint/a/b/LThumb", "sharepoint", "L", "L"],
    [profileAddress("anna@c.com"), "sharepoint/anna@c.com/profile", "sharepoint", null, "profile"],
    [sourceAddress("x/LThumb"), "source/x/LThumb", "source", null, null],
    [sourceAddress("sharepoint/x/LThumb"), "source/sharepoint/x/LThumb", "source", null, null],
  ] as const)("%s", (address, text, store, size, slot) => {
    expect([address, storeOf(address), thumbnailSizeOf(address), slotOf(address)]).toEqual([text, store, size, slot]);
  });
});

describe("ids", () => {
  const guid = "6F3C0000-0000-4000-8000-00000000000a";

  it("are lower case, whoever wrote them", () => {
    expect(parseUserId(guid)).toBe(guid.toLowerCase());
  });

  it.each([
    [guid, true],
    [guid.toLowerCase(), true],
    [`{${guid}}`, false],
    [`${guid}0`, false],
    [`0${guid}`, false],
    [guid.replaceAll("-", ""), false],
    [guid.replace("F", "g"), false],
    ["", false],
  ])("%s is a GUID: %s", (text, is) => {
    expect(isGuid(text)).toBe(is);
  });

  it("sorts by code units, whatever the locale", () => {
    expect(["b", "a", "Z", "ä", "a"].sort(byText)).toEqual(["Z", "a", "a", "b", "ä"]);
    expect([byText("a", "b"), byText("b", "a"), byText("a", "a")]).toEqual([-1, 1, 0]);
  });

  it("stays the same from release to release: findings are remembered by it", () => {
    expect([stableId(""), stableId("a"), stableId("wrong-person entra/anna@c.com")]).toEqual([
      "811c9dc501000193",
      "e40c292cc941e057",
      "bdb31a958ea42de3",
    ]);
  });

  it("differs where one character, the order or the length does (property)", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 40 }), fc.string({ minLength: 1, maxLength: 40 }), (a, b) => {
        expect(stableId(a)).toMatch(/^[0-9a-f]{16}$/);
        expect(stableId(a) === stableId(b)).toBe(a === b);
      }),
    );
  });
});

describe("PictureURL (facts/sharepoint.md 1.5)", () => {
  const plainUrl = "contoso-my.sharepoint.com/user photos/profilbilder/anna_mthumb.jpg";

  it.each([
    ["https://contoso-my.sharepoint.com:443/User%20Photos/Profilbilder/anna_MThumb.jpg", plainUrl],
    ["http://Contoso-my.sharepoint.com/User Photos/Profilbilder/anna_MThumb.jpg?t=63", plainUrl],
    ["  HTTPS://contoso-my.sharepoint.com/User Photos/Profilbilder/anna_MThumb.jpg#a\nb ", plainUrl],
    ["https://contoso-my.sharepoint.com", "contoso-my.sharepoint.com/"],
    ["https://contoso-my.sharepoint.com/%E0%A4%A", "contoso-my.sharepoint.com/%e0%a4%a"],
    ["x https://a.com/b", "x https://a.com/b"],
    ["https://a.com/b\nc", "https://a.com/b\nc"],
    [" No URL ", "no url"],
    ["", ""],
  ])("%j is %j", (url, canonical) => {
    expect(canonicalPictureUrl(url)).toBe(canonical);
  });

  it.each([
    [plainUrl, "anna"],
    ["https://c-my.sharepoint.com/User%20Photos/Profilbilder/a_b_MThumb.jpg?t=1", "a_b"],
    ["https://c-my.sharepoint.com/User Photos/Profile Pictures/a_SThumb.jpg", "a"],
    ["https://c-my.sharepoint.com/User Photos/Profile Pictures/a_LThumb.jpg", "a"],
    ["https://c-my.sharepoint.com/User Photos/Profile Pictures/a_XThumb.jpg", null],
    ["https://c-my.sharepoint.com/User Photos/Profile Pictures/a_MThumb.jpg.exe", null],
    ["https://c-my.sharepoint.com/User Photos/Profile Pictures/_MThumb.jpg", null],
    ["https://c-my.sharepoint.com/User Photos/a_MThumb.jpg", null],
    ["", null],
  ])("%j names the stem %j", (url, stem) => {
    expect(stemOfPictureUrl(url)).toBe(stem);
  });

  it.each([
    ["https://A.com:443/x", "a.com"],
    [" http://a.com?x", "a.com"],
    ["https://a.com#x", "a.com"],
    ["ftp://a.com", null],
    ["x https://a.com", null],
    ["https://", null],
  ])("%j has the host %j", (url, host) => {
    expect(hostOfUrl(url)).toBe(host);
  });
});

describe("Retry-After (RFC 9110 10.2.3)", () => {
  const now = Date.UTC(2026, 10, 23, 12, 0, 0);
  const at = (seconds: number) => new Date(now + seconds * 1000).toUTCString();

  it.each<[Record<string, string>, number | null]>([
    [{}, null],
    [{ "retry-after": "30" }, 30_000],
    [{ "retry-after": " 1.5 " }, 1_500],
    [{ "retry-after": "0.0001" }, 1],
    [{ "retry-after": "0" }, 0],
    [{ "retry-after": "soon" }, null],
    [{ "retry-after": "12 or so" }, null],
    [{ "retry-after": "about 12" }, null],
    [{ "retry-after": "-1" }, null],
    [{ "retry-after": "May 12" }, null],
    [{ "retry-after": "30, 60" }, 60_000],
    [{ "retry-after": "30," }, null],
    [{ "retry-after": "" }, null],
    [{ "retry-after": "Monday, 23-Nov-26 12:01:00 GMT" }, 61_000],
    [{ "retry-after": "Mon Nov 23 12:01:00 2026" }, 61_000],
    [{ "retry-after": "2026-11-23T12:01:00Z" }, 61_000],
    [{ "retry-after": at(60) }, 61_000],
    [{ "retry-after": at(-60) }, 1_000],
    [{ "retry-after": at(60), date: at(50) }, 11_000],
    [{ "retry-after": at(60), date: "no date" }, 61_000],
    [{ "ratelimit-reset": "7" }, 7_000],
    [{ "retry-after": "5", "ratelimit-reset": "7" }, 7_000],
    [{ "retry-after": "9", "ratelimit-reset": "7" }, 9_000],
    [{ "ratelimit-reset": "soon" }, null],
  ])("%j asks to wait %j ms", (headers, wait) => {
    expect(retryAfterMs(headers, now)).toBe(wait);
  });
});

describe("lists cut and joined", () => {
  it("lists of a size hold everything once and in order, all but the last one full (property)", () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.integer({ min: 1, max: 5 }), (values, size) => {
        const chunks = [...inChunks(values, size)];
        expect(chunks.flat()).toEqual(values);
        expect(chunks.slice(0, -1).every(({ length }) => length === size)).toBe(true);
        expect(chunks.every(({ length }) => length > 0 && length <= size)).toBe(true);
      }),
    );
  });

  const text = fc.array(fc.string({ maxLength: 5 }), { maxLength: 12 });
  async function* stream(parts: readonly string[]): AsyncIterable<string> {
    for (const part of parts) yield await Promise.resolve(part);
  }

  it("pieces of text hold everything, none but the last one shorter than asked for, none empty (property)", async () => {
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 9 }), fc.boolean(), async (parts, size, streamed) => {
        const pieces: string[] = [];
        for await (const piece of inPieces(streamed ? stream(parts) : parts, size)) pieces.push(piece);
        expect(pieces.join("")).toBe(parts.join(""));
        expect(pieces.slice(0, -1).every(({ length }) => length >= size && length < size + 5)).toBe(true);
        expect(pieces).not.toContain("");
      }),
    );
  });

  it("pieces are of 64 KiB where nothing is said", async () => {
    const pieces: string[] = [];
    for await (const piece of inPieces(Array.from({ length: 130 }, () => "x".repeat(1024)))) pieces.push(piece);
    expect(pieces.map(({ length }) => length)).toEqual([65_536, 65_536, 2_048]);
  });
});

describe("a turn for others", () => {
  it("is theirs: what waits for a timer or an answer comes first", async () => {
    const order: string[] = [];
    setImmediate(() => order.push("another"));
    await othersTurn();
    order.push("this one");
    expect(order).toEqual(["another", "this one"]);
  });
});

describe("parallel work", () => {
  it.each([1, 2, 3, 20])("does everything once with at most %i calls under way", async (limit) => {
    const [done, under] = [[] as number[], { now: 0, most: 0 }];
    await inParallel(limit, [1, 2, 3, 4, 5], async (item) => {
      under.most = Math.max(under.most, ++under.now);
      await Promise.resolve();
      under.now--;
      done.push(item);
    });
    expect(done.sort()).toEqual([1, 2, 3, 4, 5]);
    expect(under.most).toBe(Math.min(limit, 5));
  });

  it("awaits what is under way before it throws the first failure", async () => {
    let ended = false;
    const work = inParallel(2, ["fails", "slow"], async (item) => {
      if (item === "fails") throw new Error("failed");
      await new Promise((go) => setImmediate(go));
      ended = true;
    });
    await expect(work).rejects.toThrow("failed");
    expect(ended).toBe(true);
  });
});

describe("text", () => {
  it.each([
    ["anna", 4, "anna"],
    ["anna", 3, "an…"],
    ["anna", 1, "…"],
    ["anna", 0, "…"],
    ["😀😀", 2, "😀😀"],
    ["😀😀😀", 2, "😀…"],
  ])("%j cut to %i: %j", (text, length, short) => {
    expect(cut(text, length)).toBe(short);
  });

  it.each([
    ["a\t\r\nb", "a b"],
    ["a\u0007b\u007fc\u009b", "a\ufffdb\ufffdc\ufffd"],
    ["\u202aa\u2069b\u2028\ufff9", "\ufffda\ufffdb\ufffd\ufffd"],
    ["\u{e0041}\ud800x", "\ufffd\ufffdx"],
    ["a\u00ad\u200b\u2060\ufeffb\u200d\u200cc", "ab\u200d\u200cc"],
    [`a${"\u0301".repeat(4)}b`, `a${"\u0301".repeat(4)}b`],
    [`a${"\u0301".repeat(9)}b`, `a${"\u0301".repeat(4)}b`],
  ])("%j is shown as %j", (text, shown) => {
    expect(plain(text)).toBe(shown);
  });

  it("an excerpt is a plain line without space at its ends", () => {
    expect(excerpt("\n  anna\u0007 and ben ", 8)).toBe("anna\ufffd a…");
  });

  it("a key loses what nobody sees, and keeps its spaces", () => {
    expect(withoutUnseen("a\u200d\u200b\ufe0f\u0000 b\t\nc\u00ad")).toBe("a b\t\nc");
  });
});
