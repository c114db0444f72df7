/** `GET /users/{id}` of 2.7: one's own id only. */
import type { WebauthnCredential } from "../../types.js";
import { failure, json } from "../answer.js";
import type { Answer } from "../answer.js";
import { objectText } from "../json.js";
import { carriedSession, renew } from "../session.js";
import type { StoredUser } from "../store.js";
import type { Ask } from "../world.js";
import { credentials, identities, metadataText, names, texts } from "./me.js";

/** Every other spelling and id is 403, existing or not. */
export async function ownUser(ask: Ask): Promise<Answer> {
  const live = await carriedSession(ask);
  if (!live) return failure(401);
  renew(ask, live.session);
  if (ask.path !== `/users/${live.session.userId}`) return failure(403);
  const user = ask.world.store.users.get(live.session.userId);
  return user ? json(rowText(user)) : failure(404);
}

function rowText({ profile: user, metadata }: StoredUser): string {
  const { user_id, email, username, created_at, updated_at } = user;
  const rows = [...user.passkeys, ...user.security_keys].map((one) => credentialRow(user_id, one));
  const webauthn_credentials = rows.length > 0 ? rows : null;
  return objectText([
    ...texts({ id: user_id, email, username, webauthn_credentials, updated_at, created_at }),
    ...metadataText(metadata),
    ...texts({ user_id, ...credentials(user), ...identities(user), ...names(user) }),
  ]);
}

/** As the database has it (`users-credentials#users-id-with-credentials`). */
function credentialRow(user_id: string, credential: WebauthnCredential): object {
  const { id, name = null, public_key, attestation_type, aaguid, last_used_at = null, created_at } = credential;
  const { transports, backup_eligible, backup_state, mfa_only } = credential;
  const transportRow = (Name: string) => ({
    ID: crypto.randomUUID(),
    Name,
    WebauthnCredentialID: id,
    WebauthnCredential: null,
  });
  return {
    ...{ id, name, user_id, public_key, attestation_type, aaguid, sign_count: 0, last_used_at, created_at },
    updated_at: created_at,
    transports: transports.length > 0 ? transports.map(transportRow) : null,
    ...{ backup_eligible, backup_state, mfa_only },
  };
}
