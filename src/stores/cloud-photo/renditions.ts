import { inChunks } from "../../model/chunks.js";
import type { CloudRendition, RenditionRequest } from "../../run/ports.js";
import { downloadFlaw } from "../answers/image.js";
import { isOneByOne } from "../answers/photos.js";
import { type BatchAnswer, BATCH_SIZE, getBatched } from "../http/batch.js";
import { asStoreError } from "../http/failures.js";
import type { Graph } from "../http/graph.js";
import type { CostMeter } from "../http/meter.js";
import { bytesPath, questionsFor, type Version } from "./api.js";
import { classify, NEEDS_PHOTOS, unusablePhoto, vague } from "./classify.js";
import { renditionSide } from "./ladder.js";
import { asError } from "../../model/caught.js";

const ASKS = "read the photos";
/** A photo has at most 4 MB (facts/graph-entra-exchange.md 2.1), a third more as base64; batches are limited so that memory is. */
const MAX_BATCH_BYTES = 32 * 1024 * 1024;
const MAX_SINGLE_BYTES = 12 * 1024 * 1024;

/** One read under way. */
interface Read {
  readonly index: number;
  readonly request: RenditionRequest;
  readonly version: Version;
  readonly side: number | null;
}

/**
 * Bytes of photos at about the side wanted. The stored photo itself where no rendition of the ladder fits, where the user has no mailbox
 * (the directory keeps one size) and where the rendition turns out to be missing.
 */
export async function readRenditions(
  graph: Graph,
  meter: CostMeter,
  requests: readonly RenditionRequest[],
  topology: "merged" | "split",
): Promise<readonly CloudRendition[]> {
  const reads = requests.map((request, index): Read => {
    const question = questionsFor(request.user, topology).find((each) => each.store === request.store);
    const whole = request.store === "entra" && !request.user.licences.mailbox;
    return {
      index,
      request,
      // A mailbox licence without a mailbox leads to the directory's photo, which only beta serves then.
      version: question?.version ?? "beta",
      side: whole ? null : renditionSide(request, request.side),
    };
  });
  const results: CloudRendition[] = [];
  const missing: Read[] = [];
  await readAll(graph, meter, reads, (read, result) => {
    if (result === "missing-size") missing.push({ ...read, side: null });
    else results[read.index] = result;
  });
  await readAll(graph, meter, missing, (read, result) => {
    results[read.index] = result === "missing-size" ? { ...head(read), result: { kind: "absent" } } : result;
  });
  return results;
}

type Settle = (read: Read, result: CloudRendition | "missing-size") => void;

async function readAll(graph: Graph, meter: CostMeter, reads: readonly Read[], settle: Settle): Promise<void> {
  const versions = ["v1.0", "beta"] as const;
  const batches = versions.flatMap((version) => [
    ...inChunks(
      reads.filter((read) => read.version === version),
      BATCH_SIZE,
    ),
  ]);
  await Promise.all(
    batches.map(async (batch) => {
      const answers = await readBatch(graph, batch);
      batch.forEach((read, at) => {
        const answer = answers[at];
        const result = resultOf(read, answer);
        if (result !== "missing-size" && result.result.kind === "image") meter.imageDownloaded();
        settle(read, result);
      });
    }),
  );
}

async function readBatch(graph: Graph, batch: readonly Read[]): Promise<readonly (BatchAnswer | Error)[]> {
  const paths = batch.map((read) => bytesPath(read.request.user, read.side));
  const version = batch[0]?.version ?? "v1.0";
  try {
    return await getBatched(graph, paths, {
      version,
      asks: ASKS,
      needs: NEEDS_PHOTOS,
      maxBytes: MAX_BATCH_BYTES,
      flaw,
    });
  } catch (error) {
    if (graph.door.signal?.aborted === true) throw error;
    const tooLarge = (error as { readonly code?: unknown }).code === "answer-too-large";
    if (!tooLarge) return batch.map(() => asError(error));
    const answers: (BatchAnswer | Error)[] = [];
    for (const path of paths) answers.push(await readOne(graph, path, version));
    return answers;
  }
}

async function readOne(graph: Graph, path: string, version: Version): Promise<BatchAnswer | Error> {
  try {
    return await graph.send({
      path,
      version,
      headers: { accept: "*/*" },
      asks: ASKS,
      needs: NEEDS_PHOTOS,
      maxBytes: MAX_SINGLE_BYTES,
      flaw: imageFlaw,
    });
  } catch (error) {
    return asError(error);
  }
}

function flaw(answer: BatchAnswer): string | null {
  if (vague(answer)) return "it does not say what is missing";
  return answer.status === 200 ? imageFlaw(answer) : null;
}

function imageFlaw({ body, headers }: BatchAnswer): string | null {
  return isOneByOne(body) ? null : downloadFlaw(body, headers["content-type"], null);
}

function head(read: Read): { readonly userId: CloudRendition["userId"]; readonly store: CloudRendition["store"] } {
  return { userId: read.request.user.id, store: read.request.store };
}

function resultOf(read: Read, answer: BatchAnswer | Error | undefined): CloudRendition | "missing-size" {
  const { upn } = read.request.user;
  if (answer === undefined || answer instanceof Error) {
    return { ...head(read), result: { kind: "unreadable", error: asStoreError(answer) } };
  }
  const meaning = classify(answer, upn);
  const whole = read.side === null;
  if (
    meaning.kind === "no-photo" ||
    meaning.kind === "no-mailbox" ||
    (meaning.kind === "found" && isOneByOne(answer.body))
  ) {
    return whole ? { ...head(read), result: { kind: "absent" } } : "missing-size";
  }
  if (meaning.kind === "unreadable") return { ...head(read), result: { kind: "unreadable", error: meaning.error } };
  const wrong = imageFlaw(answer);
  if (wrong !== null) return { ...head(read), result: { kind: "unreadable", error: unusablePhoto(upn, wrong) } };
  return { ...head(read), result: { kind: "image", bytes: answer.body, whole } };
}
