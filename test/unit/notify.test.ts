import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import { makeSecret } from "../../src/config/secret.js";
import type { NotifyCondition, NotifyConfig } from "../../src/model/notify.js";
import { PhotodriftError } from "../../src/model/errors.js";
import { entraAddress } from "../../src/model/address.js";
import type { NextStep } from "../../src/model/next-steps.js";
import type { Verdict } from "../../src/model/run.js";
import { applies, type NotifiedFinding, type NotifiedPerson, type RunMessage } from "../../src/notify/message.js";
import type { Mail, NotifyPorts } from "../../src/notify/channel.js";
import { notify } from "../../src/notify/notify.js";
import { MOST_CARD_BYTES, teamsBody } from "../../src/notify/channels/teams.js";

interface Received {
  readonly headers: IncomingMessage["headers"];
  readonly url: string;
  readonly body: string;
}

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** A receiver that answers with each status in turn, the last one for ever. */
async function receiver(answers: readonly { status: number; headers?: Record<string, string> }[]) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const answer = answers[Math.min(received.length, answers.length - 1)];
      received.push({ headers: request.headers, url: request.url ?? "", body: Buffer.concat(chunks).toString("utf8") });
      response.writeHead(answer?.status ?? 500, answer?.headers);
      response.end("sig=topsecret");
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { received, url: `http://127.0.0.1:${port}/hook?sig=topsecret`, port };
}

/** An address at which nothing listens. */
async function downUrl(): Promise<string> {
  const { port } = await receiver([{ status: 200 }]);
  const server = servers.pop();
  await new Promise((resolve) => server?.close(resolve));
  return `http://127.0.0.1:${port}/hook?sig=topsecret`;
}

function ports(waits: number[] = [], mails: Mail[] = []): NotifyPorts {
  return {
    fetch: (url, init) => fetch(url, init),
    sleep: async (ms) => void waits.push(ms),
    sendMail: async (mail) => void mails.push(mail),
  };
}

function finding(index: number, displayName = `User ${index}`, summary = "shows a retired master"): NotifiedFinding {
  return {
    id: `f${index}`,
    rule: "stale-photo",
    severity: "error",
    drift: true,
    user: { id: `id${index}`, upn: `user${index}@contoso.com`, displayName },
    address: entraAddress(`user${index}@contoso.com`),
    cause: "master-changed",
    summary,
    firstSeen: "2026-11-23T02:30:00.000Z",
  };
}

function person(
  index: number,
  who = `User ${index} (user${index}@contoso.com)`,
  what = "somebody else's face (SharePoint L, M, S)",
): NotifiedPerson {
  return { who, severity: "critical", new: index === 1, what };
}

const STEPS: readonly NextStep[] = [
  {
    kind: "decide",
    sentence: "2 findings need the eyes of a person.",
    commands: ["photodrift decide decisions-1.json --config /etc/photodrift.yaml"],
    rules: [],
  },
];

function message(more: Partial<RunMessage> = {}, verdict: Verdict = "drift"): RunMessage {
  return {
    run: {
      id: "20261123T023000-ab12",
      mode: "audit",
      trigger: "schedule",
      tenant: "191815e2-37f6-4bc6-8354-ce15c815efd8",
      startedAt: "2026-11-23T02:30:00.000Z",
      finishedAt: "2026-11-23T02:31:00.000Z",
      verdict,
      exitCode: 2,
      complete: true,
    },
    summary: {
      users: 100,
      usersInScope: 90,
      usersInSync: 85,
      usersWithDrift: 5,
      masters: 88,
      byRule: { "stale-photo": 5, "user-without-master": 2 },
      byStore: { exchange: 5 },
      new: 4,
      persisting: 2,
      resolved: 1,
    },
    drift: { new: 3, persisting: 2, resolved: 1 },
    tenantName: "contoso",
    topFindings: [finding(1), finding(2)],
    people: { top: [person(1), person(2)], total: 7 },
    steps: STEPS,
    openDecisions: 2,
    report: "/srv/reports/photodrift-1.html",
    schedule: "nightly",
    error: null,
    ...more,
  };
}

