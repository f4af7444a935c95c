import { PhotodriftError } from "../../model/errors.js";
import { retryAfterMs } from "../../model/retry-after.js";
import type { CloudPhotoReader, CloudPhotoWriter } from "../../run/ports.js";
import type { Reading } from "../answers/described.js";
import { serviceError, type ServiceError } from "../answers/service-error.js";
import { type BatchAnswer, type BatchPart, BATCH_SIZE, isRefused, MISSING, postBatch } from "../http/batch.js";
import { asStoreError, httpFailure } from "../http/failures.js";
import { asWire, type Graph, type GraphRequest } from "../http/graph.js";
import { inRounds } from "../http/rounds.js";
import { bytesPath } from "./api.js";
import { classify } from "./classify.js";

const NEEDS = "ProfilePhoto.ReadWrite.All of Microsoft Graph";
const ASKS = "write photos";
/** Graph takes requests up to 4 MB, batches included (facts/graph-entra-exchange.md section 4). */
const MAX_BATCH_BYTES = 3_500_000;
/** Envelope of one part: id, method, URL, header. */
const PART_OVERHEAD = 300;

type UploadRequest = Parameters<CloudPhotoWriter["upload"]>[0][number];
type UploadResult = Awaited<ReturnType<CloudPhotoWriter["upload"]>>[number];

/**
 * Writes photos through Microsoft Graph. Uploads share batches; a throttled part did nothing and is sent again after its pause, any other
 * loss is told to the caller, who looks before he repeats.
 */
export function createCloudPhotoWriter(graph: Graph, policy: CloudPhotoReader["policy"]): CloudPhotoWriter {
  return {
    async upload(requests) {
      const results: UploadResult[] = [];
      // A tenant that blocks writes blocks all of them: one look at its policy is enough.
      let asked: ReturnType<CloudPhotoReader["policy"]> | null = null;
      const policyOnce = (): ReturnType<CloudPhotoReader["policy"]> => (asked ??= policy());
      await Promise.all(
        chunksOf(requests).map(async (indexes) => {
          const got = await uploadChunk(graph, policyOnce, indexes, requests);
          indexes.forEach((index, at) => (results[index] = got[at] as UploadResult));
        }),
      );
      return results;
    },

    async remove(user) {
      const request: GraphRequest = {
        method: "DELETE",
        path: bytesPath(user, null),
        asks: `remove the photo of ${user.upn}`,
        needs: NEEDS,
        purpose: "write",
        // A second DELETE finds nothing, which is as good as done.
        repeat: "always",
      };
      const answer = await graph.send(request);
      if (answer.status >= 200 && answer.status < 300) return;
      if (classify(answer, user.upn).kind === "no-photo") return;
      const failure = httpFailure(asWire(request, graph.origin), answer);
      if (answer.status !== 403) throw failure;
      throw (await blocked(policy, failure.message)) ?? failure;
    },
  };
}

