import type { GraphError } from "@microsoft/microsoft-graph-client";
import { type Client, ResponseType } from "@microsoft/microsoft-graph-client";
import { createHash } from "node:crypto";
import sharp from "sharp";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { vendorGraphClient } from "../support/graph-client.js";
import { openSandbox, type Answer, type TestSandbox } from "../support/sandbox.js";

/**
 * Photos and $batch of Graph, through the unmodified @microsoft/microsoft-graph-client 3.0.7 where it can do it.
 * Sources: facts/graph-entra-exchange.md sections 1, 2, 4.
 */
let sandbox: TestSandbox & { readonly close: () => Promise<void> };
let client: Client;
let token: string;
let users: readonly DumpedUser[];

interface DumpedUser {
  readonly id: string;
  readonly upn: string;
  readonly hasMailbox: boolean;
  readonly entra: { readonly etag: string } | null;
  readonly exchange: { readonly etag: string; readonly sha256: string } | null;
}

interface Metadata {
  readonly "@odata.mediaEtag": string;
  readonly id: string;
  readonly width: number;
  readonly height: number;
}

interface SubResponse {
  readonly id: string;
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly body?: unknown;
}

beforeAll(async () => {
  sandbox = await openSandbox({ users: 30 });
  token = await sandbox.secretToken("https://graph.microsoft.com");
  const state = (await sandbox.send(`${sandbox.origins.graph}/sandbox/state`)).json as { users: DumpedUser[] };
  users = state.users;
  client = vendorGraphClient(sandbox);
});
afterAll(() => sandbox.close());
afterEach(async () => {
  const switches = { photoService: "merged", noPhoto: "image-not-found", missingSize: "resize", conditionalGet: "off" };
  await sandbox.set({
    ...switches,
    photoEtagHeader: "on",
    batchOrder: "shuffled",
    faults: "none",
    "policy.source": "none",
  });
});

function call(
  method: string,
  path: string,
  options: { body?: Buffer | string; headers?: { [name: string]: string } } = {},
): Promise<Answer> {
  return sandbox.send(`${sandbox.origins.graph}${path}`, { method, token, ...options });
}

function codeOf(answer: Answer): string {
  return (answer.json as { error: { code: string } }).error.code;
}

function withPhoto(): DumpedUser {
  return found(users.find((user) => user.hasMailbox && user.exchange !== null));
}

function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("the seed has no such user");
  return value;
}

function picture(side: number, colour: string): Promise<Buffer> {
  return sharp({ create: { width: side, height: side, channels: 3, background: colour } })
    .jpeg()
    .toBuffer();
}

const JPEG = { "content-type": "image/jpeg" };