const webhook = (url: string, on: NotifyCondition = "always", secret: string | null = null): NotifyConfig => ({
  kind: "webhook",
  url: makeSecret(url),
  secret: secret === null ? null : makeSecret(secret),
  on,
});
const teams = (url: string): NotifyConfig => ({ kind: "teams", url: makeSecret(url), on: "drift" });

describe("what people read in a notification", () => {
  it("holds nothing that hides or turns words round, in any channel", async () => {
    const hostile = "A\u200enn\u202ea\nB\u001b[31merg\u00ad";
    const who = { ...person(1), who: hostile, what: hostile };
    const told = message({
      tenantName: hostile,
      people: { top: [who], total: 1 },
      topFindings: [{ ...finding(1), summary: hostile }],
      error: { message: hostile, hint: hostile },
    });
    const { received, url } = await receiver([{ status: 200 }]);
    const mails: Mail[] = [];
    const mail: NotifyConfig = { kind: "mail", from: "a@contoso.com", to: ["b@contoso.com"], on: "always" };
    const results = await notify([webhook(url), { ...teams(url), on: "always" }, mail], told, ports([], mails));
    expect(results.map(({ outcome }) => outcome)).toEqual(["sent", "sent", "sent"]);
    const texts = [
      ...received.map(({ body }) => JSON.stringify(JSON.parse(body))),
      ...mails.map(({ html, subject }) => subject + html),
    ];
    expect(texts).toHaveLength(3);
    for (const text of texts) {
      expect(text).toContain("Ann\ufffda B\ufffd");
      expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u);
    }
  });
});

