/** A `fetch` for the package that notes what it is asked. */

/** `asked` holds `METHOD /path`, the query of an action included, the one that goes past caches left out. */
export function spy(hanko) {
  const asked = [];
  const base = new URL(hanko.apiUrl).pathname.replace(/\/$/, "");
  const fetch = (request) => {
    const { pathname, search } = new URL(request.url);
    const query = search.startsWith("?action=") ? search.replace(/%40.*|@.*/, "") : "";
    asked.push(`${request.method} ${pathname.slice(base.length)}${query}`);
    return globalThis.fetch(request);
  };
  return { fetch, asked };
}