describe("reading", () => {
  it("/photo has the six members seen on a live tenant, id `default`, a quoted etag [O S5]", async () => {
    const { id } = withPhoto();
    const metadata = (await client.api(`/users/${id}/photo`).get()) as Metadata;
    expect(Object.keys(metadata)).toEqual([
      "@odata.context",
      "@odata.mediaContentType",
      "@odata.mediaEtag",
      "id",
      "height",
      "width",
    ]);
    expect(metadata.id).toBe("default");
    expect(metadata["@odata.mediaEtag"]).toMatch(/^"[0-9A-F]{8}"$/);
    const bytes = (await client
      .api(`/users/${id}/photo/$value`)
      .responseType(ResponseType.ARRAYBUFFER)
      .get()) as ArrayBuffer;
    const { width, height } = await sharp(Buffer.from(bytes)).metadata();
    expect([width, height]).toEqual([metadata.width, metadata.height]);
  });

  it("a 504 px upload yields every size but 648, in any case of the x [D S1]", async () => {
    const { id } = withPhoto();
    expect(
      (await call("PUT", `/v1.0/users/${id}/photo/$value`, { body: await picture(504, "#356"), headers: JPEG })).status,
    ).toBe(200);
    const list = (await call("GET", `/v1.0/users/${id}/photos`)).json as { value: Metadata[] };
    expect(list.value.map((size) => size.width)).toEqual([48, 64, 96, 120, 240, 360, 432, 504]);
    expect((await call("GET", `/v1.0/users/${id}/photos/648x648`)).status).toBe(404);
    const small = await call("GET", `/v1.0/users/${id}/photos/96X96/$value`);
    expect(small.headers["content-type"]).toBe("image/jpeg");
    expect((await sharp(small.bytes).metadata()).width).toBe(96);
  });

  it("no photo: 404 ImageNotFound, or the documented 1x1 [O S5; D S1]", async () => {
    const { id, upn } = found(users[1]);
    await sandbox.set({ [`user.${upn}.photo.entra`]: "none", [`user.${upn}.photo.exchange`]: "none" });
    const missing = await call("GET", `/v1.0/users/${id}/photo`);
    expect([missing.status, codeOf(missing)]).toEqual([404, "ImageNotFound"]);
    await sandbox.set({ noPhoto: "one-by-one" });
    expect((await call("GET", `/v1.0/users/${id}/photo`)).json).toMatchObject({
      id: "1x1",
      width: 1,
      "@odata.mediaEtag": "",
    });
    expect((await call("GET", `/v1.0/users/${id}/photo/$value`)).status).toBe(404);
  });

  it("an address that is no UPN gets ImageNotFound, an unknown id Request_ResourceNotFound [O S19, S27]", async () => {
    expect(codeOf(await call("GET", "/v1.0/users/alias@contoso.com/photo"))).toBe("ImageNotFound");
    expect(codeOf(await call("GET", "/v1.0/users/00000000-0000-4000-8000-000000000000/photo"))).toBe(
      "Request_ResourceNotFound",
    );
  });

  it("finds guests by an encoded UPN; the SDK cuts at # when it is not [M facts 1.4]", async () => {
    const guest = users.find((user) => user.upn.includes("#"));
    if (!guest) return;
    expect((await call("GET", `/v1.0/users/${encodeURIComponent(guest.upn)}`)).status).toBe(200);
  });

  it("sizes that are not stored are made, or missing [O S30; unknown today]", async () => {
    const { id } = withPhoto();
    expect((await call("GET", `/v1.0/users/${id}/photos/48x48/$value`)).status).toBe(200);
    await sandbox.set({ missingSize: "not-found" });
    expect((await call("GET", `/v1.0/users/${id}/photos/48x48/$value`)).status).toBe(404);
    expect((await call("GET", `/v1.0/users/${id}/photos/240x240/$value`)).status).toBe(200);
  });

  it("ETag header and 304 on $value are switches: neither is documented [O S7]", async () => {
    const path = `/v1.0/users/${withPhoto().id}/photo/$value`;
    const etag = String((await call("GET", path)).headers["etag"]);
    expect((await call("GET", path, { headers: { "if-none-match": etag } })).status).toBe(200);
    await sandbox.set({ conditionalGet: "on" });
    expect((await call("GET", path, { headers: { "if-none-match": etag } })).status).toBe(304);
    await sandbox.set({ photoEtagHeader: "off" });
    expect((await call("GET", path)).headers["etag"]).toBeUndefined();
  });
});

describe("merged and split photo service [D S2, S3, S23; O S31]", () => {
  it("merged: the mailbox-side photo first, the directory's where there is none", async () => {
    const { id, upn } = found(users.find((user, at) => at > 2 && user.hasMailbox && user.exchange !== null));
    await sandbox.set({ [`user.${upn}.photo.exchange`]: "placeholder" });
    const before = (await call("GET", `/v1.0/users/${id}/photo`)).json as Metadata;
    expect(before.width).toBe(648);
    await sandbox.set({ [`user.${upn}.photo.exchange`]: "none" });
    const after = (await call("GET", `/v1.0/users/${id}/photo`)).json as Metadata;
    expect(after["@odata.mediaEtag"]).not.toBe(before["@odata.mediaEtag"]);
  });

  it("split: v1.0 knows mailboxes only, beta falls back to the directory", async () => {
    const { id, upn } = found(users.find((user, at) => at > 4 && user.hasMailbox && user.exchange !== null));
    await sandbox.set({
      photoService: "split",
      [`user.${upn}.mailbox`]: "off",
      [`user.${upn}.photo.exchange`]: "none",
    });
    const refused = await call("GET", `/v1.0/users/${id}/photo`);
    expect([refused.status, codeOf(refused)]).toEqual([404, "ErrorNonExistentMailbox"]);
    expect((await call("GET", `/beta/users/${id}/photo`)).status).toBe(200);
    await sandbox.set({ photoService: "merged" });
    expect((await call("GET", `/v1.0/users/${id}/photo`)).status).toBe(200);
  });
});

