/** `GET /.well-known/config` of 2.7 (`errors#plain-config`). */
import { json } from "../answer.js";
import type { Answer } from "../answer.js";

/** Hanko's defaults: nothing of it can be set here. */
const CONFIG = {
  password: { enabled: true, min_password_length: 8 },
  emails: { require_verification: true, max_num_of_addresses: 5 },
  providers: null,
  account: { allow_deletion: false, allow_signup: true },
  use_enterprise: false,
};

export function config(): Answer {
  return json(JSON.stringify(CONFIG));
}
