let last = 0;

/** A base address that no other case uses: keys and caches live per address. */
export function freshApiUrl(label) {
  last += 1;
  return `https://${label}-${last}.hanko.test`;
}

/**
 * A `fetch` that answers these routes, e.g. `{ "GET /.well-known/jwks.json": () => Response }`, and logs what it is asked.
 * A request to anything else is logged in `stray` and rejects.
 */
export function serve(apiUrl, routes) {
  const asked = [];
  const stray = [];
  const fetch = async (...args) => {
    const [request] = args;
    const path = request.url.startsWith(`${apiUrl}/`) ? new URL(request.url).pathname : request.url;
    const route = `${request.method} ${path}`;
    const answer = Object.hasOwn(routes, route) && args.length === 1 ? routes[route] : undefined;
    (answer ? asked : stray).push(route);
    if (!answer) throw new TypeError(`no such route: ${route}`);
    return await answer(request, asked.filter((one) => one === route).length);
  };
  return { fetch, asked, stray };
}

export const KEYS = "GET /.well-known/jwks.json";
export const VALIDATE = "POST /sessions/validate";
export const ME = "GET /me";
export const LOGOUT = "POST /logout";

/** What confirms a refusal: good keys, and a no. */
export const bearingOut = (jwks) => ({
  [KEYS]: keyDocument(jwks),
  [VALIDATE]: () => Response.json({ is_valid: false }),
});

/** The key document as Hanko sends it. */
export function keyDocument(jwks) {
  const text = JSON.stringify(jwks);
  return () => new Response(text, { headers: { "content-type": "application/json", "cache-control": "max-age=600" } });
}

/** A recorded answer, without the headers that belong to its transport. */
export function recordedAnswer({ status, headers, body }) {
  const kept = Object.entries(headers).filter(([name]) => name === "content-type" || name === "cache-control");
  return new Response(body, { status, headers: kept });
}

/** Puts a request for one base address to the test server of another. */
export async function forward(test, apiUrl, request) {
  const headers = new Headers(request.headers);
  const body = request.method === "GET" ? null : await request.text();
  const url = test.apiUrl + request.url.slice(apiUrl.length);
  return test.fetch(new Request(url, { method: request.method, headers, body, signal: request.signal }));
}
