import { textsOf } from "./outcomes.mjs";

/** As many characters of a secret as nobody writes by chance. */
const PIECE = 16;
/** Longer ones are texts that are refused by their length alone. */
const LONGEST = 20_000;
const CARRIERS = ["authorization", "cookie"];

/**
 * The package, as the suites use it, watched: of every token, cookie and payload that a call is given, no error, refusal or
 * event may show a piece. `found` says what did, `calls` and `looked` count calls and texts that were looked at,
 * `thrown` the codes that each method threw.
 */
export function watchSecrets(hanko) {
  const watch = { found: [], calls: 0, looked: 0, events: new Set(), thrown: {} };
  const look = (name, given, text) => {
    watch.looked += 1;
    const secrets = given.flatMap(secretsIn).filter(({ length }) => length >= PIECE && length <= LONGEST);
    const piece = secrets.map((secret) => pieceOf(secret, text)).find(Boolean);
    if (piece) watch.found.push(`${name} shows ${piece}`);
  };
  /** Of an event only its texts; what many have said shows nothing of one. */
  const lookAtEvent = (name, given, event) => {
    const text = Object.values(event).filter((value) => typeof value === "string");
    if (watch.events.has(text.join(" "))) return;
    watch.events.add(text.join(" "));
    look(name, given, text.join(" "));
  };
  const watched = (name, call, events) => {
    return (...given) => {
      watch.calls += 1;
      const from = events.length;
      const done = () => events.splice(from).forEach((event) => lookAtEvent(name, given, event));
      const failed = (error) => {
        done();
        look(name, given, error instanceof Error ? textsOf(error) : String(error));
        (watch.thrown[name] ??= new Set()).add(error?.code);
      };
      try {
        const result = call(...given);
        if (!(result instanceof Promise)) return result;
        return result.then(
          (value) => (done(), isRefusal(value) && look(name, given, JSON.stringify(value)), value),
          (error) => {
            failed(error);
            throw error;
          },
        );
      } catch (error) {
        failed(error);
        throw error;
      }
    };
  };
  const createHanko = (options) => {
    const events = [];
    const client = hanko.createHanko(listening(options, events));
    return Object.freeze(
      Object.fromEntries(Object.entries(client).map(([name, call]) => [name, watched(name, call, events)])),
    );
  };
  const functions = ["decodeToken", "readToken"].filter((name) => hanko[name]);
  const others = Object.fromEntries(functions.map((name) => [name, watched(name, hanko[name], [])]));
  return { watch, hanko: { ...hanko, ...others, createHanko } };
}

/** The options with a listener, where they are plain and have none. */
function listening(options, events) {
  if (typeof options !== "object" || options === null || Object.getPrototypeOf(options) !== Object.prototype) {
    return options;
  }
  const members = Object.getOwnPropertyDescriptors(options);
  const isPlain = Object.values(members).every((member) => "value" in member);
  return isPlain && !members.onEvent ? { ...options, onEvent: (event) => events.push(event) } : options;
}

function isRefusal(value) {
  return typeof value === "object" && value !== null && "code" in value;
}

/** A token as it stands, those of headers and options, and the payload of each. */
function secretsIn(given) {
  if (typeof given === "string") return [given, ...payloadsIn(given)];
  if (typeof given !== "object" || given === null) return [];
  const headers = given instanceof Request ? given.headers : given;
  const carried = headers instanceof Headers ? CARRIERS.map((name) => headers.get(name) ?? "") : [given.token];
  return carried.filter((text) => typeof text === "string").flatMap((text) => [text, ...payloadsIn(text)]);
}

function payloadsIn(text) {
  const parts = text.length <= LONGEST ? text.matchAll(/[\w-]+\.([\w-]+)\.[\w-]+/g) : [];
  return [...parts].map(([, payload]) => {
    try {
      return atob(payload.replaceAll("-", "+").replaceAll("_", "/"));
    } catch {
      return "";
    }
  });
}

function pieceOf(secret, text) {
  const pieces = new Set();
  for (let at = 0; at + PIECE <= secret.length; at += 1) pieces.add(secret.slice(at, at + PIECE));
  for (let at = 0; at + PIECE <= text.length; at += 1) {
    const piece = text.slice(at, at + PIECE);
    if (pieces.has(piece)) return piece;
  }
  return undefined;
}

/** What is written to the console from now on, until `stop`. */
export function watchConsole() {
  const lines = [];
  const real = { ...console };
  for (const level of ["log", "info", "warn", "error", "debug", "trace"]) {
    console[level] = (...values) => lines.push(`${level}: ${values.map(String).join(" ")}`);
  }
  return { lines, stop: () => Object.assign(console, real) };
}
