import apiUrlCases from "../vectors/attack-tokens/api_url_cases.json" with { type: "json" };
import attackTokens from "../vectors/attack-tokens/attack_tokens.json" with { type: "json" };
import extractionCases from "../vectors/attack-tokens/extraction_cases.json" with { type: "json" };
import userIdCases from "../vectors/attack-tokens/user_id_cases.json" with { type: "json" };
import cookies27 from "../vectors/recorded/2.7.0/cookies.json" with { type: "json" };
import flowOutputs from "../vectors/hanko-merge-server/flow_outputs.json" with { type: "json" };
import mergeOutputs from "../vectors/json-patch/merge_outputs.json" with { type: "json" };
import flowPatch27 from "../vectors/recorded/2.7.0/flow-patch.json" with { type: "json" };
import flowRetry27 from "../vectors/recorded/2.7.0/flow-retry.json" with { type: "json" };
import flowViews27 from "../vectors/recorded/2.7.0/flow-views.json" with { type: "json" };
import outage27 from "../vectors/recorded/2.7.0/outage.json" with { type: "json" };
import shadow27 from "../vectors/recorded/2.7.0/custom-claims-shadow.json" with { type: "json" };
import users27 from "../vectors/recorded/2.7.0/users.json" with { type: "json" };
import credentials27 from "../vectors/recorded/2.7.0/users-credentials.json" with { type: "json" };
import validate27 from "../vectors/recorded/2.7.0/validate.json" with { type: "json" };
import validateGet27 from "../vectors/recorded/2.7.0/validate-get.json" with { type: "json" };
import cookies30 from "../vectors/recorded/3.0.4/cookies.json" with { type: "json" };
import flowPatch30 from "../vectors/recorded/3.0.4/flow-patch.json" with { type: "json" };
import flowRetry30 from "../vectors/recorded/3.0.4/flow-retry.json" with { type: "json" };
import flowViews30 from "../vectors/recorded/3.0.4/flow-views.json" with { type: "json" };
import outage30 from "../vectors/recorded/3.0.4/outage.json" with { type: "json" };
import shadow30 from "../vectors/recorded/3.0.4/custom-claims-shadow.json" with { type: "json" };
import users30 from "../vectors/recorded/3.0.4/users.json" with { type: "json" };
import credentials30 from "../vectors/recorded/3.0.4/users-credentials.json" with { type: "json" };
import validate30 from "../vectors/recorded/3.0.4/validate.json" with { type: "json" };
import validateGet30 from "../vectors/recorded/3.0.4/validate-get.json" with { type: "json" };
import webhooks27 from "../vectors/recorded/2.7.0/webhooks.json" with { type: "json" };
import webhooks30 from "../vectors/recorded/3.0.4/webhooks.json" with { type: "json" };
import webhooksHead from "../vectors/recorded/head/webhooks.json" with { type: "json" };
import webhooksIdle from "../vectors/recorded/head/webhooks-session-idle.json" with { type: "json" };
import webhooksExpiry from "../vectors/recorded/head/webhooks-session-expiry.json" with { type: "json" };
import validateAnswers from "../vectors/answers/validate.json" with { type: "json" };
import runtimeRows from "./runtime-rows.json" with { type: "json" };

export const vectors = {
  apiUrlCases,
  attackTokens,
  extractionCases,
  flowOutputs,
  mergeOutputs,
  recorded: [validate27, validateGet27, shadow27, validate30, validateGet30, shadow30],
  outages: [outage27, outage30],
  webhooks: [webhooks27, webhooks30, webhooksHead, webhooksIdle, webhooksExpiry],
  users: [users27, credentials27, users30, credentials30],
  cookies: [cookies27, cookies30],
  flows: [flowPatch27, flowRetry27, flowViews27, flowPatch30, flowRetry30, flowViews30],
  userIdCases,
  validateAnswers,
  runtimeRows,
};
