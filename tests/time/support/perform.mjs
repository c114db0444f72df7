/** One call as a test describes it, in whatever host: a description in JSON, an outcome in JSON. */
import { createHanko } from "hanko-edge";

/**
 * `client`: options of `createHanko`; `method` and what it is given; `giveUpAfter`: milliseconds until the caller aborts, 0 for
 * before the call. `fetch` and `waitUntil` are the host's.
 */
export async function perform({ client, method = "authenticate", token, mode, giveUpAfter }, { fetch, waitUntil }) {
  const controller = new AbortController();
  const reason = new Error("enough");
  const options = { signal: controller.signal, ...(mode && { mode }), ...(waitUntil && { waitUntil }) };
  if (giveUpAfter === 0) controller.abort(reason);
  const timer = giveUpAfter && setTimeout(() => controller.abort(reason), giveUpAfter);
  try {
    const hanko = createHanko({ ...client, ...(fetch && { fetch }) });
    const result = await hanko[method](...(method === "reloadKeys" ? [] : [token]), options);
    return told(result ?? {});
  } catch ({ name, code, kind, cause }) {
    return { name, code, kind, ...(cause !== undefined && { becauseOfCaller: cause === reason }) };
  } finally {
    clearTimeout(timer);
  }
}

/** What counts of a result; of a session only that there is one. */
function told({ status, code, stale, verifiedBy, retryAfter, is_valid, userId }) {
  if (status === undefined && userId !== undefined) return { userId };
  const all = { status, code, stale, verifiedBy, retryAfter, is_valid };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** As many unknown kids, 10,000 a minute by `advance`, and between them a token that is good. */
export async function flood({ client, token, count }, { fetch, advance }) {
  const hanko = createHanko({ ...client, ...(fetch && { fetch }) });
  const codes = new Set();
  let valid = 0;
  for (let call = 0; call < count; call++) {
    advance(0.006);
    codes.add((await hanko.authenticate(withKid(token, `kid ${call}`))).code);
    if (call % 10 === 0 && (await hanko.authenticate(token)).status === "signed-in") valid++;
  }
  return { valid, codes: [...codes].sort() };
}

function withKid(token, kid) {
  const [header, ...rest] = token.split(".");
  const members = { ...JSON.parse(atob(header.replaceAll("-", "+").replaceAll("_", "/"))), kid };
  const text = btoa(JSON.stringify(members)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  return [text, ...rest].join(".");
}
