// The facade's side of a call, and a `fetch` that answers from a plan:
// { "/path": [answer, ...] }, in turn, the last one for ever. An answer is { status, body, headers } or { does: "..." }.

export function openCall(plan, timeout) {
  const answers = JSON.parse(plan);
  const controller = new AbortController();
  const { signal } = controller;
  const stopped = new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
  const call = { signal, stopped, timedOut: false, requests: [], cancelled: 0, told: [] };
  call.fetch = 0;
  call.mayGoOn = call.hasStore = call.hasRevocations = false;
  call.tell = (type, code) => call.told.push({ type, code });
  call.brief = () => call;
  call.after = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  call.every = (milliseconds, callback) => {
    const interval = setInterval(callback, milliseconds);
    return () => clearInterval(interval);
  };
  call.abort = () => controller.abort();
  call.abortSoon = () => setTimeout(call.abort, 50);
  const expire = () => {
    call.timedOut = true;
    controller.abort();
  };
  call.close = (
    (timer) => () =>
      clearTimeout(timer)
  )(setTimeout(expire, timeout));
  call.send = (request) => {
    call.requests.push(request);
    const left = answers[new URL(request.url).pathname] ?? [{ status: 404 }];
    return answer(call, left.length > 1 ? left.shift() : left[0]);
  };
  return call;
}

function answer(call, { does, status, body, headers }) {
  if (does !== undefined) return hostile[does](call);
  return Promise.resolve(new Response(body, { status, headers }));
}

const hostile = {
  throwText: () => {
    throw "a text";
  },
  throwError: () => {
    throw new TypeError("Failed to fetch");
  },
  rejectText: () => Promise.reject("a text"),
  rejectUndefined: () => Promise.reject(undefined),
  rejectNull: () => Promise.reject(null),
  returnUndefined: () => undefined,
  returnNumber: () => 42,
  resolveNull: () => Promise.resolve(null),
  resolveEmpty: () => Promise.resolve({}),
  throwingThenable: () => ({
    get then() {
      throw "a text";
    },
  }),
  throwingStatus: () =>
    Promise.resolve({
      get status() {
        throw "a text";
      },
    }),
  noHeaders: () => Promise.resolve({ status: 200, body: null }),
  bodyOfText: () => Promise.resolve(bodyOf(new ReadableStream({ start: (stream) => stream.enqueue("text") }))),
  bodyThatFails: () => Promise.resolve(bodyOf(new ReadableStream({ start: (stream) => stream.error("a text") }))),
  opaqueRedirect: () => Promise.resolve({ type: "opaqueredirect", status: 0, headers: new Headers(), body: null }),
  hang: () => new Promise(() => {}),
  endless: (call) => Promise.resolve(bodyOf(counted(call, () => new Promise(() => {})))),
  flood: (call) => Promise.resolve(bodyOf(counted(call, (stream) => stream.enqueue(new Uint8Array(65536))))),
};

function bodyOf(stream) {
  return new Response(stream, { status: 200 });
}

function counted(call, pull) {
  const cancel = () => {
    call.cancelled += 1;
  };
  return new ReadableStream({ pull, cancel });
}

/** What was sent, as JSON text. */
export async function sent(call) {
  const requests = call.requests.map(async (request) => ({
    method: request.method,
    url: request.url,
    credentials: request.credentials,
    cache: request.cache,
    redirect: request.redirect,
    type: request.headers.get("content-type"),
    id: request.headers.get("x-request-id"),
    body: await request.text(),
  }));
  return JSON.stringify(await Promise.all(requests));
}

/** Stops the clock. */
export function setClock(milliseconds) {
  Date.now = () => milliseconds;
}
