/** Cuts a stream into lists of at most `size`. */
export function* inChunks<T>(input: Iterable<T>, size: number): Generator<readonly T[]> {
  let chunk: T[] = [];
  for (const value of input) {
    chunk.push(value);
    if (chunk.length < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

/** Joins small pieces of text to pieces of about `size` UTF-16 units: few writes, little memory. */
export async function* inPieces(
  parts: Iterable<string> | AsyncIterable<string>,
  size = 64 * 1024,
): AsyncIterable<string> {
  if (Symbol.iterator in parts) {
    yield* inPiecesAtOnce(parts, size);
    return;
  }
  let text = "";
  for await (const part of parts) {
    text += part;
    if (text.length < size) continue;
    yield text;
    text = "";
  }
  if (text !== "") yield text;
}

/** Without a promise for each part. */
function* inPiecesAtOnce(parts: Iterable<string>, size: number): Iterable<string> {
  let text = "";
  for (const part of parts) {
    text += part;
    if (text.length < size) continue;
    yield text;
    text = "";
  }
  if (text !== "") yield text;
}
