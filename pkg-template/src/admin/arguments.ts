/** The arguments of the Admin API's methods, checked and written as JSON text. */
import { argumentInvalid, HankoError } from "../error.js";
import { objectText } from "../json.js";

const KINDS = ["public_metadata", "private_metadata", "unsafe_metadata"];
const EMAIL = { address: isText, is_primary: isFlag, is_verified: isFlag };
const LONE_SURROGATE = /\p{Surrogate}/u;

/** A patch: null, or kinds that are null or objects. A kind that is undefined is left out. */
export function patchText(patch: unknown): string {
  if (patch === null) return "null";
  const kinds = membersOf(patch, "the patch", KINDS).map(([kind, change]) => {
    return `"${kind}":${change === null ? "null" : objectText(change, `patch.${kind}`)}`;
  });
  return `{${kinds.join(",")}}`;
}

/** A new user: addresses, of which one is primary, or a username, or both. */
export function userText(user: unknown): string {
  const { emails = [], username } = Object.fromEntries(membersOf(user, "the user", ["emails", "username"]));
  if (username !== undefined && !isText(username)) throw argumentInvalid("user.username", "a text that is not empty");
  const rows = rowsOf(emails);
  if (rows.length === 0 && username === undefined) throw argumentInvalid("the user", "one with emails or a username");
  if (rows.length > 0 && rows.filter((row) => row["is_primary"]).length !== 1) {
    throw argumentInvalid("user.emails", "a list with one primary address");
  }
  return JSON.stringify({ ...(rows.length > 0 && { emails: rows }), username });
}

function rowsOf(emails: unknown): Record<string, unknown>[] {
  try {
    if (Array.isArray(emails)) return Array.from(emails, emailOf); // It passes over no hole.
  } catch (error) {
    // A proxy of the caller's may have thrown, which is not told on.
    if (error instanceof HankoError) throw error;
  }
  throw argumentInvalid("user.emails", "a list");
}

function emailOf(email: unknown): Record<string, unknown> {
  const row = Object.fromEntries(membersOf(email, "an address of user.emails", Object.keys(EMAIL)));
  for (const [name, fits] of Object.entries(EMAIL)) {
    if (!fits(row[name])) throw argumentInvalid(`${name} in user.emails`, fits === isText ? "a text" : "true or false");
  }
  return row;
}

/** Where a session comes from, in Hanko's words. */
export function originText({ userAgent, ipAddress }: Record<string, unknown>): string {
  for (const [name, value] of Object.entries({ userAgent, ipAddress })) {
    if (value !== undefined && !isText(value)) throw argumentInvalid(`options.${name}`, "a text that is not empty");
  }
  return JSON.stringify({ user_agent: userAgent, ip_address: ipAddress });
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value !== "" && !LONE_SURROGATE.test(value);
}

function isFlag(value: unknown): boolean {
  return typeof value === "boolean";
}

/** The object's own members that are not undefined, which must be of these names. */
function membersOf(value: unknown, argument: string, names: readonly string[]): [string, unknown][] {
  try {
    if (typeof value === "object" && !Array.isArray(value)) {
      const members = Object.entries(value as object).filter(([, member]) => member !== undefined);
      if (members.every(([name]) => names.includes(name))) return members;
    }
  } catch {
    // It is null, or a getter or a proxy of the caller's threw: whatever that was, it is not told on.
  }
  throw argumentInvalid(argument, `an object of ${names.join(", ")}`);
}
