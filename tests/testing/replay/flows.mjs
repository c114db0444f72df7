/** Flows whose first steps a recording leaves out are begun here. */

/** Where a request is on a flow that no recorded answer has named. */
export async function beginLeftOut(stage, { request }) {
  const [, action, flowId] = /^\/profile\?action=(\w+)(?:%40|@)([\da-f-]{36})$/.exec(request.path) ?? [];
  const [, csrf] = /"csrf_token":\s*"(\w{32})"/.exec(request.body ?? "") ?? [];
  if (!flowId || !csrf || stage.names.knows(flowId) || stage.names.knows(csrf)) return;
  const headers = { ...request.headers, "content-type": "application/json" };
  const begun = await stage.send({ method: "POST", path: "/profile", headers, body: null });
  if (begun.status !== 200) return;
  const [, ourFlow] = /%40([\da-f-]{36})/.exec(begun.body);
  stage.names.learn(flowId, ourFlow);
  if (action === "register_client_capabilities") {
    stage.names.learn(csrf, JSON.parse(begun.body).csrf_token);
    return;
  }
  const path = `/profile?action=register_client_capabilities%40${ourFlow}`;
  const body = JSON.stringify({ csrf_token: JSON.parse(begun.body).csrf_token });
  const ready = await stage.send({ method: "POST", path, headers, body });
  stage.names.learn(csrf, JSON.parse(ready.body).csrf_token);
}
