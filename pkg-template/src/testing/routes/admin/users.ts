/** `/users` of the Admin API (`admin#user-*`). */
import type { JsonObject, JsonValue } from "../../../types.js";
import { adminUserText } from "../../admin-user.js";
import { failure, json, noContent } from "../../answer.js";
import type { Answer } from "../../answer.js";
import { bind } from "../../bind.js";
import { announce } from "../../hooks.js";
import { addUser, removeUser, userWith } from "../../store.js";
import type { StoredUser } from "../../store.js";
import { microseconds, rfc3339, timeFault } from "../../time.js";
import { parseUuid } from "../../uuid.js";
import type { Ask } from "../../world.js";
import { pageOf } from "./paging.js";

const NEW_USER = {
  struct: "admin.CreateUser",
  fields: { id: "string", emails: "any", username: "string", created_at: "string" },
} as const;

interface NewEmail {
  address: string;
  given: string;
  is_primary: boolean;
  is_verified: boolean;
}

export function createUser(ask: Ask): Answer {
  const bound = bind(ask, NEW_USER);
  if ("answer" in bound) return bound.answer;
  const { id = crypto.randomUUID(), created_at } = bound.value;
  const user_id = parseUuid(String(id));
  if (user_id === undefined) return failure(400, `uuid: incorrect UUID length ${String(id).length} in string "${id}"`);
  // As given: only a PATCH trims, folds and judges it.
  const username = String(bound.value["username"] ?? "");
  const emails = emailsOf(bound.value["emails"]);
  const fault = faultOf(emails, username) ?? timeFault(created_at);
  if (fault) return failure(400, fault);
  const conflict = conflictOf(ask, user_id, emails, username);
  if (conflict) return failure(409, conflict);
  addUser(
    ask.world.store,
    {
      user_id,
      emails: emails.map(({ given: _, ...email }) => ({ id: crypto.randomUUID(), ...email })),
      ...(username !== "" && { username }),
      ...(created_at !== undefined && { created_at: microseconds(created_at as string) }),
    },
    ask.world.now(),
  );
  return withUser(ask, user_id, (user) => {
    announce(ask.world, "user.create", adminUserText(user));
    return json(adminUserText(user));
  });
}

function emailsOf(given: JsonValue = []): NewEmail[] {
  return (Array.isArray(given) ? given : []).map((one) => {
    const { address = "", is_primary = false, is_verified = false } = (one ?? {}) as JsonObject;
    return {
      address: String(address).toLowerCase(),
      given: String(address),
      is_primary: is_primary === true,
      is_verified: is_verified === true,
    };
  });
}

function faultOf(emails: NewEmail[], username: string): string | undefined {
  const addresses = new Set(emails.map(({ given }) => given));
  if (addresses.size < emails.length) return "emails entries are not unique";
  if (emails.length === 0 && username === "") return "at least one of [Emails, Username] must be set";
  if (emails.some(({ address }) => !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(address)))
    return "address must be a valid email address";
  const primaries = emails.filter(({ is_primary }) => is_primary).length;
  if (emails.length > 0 && primaries === 0) return "at least one primary email must be provided";
  return primaries > 1 ? "only one primary email is allowed" : undefined;
}

function conflictOf({ world }: Ask, id: string, emails: NewEmail[], username: string): string | undefined {
  if (world.store.users.has(id)) return `failed to create user with id '${id}': user already exists`;
  const isDoubled = (address: string, at: number) => emails.findIndex((one) => one.address === address) < at;
  const taken = emails.find(({ address }, at) => isDoubled(address, at) || userWith(world.store, "email", address));
  if (taken) return `failed to create email '${taken.address}' for user '${id}': email already exists`;
  if (username === "" || !userWith(world.store, "username", username)) return undefined;
  return `failed to create username '${username}' for user '${id}': username already exists`;
}

export function getUser(ask: Ask, id: string): Answer {
  return withUser(ask, id, (user) => json(adminUserText(user)));
}

export function deleteUser(ask: Ask, id: string): Answer {
  return withUser(ask, id, (user) => {
    announce(ask.world, "user.delete", adminUserText(user));
    removeUser(ask.world.store, user.profile.user_id);
    return noContent();
  });
}

