/** The actions that a state of the flow offers, as JSON text. Of those of `profile_init` only `patch_metadata` works here. */
import type { StoredSession, StoredUser } from "../store.js";
import type { Flow } from "./state.js";

interface Input {
  name: string;
  [property: string]: unknown;
}
interface Action {
  description: string;
  inputs?: readonly Input[];
}

const hidden = { required: true, hidden: true };
const flag = (name: string, more = {}) => ({ name, type: "boolean", ...more, hidden: true });

const CAPABILITIES: Action = {
  description: "Send the computers capabilities.",
  inputs: [
    flag("webauthn_available", { required: true }),
    flag("webauthn_conditional_mediation_available"),
    flag("webauthn_platform_authenticator_available"),
  ],
};

const ALWAYS: Record<string, Action> = {
  continue_to_otp_secret_creation: { description: "Create an OTP secret" },
  email_create: {
    description: "Create an email address for the current session user.",
    inputs: [{ name: "email", type: "email", max_length: 120, required: true }],
  },
  email_delete: {
    description: "Delete an email address.",
    inputs: [{ name: "email_id", type: "string", ...hidden }],
  },
  password_create: {
    description: "Create a new password.",
    inputs: [{ name: "password", type: "string", min_length: 8, max_length: 72, required: true }],
  },
};

const VERIFY: Action = {
  description: "Verify an email.",
  inputs: [{ name: "email_id", type: "string", ...hidden }],
};

const WEBAUTHN: Record<string, Action> = {
  security_key_create: { description: "Get WebAuthn creation options to register a WebAuthn credential." },
  webauthn_credential_create: { description: "Create a Webauthn credential for the current session user." },
};

export function preflightActions(flow: Flow): string {
  return actionsText(flow, { register_client_capabilities: CAPABILITIES });
}

/** `cause` is what is wrong with the patch. */
export function profileActions(
  flow: Flow,
  user: StoredUser,
  others: readonly StoredSession[],
  cause: string | undefined,
): string {
  const unverified = user.profile.emails.some(({ is_verified }) => !is_verified);
  return actionsText(flow, {
    ...ALWAYS,
    ...(unverified && { email_verify: VERIFY }),
    patch_metadata: patchMetadata(cause),
    ...(flow.webauthn && WEBAUTHN),
    ...(others.length > 0 && { session_delete: sessionDelete(others) }),
  });
}

function patchMetadata(cause: string | undefined): Action {
  const error = { code: "invalid_metadata_error", message: "The metadata is invalid.", cause };
  const input = { name: "patch_metadata", type: "json", required: true, hidden: false };
  return {
    description: "Patch the (unsafe) metadata of the user",
    inputs: [cause === undefined ? input : { ...input, error }],
  };
}

function sessionDelete(others: readonly StoredSession[]): Action {
  const allowed_values = others.map(({ id }) => ({ value: id, name: id }));
  return {
    description: "Delete a session.",
    inputs: [{ name: "session_id", type: "string", ...hidden, allowed_values }],
  };
}

/** Sorted, as a map in Go. The `href` lacks a tenant's prefix. */
function actionsText(flow: Flow, actions: Record<string, Action>): string {
  const texts = Object.entries(actions).map(([action, { description, inputs = [] }]) => {
    const href = `/profile?action=${action}%40${flow.id}`;
    const byName = Object.fromEntries(inputs.map((input) => [input.name, input]));
    return `"${action}":${JSON.stringify({ href, inputs: byName, action, description })}`;
  });
  return `{${texts.sort().join(",")}}`;
}
