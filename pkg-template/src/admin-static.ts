/** hanko-edge/admin for `workerd` and `edge-light`, where WebAssembly comes as a module and nothing may be compiled. */
import { createAdminClient } from "./admin/client.js";
import type { Admin, AdminOptions } from "./admin/types.js";
import module from "./core.wasm?module";

export type * from "./admin/types.js";

/**
 * A client of one Admin API, for servers. Checks the options and makes no request.
 *
 * @throws HankoError `config_invalid`, naming the option, and where there is a `window` with a `document`;
 *   `wasm_blocked`, `internal_error` where the core cannot start
 */
export function createAdmin(options: AdminOptions): Admin {
  return createAdminClient(() => module, options);
}
