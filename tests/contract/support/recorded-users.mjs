/** What a user of a recording is in this package's shape, put together without the package. */

/** Of `/me`. */
export function userOf({ id, username, metadata, ...me }) {
  const primary = me.emails?.find(({ is_primary }) => is_primary);
  return defined({
    ...{ user_id: id, created_at: me.created_at, updated_at: me.updated_at, email: primary?.address },
    username: username?.username,
    ...{ name: me.name, given_name: me.given_name, family_name: me.family_name, picture: me.picture },
    emails: (me.emails ?? []).map(emailOf),
    ...{ identities: me.identities ?? [], passkeys: me.passkeys ?? [], security_keys: me.security_keys ?? [] },
    mfa_config: me.mfa_config,
    metadata: { public_metadata: {}, unsafe_metadata: {}, ...metadata },
  });
}

function emailOf({ id, address, is_verified, is_primary, identities }) {
  return defined({ id, address, is_verified, is_primary, identities });
}

/** Of the Admin API, where an identity's `id` is Hanko's own, and credentials are told apart by a flag. */
export function adminUserOf({
  id,
  username,
  metadata,
  emails = [],
  webauthn_credentials = [],
  password,
  otp,
  ...user
}) {
  const primary = emails.find(({ is_primary }) => is_primary);
  const identities = (user.identities ?? []).map((one) => ({
    ...{ id: one.provider_id, identity_id: one.id, provider: one.provider_name },
  }));
  return defined({
    ...{ user_id: id, created_at: user.created_at, updated_at: user.updated_at, email: primary?.address },
    username: username?.username,
    ...{ name: user.name, given_name: user.given_name, family_name: user.family_name, picture: user.picture },
    emails: emails.map((email) => emailOf({ ...email, identities: undefined })),
    identities,
    passkeys: webauthn_credentials.filter(({ mfa_only }) => !mfa_only),
    security_keys: webauthn_credentials.filter(({ mfa_only }) => mfa_only),
    password: password && { created_at: password.created_at, updated_at: password.updated_at },
    otp: otp && { created_at: otp.created_at },
    metadata: { public_metadata: {}, private_metadata: {}, unsafe_metadata: {}, ...metadata },
  });
}

export function defined(object) {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}
