/**
 * `node bench/paper-tenant.mjs USERS`: one cold and one warm audit of a tenant that exists only as arithmetic - users, photos and files
 * are made up when they are asked for. One user in two has a master, one in three no photo. What memory the process takes is the
 * audit's own. STATE_FOLDER keeps the state, PAPER_RUNS=warm does one run alone. Used by bench/audit.mjs and bench/scale.mjs.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import path from "node:path";
import { setImmediate } from "node:timers/promises";
import { settleHeap } from "../dist/cli/heap.js";
import { NO_COST } from "../dist/model/run.js";
import { audit } from "../dist/run/audit.js";
import { openState } from "../dist/state/index.js";

// As src/main.ts does.
settleHeap();

const USERS = Number(process.argv[2]);
const FOLDER = "/User Photos/Profile Pictures";
const PAGE = 999;
const MASTER_SIDE = 648;
const DETAIL = [0.05, 0.05, 0.06, 0.14, 0.2];

const hex = (text) => createHash("sha256").update(text).digest("hex");
const uuid = (text) => hex(text).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/, "$1-$2-$3-$4-$5");
const hasPhoto = (at) => at % 3 !== 0;

function userAt(at) {
  const id = uuid(`id ${at}`);
  const upn = `user.number${at}@contoso.com`;
  const names = { displayName: `User Number${at}`, mail: upn, givenName: "User", surname: `Number${at}` };
  const account = { guest: false, accountEnabled: true, onPremisesSync: null, employeeId: String(at) };
  return {
    id,
    upn,
    ...names,
    ...account,
    samAccountName: null,
    aliases: [],
    licences: { mailbox: true, sharePoint: true },
  };
}

const indexOf = (text) => Number(/number(\d+)/.exec(text)?.[1] ?? 0);

/** Pictures are the number of whom they show; each has pixels of its own. */
function signature(shown, side) {
  // As much detail as portraits have, by the room that they take in the state: 940 to 2,080 bytes, 1,340 on average.
  const detail = DETAIL[shown % DETAIL.length];
  const luma = plane(64, shown, 50, detail);
  const chroma = new Uint8Array([...plane(16, shown + 1, 12, detail / 6), ...plane(16, shown + 2, 12, detail / 6)]);
  const texture = plane(16, shown + 3, 40, 0.12);
  const spectrum =
    side === MASTER_SIDE
      ? []
      : Array.from({ length: 8 }, (_, at) => Number((0.7 * 1.7 ** at + (shown % 97) / 50).toPrecision(4)));
  const size = { width: side, height: side, byteLength: 9000, format: "jpeg", jpegQuality: 85, version: 1 };
  const prints = { hash: hex(`h ${shown}`), dctHash: hex(`d ${shown}`), spectrum, placeholderScore: 0.1 };
  return { sha256: hex(`${shown} ${side}`), ...size, ...prints, luma, chroma, texture };
}

/** Waves under noise. */
function plane(side, seed, height, noise) {
  const pixels = new Uint8Array(side * side);
  let state = (seed * 2654435761 + 12345) >>> 0 || 1;
  for (let i = 0; i < pixels.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    pixels[i] = 128 + height * Math.sin((i % side) / (5 + (seed % 7))) + ((state >>> 24) - 128) * noise;
  }
  return pixels;
}

function filesOf(at) {
  const stem = userAt(at).id;
  return ["S", "M", "L"].map((size) => {
    const name = `${stem}_${size}Thumb.jpg`;
    const length = { S: 2000, M: 4000, L: 9000 }[size];
    return {
      uniqueId: uuid(`${at} ${size}`),
      name,
      folder: FOLDER,
      stem,
      size,
      etag: "1",
      length,
      modifiedAt: "2025-01-01T00:00:00Z",
    };
  });
}

function* pages(size, make) {
  for (let from = 0; from < USERS; from += size) {
    const page = [];
    for (let at = from; at < Math.min(USERS, from + size); at++) page.push(...make(at));
    yield page;
  }
}

const bytesOf = (shown, side) => Buffer.from(`${shown}/${side}`);
const side240 = 240;
const nothing = () => undefined;
/** As the network does: timers of the program get their turn between answers. */
const answered = (value) => setImmediate(value);
const quiet = { step: () => ({ tick: nothing, done: nothing }), note: nothing, warn: nothing };
function told(name) {
  process.stderr.write(`${name} ${Math.round(process.memoryUsage().rss / 1048576)} MiB\n`);
  return quiet.step();
}
const crop = { left: 0, top: 0, width: 648, height: 648 };