describe("notify", () => {
  it("reaches every receiver that is up, reports the one that is down, and shows no secret", async () => {
    const hook = await receiver([{ status: 200 }]);
    const card = await receiver([{ status: 202 }]);
    const mails: Mail[] = [];
    const entries = [
      webhook(hook.url, "new-drift", "key"),
      teams(card.url),
      webhook(await downUrl()),
      { kind: "mail", from: "it@contoso.com", to: ["a@contoso.com", "b@contoso.com"], on: "drift" } as const,
      webhook(hook.url, "failure"),
    ];
    const results = await notify(entries, message(), ports([], mails));
    expect(results.map(({ kind, outcome, attempts, detail }) => [kind, outcome, attempts, detail])).toEqual([
      ["webhook", "sent", 1, "HTTP 200"],
      ["teams", "sent", 1, "HTTP 202"],
      ["webhook", "failed", 3, "ECONNREFUSED"],
      ["mail", "sent", 1, "accepted"],
      ["webhook", "not-due", 0, "on: failure"],
    ]);
    expect(results[0]?.target).toBe(`127.0.0.1:${hook.port}`);
    expect(inspect(results, { depth: 9 }) + JSON.stringify(results)).not.toMatch(/topsecret|key"|\/hook/);
    expect(hook.received).toHaveLength(1);
    expect(card.received).toHaveLength(1);
    expect(mails).toHaveLength(1);
  });

  it("signs the webhook's bytes so that the receiver can check them", async () => {
    const { received, url } = await receiver([{ status: 204 }]);
    await notify([webhook(url, "always", "schlüssel")], message({ topFindings: [finding(1, "Jürgen 🙂")] }), ports());
    const [request] = received;
    const expected = createHmac("sha256", "schlüssel")
      .update(Buffer.from(request?.body ?? "", "utf8"))
      .digest("hex");
    expect(request?.headers["x-photodrift-signature"]).toBe(`sha256=${expected}`);
    expect(request?.headers["x-photodrift-delivery"]).toBe("20261123T023000-ab12");
    expect(request?.headers["content-type"]).toMatch(/^application\/json/);
    expect(JSON.parse(request?.body ?? "")).toMatchObject({
      formatVersion: "1.0",
      event: "run-finished",
      title: "Photo drift in contoso: 3 new, 2 persisting, 1 resolved; 2 decisions are open",
      schedule: "nightly",
      run: { verdict: "drift", exitCode: 2 },
      drift: { new: 3 },
      findings: [{ rule: "stale-photo", user: { displayName: "Jürgen 🙂" } }],
      tenantName: "contoso",
      report: "/srv/reports/photodrift-1.html",
      openDecisions: 2,
      nextSteps: [{ kind: "decide" }],
      people: { total: 7, top: [{ new: true }, { new: false }] },
    });
    await notify([webhook(url)], message(), ports());
    expect(received[1]?.headers["x-photodrift-signature"]).toBeUndefined();
  });

  it("tries again where that may help, and waits as long as it is asked to", async () => {
    const { received, url } = await receiver([
      { status: 429, headers: { "retry-after": "7" } },
      { status: 503 },
      { status: 200 },
    ]);
    const waits: number[] = [];
    const [result] = await notify([webhook(url)], message(), ports(waits));
    expect(result).toMatchObject({ outcome: "sent", attempts: 3 });
    expect(waits).toEqual([7_000, 2_000]);
    expect(received).toHaveLength(3);
    expect(new Set(received.map(({ headers }) => headers["x-photodrift-delivery"])).size).toBe(1);
  });

  it("neither follows a redirect nor repeats a refusal, and never waits for hours", async () => {
    const other = await receiver([{ status: 200 }]);
    const redirect = await receiver([{ status: 307, headers: { location: other.url } }]);
    const gone = await receiver([{ status: 410 }]);
    const slow = await receiver([{ status: 503, headers: { "retry-after": "86400" } }]);
    const waits: number[] = [];
    const results = await notify(
      [webhook(redirect.url), webhook(gone.url), webhook(slow.url)],
      message(),
      ports(waits),
    );
    expect(results.map(({ outcome, detail }) => `${outcome} ${detail}`)).toEqual([
      "failed HTTP 307",
      "failed HTTP 410",
      "failed HTTP 503",
    ]);
    expect(other.received).toHaveLength(0);
    expect(gone.received).toHaveLength(1);
    expect(Math.max(...waits)).toBeLessThanOrEqual(15_000);
  });

  it("turns whatever a port throws into a result without its words", async () => {
    const broken: NotifyPorts = {
      fetch: () => Promise.reject(new TypeError("fetch failed: https://x/?sig=topsecret")),
      sleep: async () => undefined,
      sendMail: () => Promise.reject(new PhotodriftError("mailbox-missing", "no mailbox", "")),
    };
    const results = await notify(
      [
        webhook("https://x/?sig=topsecret"),
        { kind: "mail", from: "a@b", to: ["c@d"], on: "always" },
        webhook("not a url"),
      ],
      message(),
      broken,
    );
    expect(results.map(({ outcome, detail }) => `${outcome} ${detail}`)).toEqual([
      "failed no connection",
      "failed mailbox-missing: no mailbox",
      "failed no connection",
    ]);
  });
});

describe("conditions", () => {
  const drifted = { new: 0, persisting: 4, resolved: 0 };
  const none = { new: 0, persisting: 0, resolved: 2 };
  it.each<[string, RunMessage, NotifyCondition[]]>([
    ["new drift", message(), ["new-drift", "drift", "always"]],
    ["the same drift as before", message({ drift: drifted }), ["drift", "always"]],
    ["in sync", message({ drift: none }, "in-sync"), ["always"]],
    ["failed", message({ drift: none }, "failed"), ["failure", "always"]],
    ["refused", message({ drift: drifted }, "refused"), ["drift", "failure", "always"]],
    ["incomplete with new drift", message({}, "incomplete"), ["new-drift", "drift", "failure", "always"]],
  ])("%s", (_, told, due) => {
    const all: NotifyCondition[] = ["new-drift", "drift", "failure", "always"];
    expect(all.filter((condition) => applies(condition, told))).toEqual(due);
  });
});

describe("the Teams card", () => {
  interface Card {
    readonly type: string;
    readonly attachments: readonly [
      { contentType: string; content: { type: string; version: string; body: { text?: string }[] } },
    ];
  }
  const read = (body: string) => JSON.parse(body) as Card;

  it("is an adaptive card 1.4 in a message", () => {
    const card = read(teamsBody(message()));
    expect(card.type).toBe("message");
    expect(card.attachments[0].contentType).toBe("application/vnd.microsoft.card.adaptive");
    expect(card.attachments[0].content).toMatchObject({ type: "AdaptiveCard", version: "1.4" });
    const texts = card.attachments[0].content.body.map(({ text }) => text).join("\n");
    expect(texts).toContain("Photo drift in contoso: 3 new, 2 persisting, 1 resolved; 2 decisions are open");
    expect(texts).toContain("and 5 more in the report");
  });

  it("says what to do, in which tenant, and one line a user", () => {
    const { body } = read(teamsBody(message())).attachments[0].content;
    const texts = body.flatMap(({ text }) => (text === undefined ? [] : [text.replaceAll("\\", "")]));
    expect(texts).toContain("1. 2 findings need the eyes of a person.");
    expect(texts).toContain("photodrift decide decisions-1.json --config /etc/photodrift.yaml");
    expect(texts.filter((text) => text.includes("@contoso.com"))).toEqual([
      "new · User 1 (user1@contoso.com) · somebody else's face (SharePoint L, M, S)",
      "User 2 (user2@contoso.com) · somebody else's face (SharePoint L, M, S)",
    ]);
    expect(JSON.stringify(body)).toContain("contoso \\\\(191815e2-37f6-4bc6-8354-ce15c815efd8\\\\)");
    expect(JSON.stringify(body)).toContain("/srv/reports/photodrift-1.html");
  });

  it("stays under 28 KB whatever the names are", () => {
    const long = Array.from({ length: 60 }, (_, i) => person(i, "🧑‍🚀".repeat(400), "漢".repeat(3_000)));
    const body = teamsBody(message({ people: { top: long, total: 60 } }));
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(MOST_CARD_BYTES);
    expect(Buffer.byteLength(body)).toBeGreaterThan(2_000);
  });

  it("does not let a display name become a link, an expression or another line", () => {
    const body = teamsBody(
      message({ people: { top: [person(1, "[pay](https://evil.example)\n# ${x} **b** \u202e<script>")], total: 2 } }),
    );
    const text = read(body).attachments[0].content.body.at(-2)?.text ?? "";
    expect(text).toContain("\\[pay\\]\\(https://evil.example\\)");
    expect(text).not.toMatch(/\n|\$\{|<|\u202e/);
  });
});

describe("the mail", () => {
  it("is HTML without anything of a user's in it, and a subject of one line", async () => {
    const mails: Mail[] = [];
    const told = message({ people: { top: [person(1, "<img src=x onerror=alert(1)>")], total: 1 } });
    const tenantName = "contoso\r\nBcc: all@contoso.com";
    await notify(
      [{ kind: "mail", from: "it@contoso.com", to: ["a@contoso.com"], on: "always" }],
      { ...told, tenantName },
      ports([], mails),
    );
    const [mail] = mails;
    expect(mail?.subject).not.toMatch(/[\r\n]/);
    expect(mail?.html).toContain("&#60;img src=x onerror=alert(1)&#62;");
    expect(mail?.html).not.toContain("<img");
    expect(mail?.html).toContain("<li>2 findings need the eyes of a person.<br><code>photodrift decide");
    expect(mail?.html).toContain("/srv/reports/photodrift-1.html");
    expect([mail?.from, mail?.to]).toEqual(["it@contoso.com", ["a@contoso.com"]]);
  });
});
