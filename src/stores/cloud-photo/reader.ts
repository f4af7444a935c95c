import type { DirectoryUser } from "../../model/user.js";
import type { CloudPhotoReader, CloudPhotoReading } from "../../run/ports.js";
import { type BatchAnswer, getBatched } from "../http/batch.js";
import { asStoreError } from "../http/failures.js";
import type { Graph } from "../http/graph.js";
import type { CostMeter } from "../http/meter.js";
import { photoPath, type Question, questionsFor, type Version } from "./api.js";
import { classify, metadataOf, NEEDS_PHOTOS, vague } from "./classify.js";
import { readPolicy } from "./policy.js";
import { readRenditions } from "./renditions.js";

const ASKS = "read the photos' metadata";

/** Entra and Exchange photos through Microsoft Graph, in batches of twenty by object id. */
export function createCloudPhotoReader(graph: Graph, meter: CostMeter): CloudPhotoReader {
  let topology: "merged" | "split" = "merged";

  return {
    async topology(sample) {
      topology = await probeTopology(graph, sample);
      return topology;
    },

    async metadata(users) {
      const questions = users.flatMap((user) => questionsFor(user, topology));
      const answers = await ask(graph, questions);
      const readings = questions.map((question, index) => readingOf(question, answers[index]));
      return await fromDirectory(graph, questions, answers, readings);
    },

    renditions: (requests) => readRenditions(graph, meter, requests, topology),
    policy: () => readPolicy(graph),
  };
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
        indexes.map((index) => photoPath((questions[index] as Question).user)),
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
  paths: readonly string[],
): Promise<readonly (BatchAnswer | Error)[]> {
  const chunks: (readonly string[])[] = [];
  for (let at = 0; at < paths.length; at += 20) chunks.push(paths.slice(at, at + 20));
  const answers = await Promise.all(
    chunks.map(async (chunk): Promise<readonly (BatchAnswer | Error)[]> => {
      try {
        const flaw = (answer: BatchAnswer): string | null =>
          vague(answer) || halfMetadata(answer) ? "it is vague" : null;
        return await getBatched(graph, chunk, { version, asks: ASKS, needs: NEEDS_PHOTOS, flaw });
      } catch (error) {
        if (graph.door.signal?.aborted === true) throw error;
        return chunk.map(() => (error instanceof Error ? error : new Error(String(error))));
      }
    }),
  );
  return answers.flat();
}

function halfMetadata(answer: BatchAnswer): boolean {
  return answer.status === 200 && metadataOf(answer.body) === null;
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
      const photo = metadataOf(answer.body);
      if (photo === "absent") return { ...reading, result: { kind: "absent" } };
      if (photo !== null) return { ...reading, result: { kind: "present", ...photo } };
      const message = `the metadata of ${user.upn}'s photo is incomplete`;
      const error = { code: "unusable-answer", message, hint: "run again later" };
      return { ...reading, result: { kind: "unreadable", error } };
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
  answers: readonly (BatchAnswer | Error)[],
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
async function probeTopology(graph: Graph, sample: readonly DirectoryUser[]): Promise<"merged" | "split"> {
  const without = sample.filter((user) => !user.licences.mailbox).slice(0, 10);
  const withMailbox = sample.filter((user) => user.licences.mailbox).slice(0, 20 - without.length);
  const asked = [...without, ...withMailbox];
  if (asked.length === 0) return "merged";
  const paths = asked.map(photoPath);
  const options = { asks: "find out how photos are served", needs: NEEDS_PHOTOS };
  const merged = await getBatched(graph, paths, { ...options, version: "v1.0" });
  const kinds = merged.map((answer, index) => kindOf(answer, asked[index] as DirectoryUser));
  if (without.some((_, index) => kinds[index] === "no-mailbox")) return "split";
  const absent = asked.flatMap((_, index) => (kinds[index] === "absent" ? [index] : []));
  if (absent.length === 0) return "merged";
  const beta = await getBatched(
    graph,
    absent.map((index) => paths[index] as string),
    { ...options, version: "beta" },
  );
  const differs = absent.some(
    (index, at) => kindOf(beta[at] as BatchAnswer, asked[index] as DirectoryUser) === "present",
  );
  return differs ? "split" : "merged";
}

function kindOf(answer: BatchAnswer, user: DirectoryUser): "present" | "absent" | "no-mailbox" | "unreadable" {
  const meaning = classify(answer, user.upn);
  if (meaning.kind === "no-photo") return "absent";
  if (meaning.kind !== "found") return meaning.kind;
  return metadataOf(answer.body) === "absent" ? "absent" : "present";
}
