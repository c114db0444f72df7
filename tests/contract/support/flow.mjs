/** The profile flow, step by step (`protocol/metadata.md` section 1). */
import assert from "node:assert/strict";

const CAPABILITIES = {
  webauthn_available: false,
  webauthn_conditional_mediation_available: false,
  webauthn_platform_authenticator_available: false,
};

/** One flow: its id, and the newest csrf token that an answer brought. */
export class Flow {
  constructor(hanko, credentials) {
    Object.assign(this, { hanko, credentials, id: undefined, csrf: undefined });
  }

  /** Step 1. */
  static async begin(hanko, credentials) {
    const flow = new Flow(hanko, credentials);
    const answer = await hanko.ask("POST", "/profile", credentials);
    assert.equal(answer.status, 200, answer.text);
    const { href } = answer.json.actions.register_client_capabilities;
    flow.id = href.split("%40")[1];
    flow.csrf = answer.json.csrf_token;
    return { flow, answer };
  }

  /** Steps 1 and 2: the flow, ready to patch, and what step 2 answered. */
  static async open(hanko, credentials) {
    const { flow } = await Flow.begin(hanko, credentials);
    const answer = await flow.register();
    assert.equal(answer.status, 200, answer.text);
    return { flow, answer };
  }

  /** Step 2. */
  register(given) {
    return this.act("register_client_capabilities", CAPABILITIES, given);
  }

  /** Step 3. */
  patch(patch, given) {
    return this.act("patch_metadata", { patch_metadata: patch }, given);
  }

  /** Any action. `given` may replace csrf, credentials, headers and the whole body. */
  async act(action, input, { csrf = this.csrf, credentials = this.credentials, headers, body } = {}) {
    const text = body ?? JSON.stringify({ input_data: input, csrf_token: csrf });
    const given = { ...credentials, body: text, headers: headers ?? { "content-type": "application/json" } };
    const answer = await this.hanko.ask("POST", `/profile?action=${action}%40${this.id}`, given);
    if (answer.json?.csrf_token) this.csrf = answer.json.csrf_token;
    return answer;
  }
}

/** The unsafe metadata that a flow's answer shows. */
export function unsafeIn({ json }) {
  return json.payload.user.metadata?.unsafe_metadata;
}

/** All three kinds as text, as the Admin API has them; undefined where there are none. */
export async function storedText(hanko, userId) {
  const { status, text } = await hanko.admin("GET", `/users/${userId}/metadata`);
  assert.ok(status === 200 || status === 204);
  return status === 204 ? undefined : text.trimEnd();
}

/** The unsafe metadata as the Admin API has it. */
export async function storedUnsafe(hanko, userId) {
  const text = await storedText(hanko, userId);
  return text === undefined ? undefined : JSON.parse(text).unsafe_metadata;
}

export async function storeUnsafe(hanko, userId, unsafe_metadata) {
  const { status } = await hanko.admin("PATCH", `/users/${userId}/metadata`, { json: { unsafe_metadata } });
  assert.ok(status === 200 || status === 204, `${status}`);
}
