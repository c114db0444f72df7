/** A body whose chunks come from `pull`. */
const bodyOf = (pull) => new ReadableStream({ pull });

/** One chunk, then an error. */
export function breakingBody() {
  let pulls = 0;
  return bodyOf((stream) =>
    pulls++ === 0 ? stream.enqueue(new Uint8Array([0x7b])) : stream.error(new Error("reset")),
  );
}

/** A space every 20 ms, for ever. */
export function drippingBody() {
  return bodyOf(async (stream) => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    stream.enqueue(new Uint8Array([0x20]));
  });
}

/** As fast as it is read, for ever. */
export function endlessBody() {
  return bodyOf((stream) => stream.enqueue(new Uint8Array(64 * 1024).fill(0x20)));
}
