/** The answers of the profile flow, in their order of members. */
import type { Answer } from "../answer.js";
import { json } from "../answer.js";
import type { Flow } from "./state.js";

interface FlowError {
  code: string;
  message: string;
}

/** By status. Every one but 400 comes without payload, actions and csrf token. */
const ERRORS: Record<number, FlowError> = {
  400: { code: "form_data_invalid_error", message: "Form data invalid." },
  401: { code: "unauthorized", message: "The session is invalid." },
  403: { code: "operation_not_permitted_error", message: "The operation is not permitted." },
  410: { code: "flow_expired_error", message: "The flow has expired." },
  429: { code: "rate_limit_exceeded", message: "The rate limit has been exceeded." },
  500: { code: "technical_error", message: "Something went wrong." },
};

/** Whether the flow has an error of this status. */
export function isFlowStatus(status: number): boolean {
  return status !== 400 && status in ERRORS;
}

export function flowFailure(status: number): Answer {
  const error = JSON.stringify(ERRORS[status]);
  return json(`{"name":"error","status":${status},"csrf_token":"","actions":{},"error":${error},"links":null}`, status);
}

/** A state: `payload` and `actions` are JSON texts. With status 400 the input at fault is among the actions. */
export function flowState(flow: Flow, payload: string, actions: string, status = 200): Answer {
  const error = status === 200 ? "" : `,"error":${JSON.stringify(ERRORS[status])}`;
  const head = `"name":"${flow.state}","status":${status},"payload":${payload}`;
  return json(`{${head},"csrf_token":"${flow.csrf}","actions":${actions}${error},"links":null}`, status);
}
