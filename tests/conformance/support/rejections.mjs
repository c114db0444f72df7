/** Collects the promises of this runtime that nobody handled, from now on. */
export function watchRejections() {
  const seen = [];
  if (globalThis.addEventListener) {
    globalThis.addEventListener("unhandledrejection", (event) => {
      event.preventDefault();
      seen.push(String(event.reason));
    });
  } else {
    process.on("unhandledRejection", (reason) => seen.push(String(reason)));
  }
  return seen;
}
