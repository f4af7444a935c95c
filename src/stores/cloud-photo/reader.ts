import { inChunks } from "../../model/chunks.js";
import type { DirectoryUser } from "../../model/user.js";
import type { CloudPhotoReader, CloudPhotoReading } from "../../run/ports.js";
import { type Reading, readBody } from "../answers/described.js";
import { type PhotoMetadata, photoMetadata } from "../answers/photos.js";
import { BATCH_SIZE, type BatchAnswer, getBatched } from "../http/batch.js";
import { asStoreError } from "../http/failures.js";
import type { Graph } from "../http/graph.js";
import type { CostMeter } from "../http/meter.js";
import { photoPath, type Question, questionsFor, type Version } from "./api.js";
import { classify, NEEDS_PHOTOS, unusablePhoto, vague } from "./classify.js";
import { readPolicy } from "./policy.js";
import { readRenditions } from "./renditions.js";
import { asError } from "../../model/caught.js";

const ASKS = "read the photos' metadata";

/** Entra and Exchange photos through Microsoft Graph, in batches of twenty by object id. */
export function createCloudPhotoReader(graph: Graph, meter: CostMeter): CloudPhotoReader {
  let topology: "merged" | "split" = "merged";
  /** What the sample was answered: each answer serves the first question about its user. */
  const sampled: Answers = new Map();

  return {
    async topology(sample) {
      sampled.clear();
      topology = await probeTopology(graph, sample, sampled);
      return topology;
    },

    async metadata(users) {
      const questions = users.flatMap((user) => questionsFor(user, topology));
      const known = questions.map((question) => taken(sampled, keyOf(question.version, question.user)));
      const asked = await ask(
        graph,
        questions.filter((_, index) => known[index] === undefined),
      );
      let next = 0;
      const answers = known.map((answer) => answer ?? asked[next++]);
      const readings = questions.map((question, index) => readingOf(question, answers[index]));
      return await fromDirectory(graph, questions, answers, readings);
    },

    renditions: (requests) => readRenditions(graph, meter, requests, topology),
    policy: () => readPolicy(graph),
  };
}

/** Answers that prove something, by version and user. */
type Answers = Map<string, BatchAnswer>;

function keyOf(version: Version, user: { readonly id: string }): string {
  return `${version} ${user.id}`;
}

function taken(answers: Answers, key: string): BatchAnswer | undefined {
  const answer = answers.get(key);
  answers.delete(key);
  return answer;
}

/** Answers in the order of the questions; an Error where a whole batch failed for good. */
async function ask(graph: Graph, questions: readonly Question[]): Promise<readonly (BatchAnswer | Error)[]> {
  const answers: (BatchAnswer | Error)[] = [];
  await Promise.all(
    (["v1.0", "beta"] as const).map(async (version) => {
      const indexes = questions.flatMap((question, index) => (question.version === version ? [index] : []));
      const got = await askEach(
        graph,
        version,
        indexes.map((index) => (questions[index] as Question).user),
      );
      indexes.forEach((index, at) => (answers[index] = got[at] as BatchAnswer | Error));
    }),
  );
  return answers;
}

/** Batch by batch, so that one that fails does not take the others along. */
async function askEach(
  graph: Graph,
  version: Version,
  users: readonly DirectoryUser[],
): Promise<readonly (BatchAnswer | Error)[]> {
  const answers = await Promise.all(
    Array.from(inChunks(users, BATCH_SIZE), async (chunk): Promise<readonly (BatchAnswer | Error)[]> => {
      try {
        return await getBatched(graph, chunk.map(photoPath), {
          version,
          asks: ASKS,
          needs: NEEDS_PHOTOS,
          flaw: (answer, index) => flawOf(answer, chunk[index] as DirectoryUser),
        });
      } catch (error) {
        if (graph.door.signal?.aborted === true) throw error;
        return chunk.map(() => asError(error));
      }
    }),
  );
  return answers.flat();
}

function flawOf(answer: BatchAnswer, user: DirectoryUser): string | null {
  if (vague(answer)) return "it does not say what is missing";
  if (answer.status < 200 || answer.status > 299) return null;
  const reading = metadataOf(answer, user);
  return reading.kind === "read" ? null : reading.because;
}

function metadataOf(answer: BatchAnswer, user: DirectoryUser): Reading<PhotoMetadata> {
  return readBody(photoMetadata(user), answer.body);
}

