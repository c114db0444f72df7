/** Registration and login by the flow API, with a password: what Hanko's own elements do. */
import assert from "node:assert/strict";

const PASSWORD = "correct horse battery staple";
/** Whatever may be skipped is. */
const SKIP = { skip: {} };
const CAPABILITIES = { webauthn_available: false, webauthn_conditional_mediation_available: false };

/** The last answer of a registration of this address. */
export async function register(hanko, address) {
  return walk(hanko, "/registration", {
    ...SKIP,
    register_client_capabilities: CAPABILITIES,
    register_login_identifier: { email: address },
    register_password: { new_password: PASSWORD },
  });
}

/** The last answer of a login of this address. */
export async function login(hanko, address) {
  return walk(hanko, "/login", {
    ...SKIP,
    register_client_capabilities: CAPABILITIES,
    // Which of the two it asks for depends on whether usernames are on.
    continue_with_login_identifier: { email: address, identifier: address },
    continue_to_password_login: {},
    password_login: { password: PASSWORD },
  });
}

/** Takes the last of these actions that is offered, until the flow ends. */
async function walk(hanko, path, inputs) {
  let answer = await step(hanko, path, undefined, {});
  for (let steps = 0; answer.json?.name !== "success"; steps++) {
    assert.ok(answer.status === 200 && steps < 10, `${path}: ${answer.status} ${answer.json?.name}`);
    const { name: state, actions, csrf_token: csrf } = answer.json;
    const name = Object.keys(inputs).findLast((one) => Object.hasOwn(actions, one));
    assert.ok(name, `${path}: ${state} asks for more than an address and a password: ${Object.keys(actions)}`);
    const asked = Object.entries(inputs[name]).filter(([input]) => Object.hasOwn(actions[name].inputs, input));
    answer = await step(hanko, actions[name].href, csrf, Object.fromEntries(asked));
  }
  return answer;
}

function step(hanko, path, csrf_token, input_data) {
  return hanko.ask("POST", path, { json: { input_data, ...(csrf_token && { csrf_token }) } });
}
