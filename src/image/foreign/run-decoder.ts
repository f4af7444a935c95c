import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import type { PhotodriftError } from "../../model/errors.js";
import { createGate } from "../gate.js";
import { unreadable } from "../unreadable.js";
import type { ForeignKind } from "./kinds.js";
import { type DecodedHeader, type DecodeRequest, unpack } from "./protocol.js";

/** No portrait takes this long; a file that does is meant to. */
const TIME_LIMIT_MS = 60_000;

/** Most of a decoder's answer, far above any reduced picture. */
const MOST_ANSWER = 128 * 1024 * 1024;

/** One decoder at a time, whoever asks: each needs up to eight bytes a pixel. */
const gate = createGate(1);

/**
 * Decodes a file in a process of its own, which ends with it: the memory of WebAssembly never shrinks, and what a hostile file does to a
 * decoder ends there too. The process knows nothing but the file: no environment, no arguments of ours.
 * @throws PhotodriftError `unreadable-image`
 */
export async function runDecoder(
  bytes: Buffer,
  kind: ForeignKind,
  request: Omit<DecodeRequest, "format">,
): Promise<{ readonly header: DecodedHeader; readonly picture: Buffer }> {
  const answer = await gate.run(true, () => ask(bytes, kind, { ...request, format: kind.decoder }));
  const unpacked = answer === null ? null : unpack(answer);
  const { header, picture } = unpacked ?? { header: null, picture: Buffer.alloc(0) };
  if (header !== null && !("refused" in header)) return { header, picture };
  if (header?.refused === "too-large") {
    throw unreadable(`the ${kind.name} image has too many pixels to be decoded safely`, EXPORT);
  }
  throw unreadable(`the ${kind.name} image cannot be decoded`, EXPORT, header?.message);
}

const EXPORT = "Save the portrait as JPEG.";

/** The whole answer, or null where the process failed. */
function ask(bytes: Buffer, { name, decoder }: ForeignKind, request: DecodeRequest): Promise<Buffer | null> {
  const program = createRequire(import.meta.url).resolve(
    decoder === "HEIC" ? "#decoders/heif-child.js" : "#decoders/magick-child.js",
  );
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, JSON.stringify(request)], {
      env: systemEnvironment(),
      stdio: ["pipe", "pipe", "ignore"],
      timeout: TIME_LIMIT_MS,
      killSignal: "SIGKILL",
      windowsHide: true,
    });
    const parts: Buffer[] = [];
    let length = 0;
    child.stdout.on("data", (part: Buffer) => {
      length += part.length;
      if (length > MOST_ANSWER) child.kill("SIGKILL");
      else parts.push(part);
    });
    // A decoder that gave up before it had read everything: its end says why.
    child.stdin.on("error", () => undefined);
    child.stdin.end(bytes);
    child.once("error", (error) => reject(notStarted(name, error)));
    child.once("close", (code) => resolve(code === 0 ? Buffer.concat(parts) : null));
  });
}

function notStarted(name: string, cause: Error): PhotodriftError {
  return unreadable(`the decoder for ${name} cannot be started (${cause.message})`, EXPORT, cause);
}

/** What Windows needs to start any program; nothing elsewhere. */
function systemEnvironment(): NodeJS.ProcessEnv {
  const { SystemRoot } = process.env;
  return SystemRoot === undefined ? {} : { SystemRoot };
}