function readingOf(question: Question, answer: BatchAnswer | Error | undefined): CloudPhotoReading {
  const { user, store, attribution } = question;
  const reading = { userId: user.id, store, attribution };
  if (answer === undefined || answer instanceof Error) {
    return { ...reading, result: { kind: "unreadable", error: asStoreError(answer) } };
  }
  const meaning = classify(answer, user.upn);
  switch (meaning.kind) {
    case "no-photo":
    case "no-mailbox":
      return { ...reading, result: { kind: "absent" } };
    case "unreadable":
      return { ...reading, result: { kind: "unreadable", error: meaning.error } };
    case "found": {
      const photo = metadataOf(answer, user);
      if (photo.kind === "not-read") {
        return { ...reading, result: { kind: "unreadable", error: unusablePhoto(user.upn, photo.because) } };
      }
      if (photo.value === "absent") return { ...reading, result: { kind: "absent" } };
      return { ...reading, result: { kind: "present", ...photo.value } };
    }
  }
}

/**
 * A licence is no proof of a mailbox (on-premises, soft-deleted): where the service says that there is none, only the directory can hold a
 * photo, and beta falls back to it (facts/graph-entra-exchange.md 1.5, 3.3).
 */
async function fromDirectory(
  graph: Graph,
  questions: readonly Question[],
  answers: readonly (BatchAnswer | Error | undefined)[],
  readings: readonly CloudPhotoReading[],
): Promise<readonly CloudPhotoReading[]> {
  const again = questions.flatMap((question, index): { index: number; question: Question }[] => {
    const answer = answers[index];
    if (question.attribution === "split" || answer === undefined || answer instanceof Error) return [];
    if (question.version === "beta" || classify(answer, question.user.upn).kind !== "no-mailbox") return [];
    return [{ index, question: { ...question, store: "entra", version: "beta", attribution: "no-mailbox" } }];
  });
  if (again.length === 0) return readings;
  const got = await ask(
    graph,
    again.map((each) => each.question),
  );
  const better = new Map(again.map((each, at) => [each.index, readingOf(each.question, got[at])]));
  return readings.map((reading, index) => better.get(index) ?? reading);
}

/**
 * Whether Graph serves one merged photo, or v1.0 for mailboxes alone and beta with the directory behind it (the older service). Told by
 * users that v1.0 refuses for want of a mailbox they are not licensed for, or whom v1.0 knows no photo of and beta does.
 */
async function probeTopology(
  graph: Graph,
  sample: readonly DirectoryUser[],
  sampled: Answers,
): Promise<"merged" | "split"> {
  const without = sample.filter((user) => !user.licences.mailbox).slice(0, 10);
  const withMailbox = sample.filter((user) => user.licences.mailbox).slice(0, 20 - without.length);
  const asked = [...without, ...withMailbox];
  if (asked.length === 0) return "merged";
  const kinds = await kindsOf(graph, "v1.0", asked, sampled);
  if (without.some((_, index) => kinds[index] === "no-mailbox")) return "split";
  const absent = asked.filter((_, index) => kinds[index] === "absent");
  if (absent.length === 0) return "merged";
  const beta = await kindsOf(graph, "beta", absent, sampled);
  return beta.includes("present") ? "split" : "merged";
}

/** Asks one version for the users' photos; answers that prove something are kept. */
async function kindsOf(
  graph: Graph,
  version: Version,
  users: readonly DirectoryUser[],
  sampled: Answers,
): Promise<readonly PhotoKind[]> {
  const answers = await getBatched(graph, users.map(photoPath), {
    version,
    asks: "find out how photos are served",
    needs: NEEDS_PHOTOS,
    flaw: (answer, index) => flawOf(answer, users[index] as DirectoryUser),
  });
  const kinds = users.map((user, index) => kindOf(answers[index], user));
  // Where one answer proves nothing, the others of its batch are asked for again, too.
  if (kinds.includes("unreadable")) return kinds;
  for (const [index, user] of users.entries()) {
    const answer = answers[index];
    if (answer !== undefined && !(answer instanceof Error)) sampled.set(keyOf(version, user), answer);
  }
  return kinds;
}

type PhotoKind = "present" | "absent" | "no-mailbox" | "unreadable";

function kindOf(answer: BatchAnswer | Error | undefined, user: DirectoryUser): PhotoKind {
  if (answer === undefined || answer instanceof Error) return "unreadable";
  const meaning = classify(answer, user.upn);
  if (meaning.kind === "no-photo") return "absent";
  if (meaning.kind !== "found") return meaning.kind;
  const photo = metadataOf(answer, user);
  if (photo.kind === "not-read") return "unreadable";
  return photo.value === "absent" ? "absent" : "present";
}