describe("writing", () => {
  it("PUT is 200, re-encodes, and gives a new etag even for the same bytes [D S8; facts/peers.md 0.4]", async () => {
    const { id } = found(users[8]);
    const body = await picture(300, "#a31");
    await client.api(`/users/${id}/photo/$value`).header("Content-Type", "image/jpeg").put(body);
    const first = (await client.api(`/users/${id}/photo`).get()) as Metadata;
    await sandbox.clearLog();
    await client.api(`/users/${id}/photo/$value`).header("Content-Type", "image/jpeg").put(body);
    const second = (await client.api(`/users/${id}/photo`).get()) as Metadata;
    expect(second["@odata.mediaEtag"]).not.toBe(first["@odata.mediaEtag"]);
    const { summary } = await sandbox.log();
    expect(summary.accusations).toContainEqual(expect.objectContaining({ kind: "unneeded-write", count: 1 }));
  });

  it("the content type must be image/jpeg, the body at most 4 MB [D S8, S40]", async () => {
    const path = `/v1.0/users/${found(users[8]).id}/photo/$value`;
    expect((await call("PUT", path, { body: await picture(300, "#fff") })).status).toBe(415);
    expect((await call("PUT", path, { body: Buffer.alloc(4 * 1024 * 1024 + 1), headers: JPEG })).status).toBe(413);
  });

  it("no mailbox: over 100 KB is a bare 404 [O S41]", async () => {
    const { id, upn } = found(users[9]);
    await sandbox.set({ [`user.${upn}.mailbox`]: "off", [`user.${upn}.photo.exchange`]: "none" });
    const noise = Buffer.from(Array.from({ length: 600 * 600 * 3 }, (_, at) => (at * 7919) % 256));
    const large = await sharp(noise, { raw: { width: 600, height: 600, channels: 3 } })
      .jpeg({ quality: 100 })
      .toBuffer();
    expect(large.length).toBeGreaterThan(100 * 1024);
    const answer = await call("PUT", `/v1.0/users/${id}/photo/$value`, { body: large, headers: JPEG });
    expect([answer.status, answer.text]).toEqual([404, ""]);
  });

  it("is blocked by source=onPremises [D S46; body unknown]", async () => {
    await sandbox.set({ "policy.source": "onPremises" });
    const answer = await call("PUT", `/v1.0/users/${found(users[8]).id}/photo/$value`, {
      body: await picture(300, "#123"),
      headers: JPEG,
    });
    expect(answer.status).toBe(403);
  });

  it("DELETE is 204, then ImageNotFound; If-Match guards it [D S45]", async () => {
    const path = `/v1.0/users/${found(users[10]).id}/photo/$value`;
    await call("PUT", path, { body: await picture(300, "#472"), headers: JPEG });
    expect((await call("DELETE", path, { headers: { "if-match": '"00000000"' } })).status).toBe(412);
    expect((await call("DELETE", path)).status).toBe(204);
    expect(codeOf(await call("DELETE", path))).toBe("ImageNotFound");
  });

  it("needs a writing role: 403 ErrorAccessDenied [O S28]", async () => {
    await sandbox.set({ "role.graph.ProfilePhoto.ReadWrite.All": "off" });
    const poor = await sandbox.secretToken("https://graph.microsoft.com");
    await sandbox.set({ "role.graph.ProfilePhoto.ReadWrite.All": "on" });
    const url = `${sandbox.origins.graph}/v1.0/users/${found(users[8]).id}/photo/$value`;
    const answer = await sandbox.send(url, {
      method: "PUT",
      token: poor,
      headers: JPEG,
      body: await picture(300, "#123"),
    });
    expect([answer.status, codeOf(answer)]).toEqual([403, "ErrorAccessDenied"]);
  });
});