export function listUsers(ask: Ask): Answer {
  const query = new URLSearchParams(ask.query);
  const given = query.get("user_id");
  const ofIds = given ? given.split(",").map(parseUuid) : undefined;
  if (ofIds?.includes(undefined)) return failure(400, "failed to parse user_id as uuid");
  const users = [...ask.world.store.users.values()].filter(
    (user) => (ofIds?.includes(user.profile.user_id) ?? true) && isAskedFor(user, query),
  );
  const page = pageOf(ask, query, users);
  if ("answer" in page) return page.answer;
  return json(`[${page.items.map(adminUserText).join(",")}]`, 200, page.headers);
}

/** By a part of an address or of the username: either will do. */
function isAskedFor({ profile, username }: StoredUser, query: URLSearchParams): boolean {
  const addresses = profile.emails.map(({ address }) => address);
  const names = username ? [username.username] : [];
  const parts = [query.get("email"), query.get("username")].map((part) => part?.toLowerCase());
  const found = parts.map((part, at) => part && (at === 0 ? addresses : names).some((text) => isLike(text, part)));
  return parts.every((part) => !part) || found.includes(true);
}

/** SQL's `LIKE '%part%'`: `%` stands for any text, `_` for any character. */
function isLike(text: string, part: string): boolean {
  const literal = part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(literal.replaceAll("%", ".*").replaceAll("_", "."), "su").test(text);
}

const NAMES = ["name", "given_name", "family_name", "picture", "username"] as const;

/** Null removes; what is not there stays (`admin#user-patch`). The body is judged before the user is looked for. */
export function patchUser(ask: Ask, id: string): Answer {
  if (parseUuid(id) === undefined) return withUser(ask, id, noContent);
  const fields = Object.fromEntries(NAMES.map((name) => [name, "any" as const]));
  const bound = bind(ask, { struct: "handler.PatchUserAdminRequest", fields, nullable: true });
  if ("answer" in bound) return bound.answer;
  const given = bound.value;
  const changes = NAMES.filter((name) => name in given).map((name) => [name, given[name] ?? null] as const);
  for (const [name, value] of changes) {
    const fault = textFault(name, value);
    if (fault) return failure(400, fault);
  }
  return withUser(ask, id, (user) => {
    const texts = changes.map(([name, value]) => [name, trimmed(value as string | null)] as const);
    const refused = usernameRefused(ask, user, texts.find(([name]) => name === "username")?.[1]);
    if (refused) return refused;
    for (const [name, text] of texts) change(ask, user, name, text);
    return json(adminUserText(user));
  });
}

function textFault(name: string, value: JsonValue): string | undefined {
  const type = Array.isArray(value) ? "array" : typeof value === "boolean" ? "bool" : typeof value;
  if (value === null) return undefined;
  if (typeof value !== "string")
    return `expected string or null: json: cannot unmarshal ${type} into Go value of type string`;
  if (value.trim() === "") return `${name} must be a non-empty string or null`;
  return name === "picture" && !isPicture(value.trim()) ? "picture must be a valid http(s) URL or null" : undefined;
}

function isPicture(text: string): boolean {
  return /^https?:\/\/[^\s/]/i.test(text) && URL.canParse(text);
}

function trimmed(value: string | null): string | null {
  return value === null ? null : value.trim();
}

function usernameRefused({ world }: Ask, user: StoredUser, text: string | null | undefined): Answer | undefined {
  if (text === null || text === undefined) return undefined;
  if (!/^\w+$/.test(text)) return failure(400, "username is invalid");
  const owner = userWith(world.store, "username", text.toLowerCase());
  return owner && owner !== user ? failure(409, "username already exists") : undefined;
}

function change({ world }: Ask, user: StoredUser, name: (typeof NAMES)[number], value: string | null): void {
  const now = rfc3339(world.now());
  const text = name === "username" ? value?.toLowerCase() : value;
  if (text === null || text === undefined) delete user.profile[name];
  else user.profile[name] = text;
  if (name === "username") {
    const { id = crypto.randomUUID(), created_at = now } = user.username ?? {};
    user.username = typeof text === "string" ? { id, username: text, created_at, updated_at: now } : undefined;
  }
  user.profile.updated_at = now;
}

/** Any spelling of a UUID will do. */
function withUser(ask: Ask, id: string, answer: (user: StoredUser) => Answer): Answer {
  const userId = parseUuid(id);
  if (userId === undefined) return failure(400, "failed to parse userId as uuid");
  const user = ask.world.store.users.get(userId);
  return user ? answer(user) : failure(404, "user not found");
}
