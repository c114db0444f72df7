/** `GET /me`. */
import type { User } from "../../types.js";
import { failure, json } from "../answer.js";
import type { Answer } from "../answer.js";
import { objectText } from "../json.js";
import { SHOWN_TO_USER, shownMetadata } from "../metadata.js";
import { carriedSession, renew } from "../session.js";
import type { StoredUser } from "../store.js";
import type { Ask } from "../world.js";

type Profile = StoredUser["profile"];

/** Members of a JSON object, names and values as texts. */
export type Texts = (readonly [name: string, value: string])[];

export async function me(ask: Ask): Promise<Answer> {
  const live = await carriedSession(ask);
  if (!live) return failure(401);
  renew(ask, live.session);
  const user = ask.world.store.users.get(live.session.userId);
  return user ? json(profileText(user)) : failure(404);
}

export function profileText({ profile: user, metadata, username }: StoredUser): string {
  const { user_id, created_at, updated_at } = user;
  return objectText([
    ...texts({ id: user_id, user_id, ...credentials(user), username }),
    ...texts({ created_at, updated_at, ...identities(user) }),
    ...metadataText(metadata),
    ...texts(names(user)),
  ]);
}

/** The members of an object, without those that are undefined. */
export function texts(value: object): Texts {
  const given = Object.entries(value).filter(([, member]) => member !== undefined);
  return given.map(([name, member]) => [JSON.stringify(name), JSON.stringify(member)]);
}

/** The stored text, as it stands. */
export function metadataText(row: StoredUser["metadata"]): Texts {
  const text = shownMetadata(row, SHOWN_TO_USER);
  return text === undefined ? [] : [['"metadata"', text]];
}

/** The members that `/me` and 2.7's `/users/{id}` share; what is empty is left out. */
export function credentials({ passkeys, security_keys, mfa_config, emails }: Profile): object {
  return {
    ...(passkeys.length > 0 && { passkeys }),
    ...(security_keys.length > 0 && { security_keys }),
    mfa_config: mfa_config && factors(mfa_config),
    ...(emails.length > 0 && { emails: emails.map(emailRow) }),
  };
}

/** In Hanko's order. */
function factors({ auth_app_set_up, totp_enabled, security_keys_enabled }: NonNullable<User["mfa_config"]>): object {
  return { auth_app_set_up, totp_enabled, security_keys_enabled };
}

export function identities({ identities }: Profile): object {
  return identities.length > 0 ? { identities } : {};
}

export function names({ name, given_name, family_name, picture }: Profile): object {
  return { name, given_name, family_name, picture };
}

/** Of several identities the first is told twice. */
function emailRow({ id, address, is_verified, is_primary, identities }: Profile["emails"][number]): object {
  const [identity] = identities ?? [];
  return { id, address, is_verified, is_primary, ...(identity && { identity, identities }) };
}