function portsOf(state) {
  return {
    directory: {
      async *users() {
        for (const page of pages(PAGE, (at) => [userAt(at)])) yield await answered(page);
      },
      user: async () => null,
      groupMembers: async () => new Set(),
    },
    cloudPhotos: {
      topology: async () => "merged",
      metadata: async (users) =>
        (await answered(users)).map((user) => {
          const result = hasPhoto(indexOf(user.upn))
            ? { kind: "present", etag: "e", width: 648, height: 648 }
            : { kind: "absent" };
          return { userId: user.id, store: "exchange", attribution: "merged", result };
        }),
      renditions: async (requests) =>
        (await answered(requests)).map(({ user, store }) => {
          const bytes = bytesOf(indexOf(user.upn), side240);
          return { userId: user.id, store, result: { kind: "image", bytes, whole: false } };
        }),
      policy: async () => ({ writesBlocked: false, source: "cloud" }),
    },
    sharePoint: {
      locate: async () => ({ folder: FOLDER, folders: [FOLDER], changeMark: "1", itemCount: USERS * 3, webUrl: null }),
      async *inventory() {
        for (const page of pages(1666, (at) => (hasPhoto(at) ? filesOf(at) : []))) yield await answered(page);
      },
      download: async (file) => {
        const user = state.records.user(await answered(file.stem));
        return { bytes: bytesOf(indexOf(user.upn), 200), etag: "1" };
      },
      look: async () => null,
      profiles: async (users) =>
        new Map(
          (await answered(users)).map((user) => [
            user.upn,
            {
              kind: "present",
              accountName: user.upn,
              pictureUrl: "",
              placeholderState: "",
              exchangeSyncState: "1",
              timestamp: "",
            },
          ]),
        ),
    },
    source: {
      scan: async () => {
        const files = [];
        for (let at = 0; at < USERS; at += 2) {
          const file = `user.number${at}@contoso.com.jpg`;
          files.push({ file, path: file, bytes: 1, mtimeMs: 1 });
        }
        return { files, skipped: [] };
      },
      mapping: async () => null,
      consentWithdrawn: async () => [],
      pinned: async () => [],
      listFiles: { consent: "", pins: "", mapping: "" },
    },
    images: {
      signatureVersion: 1,
      masterRecipe: "1",
      sign: async (bytes) => {
        const [shown, side] = bytes.toString().split("/").map(Number);
        return signature(shown, side);
      },
      signMaster: async (file) => ({ signature: signature(indexOf(file), MASTER_SIDE), crop, unsuitable: null }),
      references: async ({ path: file }, _crop, { width }) => [
        { framing: "whole", signature: signature(indexOf(file), width) },
      ],
      preview: async () => Buffer.alloc(3000),
    },
    records: state.records,
    clock: { now: () => Date.now() },
    meter: { cost: () => NO_COST },
    progress: process.env.VERBOSE ? { ...quiet, step: told } : quiet,
  };
}

const settings = {
  tenant: "contoso.com",
  pictureOrigin: "https://contoso-my.sharepoint.com:443",
  mode: "audit",
  trigger: "cli",
  scope: { guests: false, disabledAccounts: false, groups: [], include: [], exclude: [] },
  policy: {
    authority: "source",
    minimumPixels: 240,
    lowResolutionBelow: 200,
    propagationMs: 0,
    consent: null,
    pins: null,
    autoApply: [],
    severity: {},
  },
  sharePoint: { enabled: true, fix: "direct", stem: "keep", thumbnails: { S: 48, M: 72, L: 200 } },
  source: { folder: "/photos", patterns: ["{upn}", "{first} {last}"], domain: null },
  maxChangePercent: 30,
  keepRuns: 90,
  users: [],
  groups: [],
  rules: [],
  stores: [],
  full: false,
  signal: null,
};

const kept = process.env.STATE_FOLDER;
const folder = kept ?? (await mkdtemp(path.join(tmpdir(), "photodrift-paper-")));
const state = openState(path.join(folder, "state.db"), "contoso.com");
try {
  for (const id of (process.env.PAPER_RUNS ?? "cold,warm").split(",")) {
    const run = { id, startedAt: new Date().toISOString() };
    state.records.beginRun({ ...run, mode: "audit", trigger: "cli", tenant: "contoso.com" });
    const { summary } = await state.observing(() => audit(portsOf(state), settings, run, null));
    state.records.prune({ audits: 90, undoSince: "9999" });
    if (process.env.VERBOSE)
      process.stderr.write(`${id} ${JSON.stringify(summary)} cpu ${JSON.stringify(process.cpuUsage())}\n`);
  }
} finally {
  state.close();
  if (kept === undefined) await rm(folder, { recursive: true, force: true });
}
