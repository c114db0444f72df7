/** `GET /me`. */
import type { User } from "../../types.js";
import { failure, json } from "../answer.js";
import type { Answer } from "../answer.js";
import { carriedSession, renew } from "../session.js";
import type { StoredUser } from "../store.js";
import type { Ask } from "../world.js";

export async function me(ask: Ask): Promise<Answer> {
  const live = await carriedSession(ask);
  if (!live) return failure(401);
  renew(ask, live.session);
  const user = ask.world.store.users.get(live.session.userId);
  return user ? json(JSON.stringify(profile(user))) : failure(404);
}

function profile({ profile: user, usernameId }: StoredUser): object {
  const { user_id, username, created_at, updated_at } = user;
  return {
    id: user_id,
    user_id,
    ...credentials(user),
    ...(username !== undefined && { username: { id: usernameId, username, created_at, updated_at } }),
    created_at,
    updated_at,
    ...identities(user),
    ...metadata(user),
    ...names(user),
  };
}

/** The members that `/me` and 2.7's `/users/{id}` share; what is empty is left out. */
export function credentials({ passkeys, security_keys, mfa_config, emails }: User): object {
  return {
    ...(passkeys.length > 0 && { passkeys }),
    ...(security_keys.length > 0 && { security_keys }),
    mfa_config,
    ...(emails.length > 0 && { emails: emails.map(emailRow) }),
  };
}

export function identities({ identities }: User): object {
  return identities.length > 0 ? { identities } : {};
}

export function metadata({ metadata: { public_metadata, unsafe_metadata } }: User): object {
  const parts = Object.entries({ public_metadata, unsafe_metadata });
  const filled = parts.filter(([, part]) => Object.keys(part).length > 0);
  return filled.length > 0 ? { metadata: Object.fromEntries(filled) } : {};
}

export function names({ name, given_name, family_name, picture }: User): object {
  return { name, given_name, family_name, picture };
}

/** Of several identities the first is told twice. */
function emailRow({ id, address, is_verified, is_primary, identities }: User["emails"][number]): object {
  const [identity] = identities ?? [];
  return { id, address, is_verified, is_primary, ...(identity && { identity, identities }) };
}
