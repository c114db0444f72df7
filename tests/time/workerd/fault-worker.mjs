/** A Worker that makes the call which the body describes, at the time that it gives, and says what went unhandled. */
import { flood, perform } from "../support/perform.mjs";

/** Rejections that nobody handles. workerd of 2024 tells of those of its own streams too early, and then that they are handled. */
const unhandled = new Map();
addEventListener("unhandledrejection", ({ promise, reason }) => unhandled.set(promise, String(reason)));
addEventListener("rejectionhandled", ({ promise }) => unhandled.delete(promise));

const { Instance } = WebAssembly;

/** What a host that does not start the core throws. */
const FAILURES = {
  CompileError: () => new WebAssembly.CompileError("forbidden"),
  RangeError: () => new RangeError("out of memory"),
};

/** How a Worker lends its `waitUntil`: as it should, not bound to its context, and one that keeps nothing alive. */
const LENT = {
  true: (context) => (promise) => context.waitUntil(promise),
  unbound: (context) => context.waitUntil,
  idle: () => () => {},
};

export default {
  async fetch(request, env, context) {
    const { now, failure, count, ...what } = await request.json();
    let time = now;
    Date.now = () => time;
    WebAssembly.Instance = failure ? refusing(failure) : Instance;
    const waitUntil = LENT[what.behind]?.(context);
    const advance = (seconds) => (time += Math.round(seconds * 1000));
    const outcome = count ? await flood({ ...what, count }, { advance }) : await perform(what, { waitUntil });
    await new Promise((resolve) => setTimeout(resolve, 0));
    return Response.json({ outcome, unhandled: [...unhandled.values()], now: time });
  },
};

function refusing(name) {
  return function () {
    throw FAILURES[name]();
  };
}