/** Indexes of the requests in chunks that fit one batch. */
function chunksOf(requests: readonly UploadRequest[]): readonly (readonly number[])[] {
  const chunks: number[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  requests.forEach((request, index) => {
    const size = Math.ceil(request.jpeg.length / 3) * 4 + PART_OVERHEAD;
    const last = chunks.at(-1);
    if (last === undefined || last.length >= BATCH_SIZE || bytes + size > MAX_BATCH_BYTES) {
      chunks.push([index]);
      bytes = size;
    } else {
      last.push(index);
      bytes += size;
    }
  });
  return chunks;
}

async function uploadChunk(
  graph: Graph,
  policy: CloudPhotoReader["policy"],
  indexes: readonly number[],
  requests: readonly UploadRequest[],
): Promise<readonly UploadResult[]> {
  const results = new Map<number, UploadResult>();
  await inRounds(graph.door, graph.origin, indexes, async (open) => {
    let answers: ReadonlyMap<number, Reading<BatchAnswer>>;
    try {
      const parts = open.map((index) => partOf(index, requests[index] as UploadRequest));
      answers = await postBatch(graph, parts, { asks: ASKS, needs: NEEDS, purpose: "write", repeat: "if-refused" });
    } catch (error) {
      if (graph.door.signal?.aborted === true && results.size === 0) throw error;
      for (const index of open) results.set(index, { error: asStoreError(error), retryable: mayRepeat(error) });
      return null;
    }
    const refused: number[] = [];
    let pauseMs = 0;
    for (const index of open) {
      const answer = writtenPart(answers.get(index));
      results.set(index, await resultOf(answer, requests[index] as UploadRequest, policy));
      if (!isRefused(answer)) continue;
      refused.push(index);
      pauseMs = Math.max(pauseMs, retryAfterMs(answer.headers, graph.door.timer.now()) ?? 0);
    }
    // Any other loss may have been written: the caller looks before it repeats.
    return { refused, failed: [], pauseMs };
  });
  return indexes.map((index) => results.get(index) as UploadResult);
}

/** An answer that proves nothing is as good as none: the caller looks before it repeats. A write is answered with nothing but a status. */
function writtenPart(reading: Reading<BatchAnswer> | undefined): BatchAnswer {
  if (reading?.kind !== "read") return MISSING;
  const { value } = reading;
  const page = value.status >= 200 && value.status < 300 && /^\s*</.test(value.body.toString("latin1", 0, 64));
  return page ? MISSING : value;
}

function partOf(id: number, request: UploadRequest): BatchPart {
  return {
    id,
    method: "PUT",
    url: bytesPath(request.user, null),
    headers: { "Content-Type": "image/jpeg" },
    body: request.jpeg.toString("base64"),
  };
}

function mayRepeat(error: unknown): boolean {
  return error instanceof PhotodriftError && error.errorClass === "incomplete";
}

async function resultOf(
  answer: BatchAnswer,
  request: UploadRequest,
  policy: CloudPhotoReader["policy"],
): Promise<UploadResult> {
  if (answer.status >= 200 && answer.status < 300) return { error: null, retryable: false };
  const said = serviceError(answer.body);
  const words = [String(answer.status), said.code, said.message].filter((part) => part !== "").join(" ");
  const message = `cannot write the photo of ${request.user.upn}: ${words}`.slice(0, 400);
  if (answer.status === 403) {
    const block = await blocked(policy, message);
    if (block !== null) return { error: asStoreError(block), retryable: false };
  }
  const large = request.jpeg.length > MAX_WITHOUT_MAILBOX;
  const refusal: Omit<Refusal, "means"> =
    REFUSALS.find(({ means }) => means({ status: answer.status, said, large })) ?? UNKNOWN_REFUSAL;
  const { code, hint, retryable = false } = refusal;
  return { error: { code, message, hint }, retryable };
}

/** Bytes of a photo that the directory takes where there is no mailbox. */
const MAX_WITHOUT_MAILBOX = 100 * 1024;

interface Refused {
  readonly status: number;
  readonly said: ServiceError;
  /** More bytes than a user without a mailbox may have. */
  readonly large: boolean;
}

interface Refusal {
  readonly means: (refused: Refused) => boolean;
  readonly code: string;
  readonly hint: string;
  readonly retryable?: true;
}

/** The first that fits. Measured limits and states of the service: facts/graph-entra-exchange.md 2.1. */
const REFUSALS: readonly Refusal[] = [
  { means: ({ status }) => status === 429, code: "throttled", hint: "run again later", retryable: true },
  {
    means: ({ status }) => status >= 500 || status === 401,
    code: "service-unavailable",
    hint: "run again later",
    retryable: true,
  },
  { means: ({ status }) => status === 403, code: "permission-missing", hint: `grant the app registration ${NEEDS}` },
  {
    means: ({ status, said }) => status === 413 || /maximum request length/i.test(said.message),
    code: "too-large",
    hint: "the service takes photos up to 4 MB: use a smaller master",
  },
  {
    means: ({ said }) => said.message.includes("ImageNotFoundException"),
    code: "user-not-ready",
    hint: "the account is too new: run again in a quarter of an hour",
    retryable: true,
  },
  {
    means: ({ status, said, large }) => status === 404 && said.code === "" && large,
    code: "too-large",
    hint: "without a mailbox a photo may have at most 100 KB",
  },
  {
    means: ({ status }) => status === 404,
    code: "user-not-found",
    hint: "the user was deleted meanwhile: run photodrift audit again",
  },
];
const UNKNOWN_REFUSAL = {
  code: "request-refused",
  hint: "photodrift explain shows what is known of the user",
} as const;

/** The error for a tenant that forbids cloud writes, or null where it does not or does not say. */
async function blocked(policy: CloudPhotoReader["policy"], message: string): Promise<PhotodriftError | null> {
  const settings = await policy();
  if (!("writesBlocked" in settings) || !settings.writesBlocked) return null;
  return new PhotodriftError(
    "write-blocked",
    message,
    "the tenant takes photos from the on-premises directory only (photoUpdateSettings source onPremises): change it there, or set source to cloud",
    "refused",
  );
}
