/** `claimsSchema`: the custom claims, checked at run time by any Standard Schema (https://standardschema.dev). */
import { aborted } from "./call.js";
import { HankoError, misuse } from "./error.js";
import type { StandardSchemaV1 } from "./types.js";

/** Hanko's own names; every other claim is a custom one. */
const OWN = ["subject", "session_id", "expiration", "issued_at", "audience", "issuer", "amr", "email", "username"];

/** The option, checked. */
export function parseSchema(option: unknown): StandardSchemaV1 | undefined {
  if (option === undefined) return undefined;
  try {
    const { validate, version } = (option as StandardSchemaV1)["~standard"];
    if (typeof validate === "function" && version === 1) return option as StandardSchemaV1;
  } catch {
    // It has no such member, or a getter of the caller's threw: whatever that was, it is not told on.
  }
  throw misuse("config_invalid", "option claimsSchema must be a Standard Schema of version 1");
}

/**
 * The claims with the custom ones as the schema gives them back. An asynchronous schema gets a quarter of the deadline, and no
 * more than is left of it. `began` is when the call did, by `performance.now`; `signal` is the caller's.
 *
 * @throws HankoError `claims_malformed` where the schema finds issues; `internal_error` where it throws or is late; `request_aborted`
 */
export async function checkClaims<T extends object>(
  claims: T,
  schema: StandardSchemaV1,
  timeout: number,
  began: number,
  signal: AbortSignal | undefined,
): Promise<T> {
  const entries = Object.entries(claims);
  const custom = Object.fromEntries(entries.filter(([name]) => !OWN.includes(name)));
  const own = Object.fromEntries(entries.filter(([name]) => OWN.includes(name)));
  const left = Math.max(0, began + timeout - performance.now());
  const result = await within(Math.min(timeout / 4, left), signal, async () =>
    entriesOf(await schema["~standard"].validate(custom)),
  );
  if (!result) {
    throw new HankoError({
      code: "claims_malformed",
      kind: "denied",
      message: "the custom claims do not fit claimsSchema",
    });
  }
  return Object.fromEntries([...result, ...Object.entries(own)]) as T;
}

/** What a schema gives back, which may be anything, member by member; undefined where there are issues. */
function entriesOf(result: unknown): [string, unknown][] | undefined {
  const { value, issues } = result as { value?: unknown; issues?: readonly unknown[] };
  if (issues) return undefined;
  if (typeof value !== "object" || value === null) throw new TypeError("a schema's value must be an object");
  return Object.entries(value);
}

function within<T>(milliseconds: number, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  let end = () => {};
  return new Promise<T>((resolve, reject) => {
    const failed = () =>
      reject(
        new HankoError({ code: "internal_error", kind: "unavailable", message: "claimsSchema threw, or was late" }),
      );
    const abort = () => reject(aborted(signal!));
    const timer = setTimeout(failed, milliseconds);
    signal?.addEventListener("abort", abort, { once: true });
    end = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    };
    work().then(resolve, failed);
  }).finally(() => end());
}
