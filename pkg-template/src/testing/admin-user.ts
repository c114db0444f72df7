/** A user as the Admin API and the webhooks tell it. */
import { objectText } from "./json.js";
import { KINDS, shownMetadata } from "./metadata.js";
import { texts } from "./routes/me.js";
import type { StoredUser } from "./store.js";

type Email = StoredUser["profile"]["emails"][number];

export function adminUserText(user: StoredUser): string {
  const { user_id: id, created_at, updated_at, passkeys, security_keys } = user.profile;
  const { given_name, family_name, name, picture } = user.profile;
  const metadata = shownMetadata(user.metadata, KINDS);
  const lists = {
    webauthn_credentials: [...passkeys, ...security_keys],
    emails: user.profile.emails.map((one) => emailRow(user, one)),
  };
  return objectText([
    ...texts({ id, ...filled(lists), username: user.username, created_at, updated_at }),
    ...texts({ ...filled({ identities: identityRows(user) }), otp: otpRow(user) }),
    ...(metadata === undefined ? [] : [['"metadata"', metadata] as const]),
    ...texts({ given_name, family_name, name, picture }),
  ]);
}

export function emailRow({ since }: StoredUser, { id, address, is_verified, is_primary }: Email): object {
  return { id, address, is_verified, is_primary, created_at: since, updated_at: since };
}

/** `id` is Hanko's own here, and an identity without an address is missing. */
function identityRows({ profile, since }: StoredUser): object[] {
  return profile.emails.flatMap((email) =>
    (email.identities ?? []).map(({ id, identity_id, provider }) => ({
      id: identity_id ?? crypto.randomUUID(),
      provider_id: id,
      provider_name: provider.toLowerCase(),
      email_id: email.id,
      created_at: since,
      updated_at: since,
    })),
  );
}

function otpRow({ profile, since, otpId }: StoredUser): object | undefined {
  return profile.mfa_config?.auth_app_set_up ? { id: otpId, created_at: since } : undefined;
}

function filled(lists: Record<string, unknown[]>): object {
  return Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0));
}
