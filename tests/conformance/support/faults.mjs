import { breakingBody, drippingBody, endlessBody } from "./bodies.mjs";

/**
 * Every way in which a caller's `fetch` can misbehave, and what it means.
 * `keys`: the codes while the key document is fetched in a local check; `validate`: those of an ask of `/sessions/validate`.
 * Where the contract leaves the choice between two codes, both are listed.
 */
export const FAULTS = [
  ...[
    [
      "throws an Error",
      () => {
        throw new TypeError("Failed to fetch");
      },
    ],
    [
      "throws a string",
      () => {
        throw "no";
      },
    ],
    [
      "throws undefined",
      () => {
        throw undefined;
      },
    ],
    ["rejects with an Error", () => Promise.reject(new TypeError("Failed to fetch"))],
    ["rejects with a string", () => Promise.reject("no")],
    ["rejects with undefined", () => Promise.reject(undefined)],
    ["rejects with a null-prototype object", () => Promise.reject(Object.create(null))],
    ["rejects with an AbortError of its own", () => Promise.reject(new DOMException("mine", "AbortError"))],
    ["answers with a body that breaks off", () => new Response(breakingBody())],
    [
      "is a thenable that rejects, then answers",
      (good) => ({
        then(resolve, reject) {
          reject(new Error("first"));
          good().then(resolve);
        },
      }),
    ],
  ].map(([name, fetch]) => ({ name, fetch, keys: ["keys_unavailable"], validate: ["network_error"] })),

  ...[
    ["returns undefined", () => undefined],
    ["returns null", () => null],
    ["returns an empty object", () => ({})],
    ["returns a string", () => "200 OK"],
    ["returns a promise of a number", async () => 200],
    ["returns a promise of a symbol", async () => Symbol("no")],
    [
      "returns an object whose status throws",
      () => ({
        get status() {
          throw new Error("no");
        },
      }),
    ],
    [
      "returns an object whose body throws",
      () => ({
        status: 200,
        headers: new Headers(),
        get body() {
          throw new Error("no");
        },
      }),
    ],
    [
      "returns an object whose then throws",
      () => ({
        get then() {
          throw new Error("no");
        },
      }),
    ],
  ].map(([name, fetch]) => ({
    name,
    fetch,
    keys: ["keys_unavailable", "keys_invalid", "response_invalid"],
    validate: ["network_error", "response_invalid"],
  })),

  ...[
    ["never settles", () => new Promise(() => {})],
    [
      "answers and never ends its body",
      () => new Response(new ReadableStream({ start: (stream) => stream.enqueue(new Uint8Array([0x7b])) })),
    ],
    ["answers and never begins its body", () => new Response(new ReadableStream({}))],
    ["answers a body that drips for ever", () => new Response(drippingBody())],
  ].map(([name, fetch]) => ({
    name,
    fetch,
    keys: ["keys_unavailable", "request_timeout"],
    validate: ["request_timeout"],
  })),

  ...[301, 302, 303, 307, 308].map((status) => ({
    name: `answers ${status}`,
    fetch: () => new Response(null, { status, headers: { location: "https://elsewhere.example/" } }),
    keys: ["redirect_blocked"],
    validate: ["redirect_blocked"],
  })),
  {
    name: "answers an opaque redirect",
    fetch: () => ({
      type: "opaqueredirect",
      status: 0,
      ok: false,
      headers: new Headers(),
      body: null,
      url: "",
      redirected: false,
    }),
    keys: ["redirect_blocked"],
    validate: ["redirect_blocked"],
  },
  {
    name: "answers a network error of status 0",
    fetch: () => Response.error(),
    keys: ["keys_unavailable", "response_invalid"],
    validate: ["network_error", "response_invalid"],
  },

  ...[500, 502, 503].map((status) => ({
    name: `answers ${status}`,
    fetch: () => new Response("{}", { status }),
    keys: ["keys_unavailable"],
    validate: ["server_error"],
  })),
  {
    name: "answers 429 with Retry-After",
    fetch: () => new Response("{}", { status: 429, headers: { "retry-after": "7" } }),
    keys: ["keys_unavailable"],
    validate: ["rate_limited"],
    retryAfter: 7,
  },

  ...[400, 401, 403, 404, 405, 415, 418].map((status) => ({
    name: `answers ${status}`,
    fetch: () => Response.json({ code: status, message: "Not Found" }, { status }),
    keys: ["response_invalid"],
    validate: ["response_invalid"],
  })),
  ...[
    [
      "a page of HTML",
      () => new Response("<!doctype html><title>Hello</title>", { headers: { "content-type": "text/html" } }),
    ],
    ["nothing", () => new Response(null)],
    ["an empty text", () => new Response("")],
    ["half of an object", () => new Response('{"keys":[')],
    ["a list", () => Response.json([])],
    ["null", () => new Response("null")],
    ["an object of something else", () => Response.json({ hello: "world" })],
    ["bytes that are not UTF-8", () => new Response(new Uint8Array([0x7b, 0xff, 0x7d]))],
    ["deeply nested JSON", () => new Response("[".repeat(100_000))],
  ].map(([name, fetch]) => ({
    name: `answers 200 with ${name}`,
    fetch,
    keys: ["keys_invalid"],
    validate: ["response_invalid"],
  })),

  ...[
    ["300 KiB", () => new Response(" ".repeat(300 * 1024))],
    ["a body without end", () => new Response(endlessBody())],
  ].map(([name, fetch]) => ({
    name: `answers with ${name}`,
    fetch,
    keys: ["response_too_large"],
    validate: ["response_too_large"],
  })),
];

/** Odd, and yet an answer: of a thenable the first call counts (ECMA-262 section 27.2.1.3). */
export const ODDITIES = [
  [
    "a thenable that answers twice",
    (good) => ({
      then: (resolve) =>
        good().then((answer) => {
          resolve(answer);
          resolve(new Response("no", { status: 500 }));
        }),
    }),
  ],
  [
    "a thenable that answers, then rejects",
    (good) => ({
      then(resolve, reject) {
        resolve(good());
        reject(new Error("late"));
      },
    }),
  ],
  [
    "a thenable that answers, then throws",
    (good) => ({
      then(resolve) {
        resolve(good());
        throw undefined;
      },
    }),
  ],
];
