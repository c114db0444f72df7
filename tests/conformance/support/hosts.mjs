/** What sets one runtime apart from another, where that is not the package's doing. */

/** A page has cookies of its own, and no API key. */
export function isPage(runtime) {
  return ["chromium", "firefox", "webkit"].includes(runtime);
}

/** The core comes compiled, for the host compiles nothing in a request. */
export function comesCompiled(runtime) {
  return runtime === "workerd" || runtime === "edge";
}

/** Whether a `Request` shows the credentials that it was made with; it sends none in any host that has no cookies. */
export function showsCredentials(runtime) {
  return runtime !== "workerd" && runtime !== "bun";
}
