import { abort } from "./suite/abort.mjs";
import { adminArguments } from "./suite/admin-arguments.mjs";
import { adminFaults } from "./suite/admin-faults.mjs";
import { adminApi } from "./suite/admin.mjs";
import { again } from "./suite/again.mjs";
import { apiUrls } from "./suite/api-urls.mjs";
import { attackTokens } from "./suite/attack-tokens.mjs";
import { carriers } from "./suite/carriers.mjs";
import { clients } from "./suite/clients.mjs";
import { denials } from "./suite/denials.mjs";
import { flavour } from "./suite/flavour.mjs";
import { herd } from "./suite/herd.mjs";
import { hostileFetch } from "./suite/hostile-fetch.mjs";
import { limits } from "./suite/limits.mjs";
import { logout } from "./suite/logout.mjs";
import { metadataFlow } from "./suite/metadata-flow.mjs";
import { metadataFlowFaults } from "./suite/metadata-flow-faults.mjs";
import { misuse } from "./suite/misuse.mjs";
import { outages } from "./suite/outages.mjs";
import { preview } from "./suite/preview.mjs";
import { requests } from "./suite/requests.mjs";
import { results } from "./suite/results.mjs";
import { severalCookies } from "./suite/several-cookies.mjs";
import { unhandled } from "./suite/unhandled.mjs";
import { userFaults } from "./suite/user-faults.mjs";
import { users } from "./suite/users.mjs";
import { validateAnswers } from "./suite/validate-answers.mjs";
import { validateRecorded } from "./suite/validate-recorded.mjs";
import { webhookRoute } from "./suite/webhook-route.mjs";
import { webhooks } from "./suite/webhooks.mjs";

/** `flavour` is first because it watches the first use of the package, `unhandled` last because it looks back. */
const suites = [
  flavour,
  attackTokens,
  carriers,
  apiUrls,
  validateRecorded,
  validateAnswers,
  outages,
  hostileFetch,
  results,
  limits,
  clients,
  again,
  denials,
  requests,
  misuse,
  abort,
  herd,
  preview,
  severalCookies,
  webhooks,
  webhookRoute,
  users,
  userFaults,
  logout,
  adminApi,
  adminArguments,
  adminFaults,
  metadataFlow,
  metadataFlowFaults,
  unhandled,
];

export function register(QUnit, context) {
  for (const suite of suites) suite(QUnit, context);
}