describe("$batch [D S15, S14]", () => {
  async function batch(requests: readonly object[]): Promise<SubResponse[]> {
    const answer = (await client.api("/$batch").post({ requests })) as { responses: SubResponse[] };
    return answer.responses;
  }

  it("answers 20 in any order; pictures are base64, errors JSON, each with its own status", async () => {
    const requests = users
      .slice(0, 20)
      .map((user, at) => ({ id: String(at), method: "GET", url: `/users/${user.id}/photo/$value` }));
    const responses = await batch(requests);
    expect(new Set(responses.map((response) => response.id)).size).toBe(20);
    const image = found(responses.find((response) => response.status === 200));
    expect(image.headers["Content-Type"]).toBe("image/jpeg");
    expect((await sharp(Buffer.from(String(image.body), "base64")).metadata()).format).toBe("jpeg");
    const { summary } = await sandbox.log();
    expect(summary.maxConcurrentPerMailbox).toBeLessThanOrEqual(4);
  });

  it("takes pictures as base64 and base64url", async () => {
    const { id } = found(users[11]);
    const bytes = await picture(320, "#5a8");
    const put = (body: string): Promise<SubResponse[]> =>
      batch([
        { id: "1", method: "PUT", url: `/users/${id}/photo/$value`, headers: { "Content-Type": "image/jpeg" }, body },
      ]);
    await sandbox.clearLog();
    expect((await put(bytes.toString("base64")))[0]?.status).toBe(200);
    expect((await put(bytes.toString("base64url")))[0]?.status).toBe(200);
    await call("PUT", `/v1.0/users/${id}/photo/$value`, { body: bytes, headers: JPEG });
    expect((await call("GET", `/v1.0/users/${id}/photo`)).json).toMatchObject({ width: 320 });
    // The log tells which bytes were sent, whatever the service made of them.
    const sent = (await sandbox.log()).entries.filter(({ method }) => method === "PUT");
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    expect(sent.map(({ sentSha256 }) => sentSha256)).toEqual([sha256, sha256, sha256]);
  });

  it.each([
    ["21 requests [O S55]", Array.from({ length: 21 }, (_, at) => ({ id: String(at), method: "GET", url: "/users" }))],
    [
      "the same id twice",
      [
        { id: "a", method: "GET", url: "/users" },
        { id: "A", method: "GET", url: "/users" },
      ],
    ],
    ["a body without Content-Type", [{ id: "1", method: "PUT", url: "/users/x/photo/$value", body: "AAAA" }]],
    ["no requests", []],
  ])("refuses %s with 400 as a whole", async (_case, requests) => {
    const answer = await call("POST", "/v1.0/$batch", {
      body: JSON.stringify({ requests }),
      headers: { "content-type": "application/json" },
    });
    expect(answer.status).toBe(400);
  });

  it("URLs are relative to the version: /v1.0 in front is not found", async () => {
    const [response] = await batch([{ id: "1", method: "GET", url: "/v1.0/users" }]);
    expect(response?.status).toBe(400);
  });

  it("dependsOn: what waits for a failure is 424", async () => {
    const responses = await batch([
      { id: "1", method: "GET", url: "/users/nobody@contoso.com" },
      { id: "2", method: "GET", url: "/users", dependsOn: ["1"] },
    ]);
    expect(responses.find((response) => response.id === "2")?.status).toBe(424);
  });

  it("a throttled sub-request has a 429 and Retry-After of its own, the batch is 200", async () => {
    const target = found(users[3]);
    await sandbox.set({ fault: `429,route=*/photo*,user=${target.upn},after=7,count=1` });
    const requests = users
      .slice(2, 6)
      .map((user, at) => ({ id: String(at), method: "GET", url: `/users/${user.id}/photo` }));
    const responses = await batch(requests);
    const throttled = responses.filter((response) => response.status === 429);
    expect(throttled).toHaveLength(1);
    expect(throttled[0]).toMatchObject({
      id: "1",
      headers: { "Retry-After": "7" },
      body: { error: { code: "TooManyRequests" } },
    });
  });
});

it("the SDK's own retry honours Retry-After and goes on [D S58]", async () => {
  const { id } = withPhoto();
  await sandbox.clearLog();
  await sandbox.set({ fault: "429,host=graph,route=*/photo,after=1,count=1" });
  await expect(client.api(`/users/${id}/photo`).get()).resolves.toHaveProperty("id", "default");
  const { entries, summary } = await sandbox.log();
  expect(entries.filter((entry) => entry.host === "graph").map((entry) => entry.status)).toEqual([429, 200]);
  expect(summary.accusations.map((accusation) => accusation.kind)).not.toContain("early-retry");
});

it("more than four at once for one mailbox: 429 ApplicationThrottled, and accused [D S14; O S59]", async () => {
  const { id } = withPhoto();
  await sandbox.clearLog();
  const noisy = await sharp(Buffer.alloc(1200 * 1200 * 3, 90), { raw: { width: 1200, height: 1200, channels: 3 } })
    .jpeg()
    .toBuffer();
  const answers = await Promise.all(
    Array.from({ length: 12 }, () => call("PUT", `/v1.0/users/${id}/photo/$value`, { body: noisy, headers: JPEG })),
  );
  expect(answers.some((answer) => answer.status === 429 && codeOf(answer) === "ApplicationThrottled")).toBe(true);
  const { summary } = await sandbox.log();
  expect(summary.maxConcurrentPerMailbox).toBeGreaterThan(4);
  expect(summary.accusations.map((accusation) => accusation.kind)).toContain("more-than-4-per-mailbox");
});

it("errors reach the SDK with code and status [O S5]", async () => {
  const { id, upn } = found(users[1]);
  await sandbox.set({ [`user.${upn}.photo.entra`]: "none", [`user.${upn}.photo.exchange`]: "none" });
  const error = (await client
    .api(`/users/${id}/photo`)
    .get()
    .catch((thrown: unknown) => thrown)) as GraphError;
  expect([error.statusCode, error.code]).toEqual([404, "ImageNotFound"]);
});
