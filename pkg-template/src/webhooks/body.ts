/** The body of a request, read as far as it is bounded. */
import { argumentInvalid } from "../error.js";

/** Bytes. */
const MAX = 256 * 1024;

/** The status that refuses a body: not readable, too long, not there in time. */
export type Refusal = 400 | 413 | 503;

/**
 * The text of a body.
 *
 * @param late resolves when there is no more waiting; never rejects
 * @throws HankoError `argument_invalid` for a body that somebody has read
 */
export async function readText(request: Request, late: Promise<void>): Promise<string | Refusal> {
  if (request.bodyUsed || request.body?.locked) throw argumentInvalid("the request", "one whose body nobody has read");
  if (Number(request.headers.get("content-length")) > MAX) return 413;
  const { body } = request;
  if (body === null) return 400;
  const bytes = await Promise.race([body === undefined ? whole(request) : bounded(body, late), late]);
  if (bytes === undefined) return 503;
  if (typeof bytes === "number") return bytes;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return 400;
  }
}

async function bounded(body: ReadableStream<Uint8Array>, late: Promise<void>): Promise<Uint8Array | Refusal> {
  const reader = body.getReader();
  const cancel = () => void reader.cancel().catch(() => undefined);
  void late.then(cancel);
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      length += read.value.length;
      if (length > MAX) return (cancel(), 413);
      chunks.push(read.value);
    }
  } catch {
    return 400;
  }
  return joined(chunks, length);
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** Firefox has no streams in requests. */
async function whole(request: Request): Promise<Uint8Array | Refusal> {
  try {
    const bytes = new Uint8Array(await request.arrayBuffer());
    return bytes.length > MAX ? 413 : bytes;
  } catch {
    return 400;
  }
}
