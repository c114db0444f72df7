// A user's code, type-checked only: every name that the package declares is used as documented.
import {
  createHanko,
  decodeToken,
  denyResponse,
  HankoError,
  init,
  readToken,
  type Auth,
  type Claims,
  type DeniedCode,
  type Hanko,
  type HankoErrorCode,
  type HankoOptions,
  type Session,
  type SessionStatus,
  type SignedIn,
  type SignedOut,
  type Unavailable,
  type WebhookEvent,
  type JsonObject,
  type UserMetadata,
} from "hanko-edge";
import { createHanko as createSlim, init as initSlim } from "hanko-edge/slim";
import { createAdmin, type AdminUser } from "hanko-edge/admin";
import { createTestHanko, type TestHanko } from "hanko-edge/testing";
import { memoryRevocations } from "hanko-edge/stores";
import { webhookRoute, type WebhookRouteOptions } from "hanko-edge/webhooks";

interface Custom {
  role: "admin" | "member";
}
const options: HankoOptions<Custom> = {
  apiUrl: new URL("https://auth.example.com"),
  audience: ["app.example.com"] as const,
  mode: "local",
  fetch: { fetch },
  onEvent: (event) => {
    if (event.type === "authenticated") console.log(event.status, event.cached, event.durationMs);
  },
};
const hanko: Hanko<Custom> = createHanko<Custom>(options);
const plain: Hanko = createHanko({ apiUrl: "https://auth.example.com" });

export async function respond(request: Request): Promise<Response> {
  const auth: Auth<Custom> = await hanko.authenticate(request, { mode: "remote", signal: request.signal });
  switch (auth.status) {
    case "signed-in": {
      const role: "admin" | "member" = auth.claims.role;
      const address: string | undefined = auth.claims.email?.address;
      return Response.json({
        id: auth.userId,
        until: auth.expiresAt.toISOString(),
        role,
        address,
        by: auth.verifiedBy,
      });
    }
    case "signed-out":
    case "unavailable":
      return denyResponse(auth);
  }
}

export async function validate(token: string): Promise<string | undefined> {
  const status: SessionStatus<Custom> = await hanko.validateSession(token);
  const session: Session = await plain.verifySession(token);
  await plain.reloadKeys({});
  return status.is_valid ? status.user_id + session.sessionId : undefined;
}

export async function chosen(token: string, signal: AbortSignal): Promise<JsonObject> {
  const told: UserMetadata = await hanko.patchUnsafeMetadata({ theme: null, tags: ["a", { b: 1 }] }, { token, signal });
  await plain.clearUnsafeMetadata();
  return told.public_metadata;
}

interface Settings {
  theme: string;
}
export async function saved(settings: Settings): Promise<void> {
  // @ts-expect-error a value of an interface is no JSON object
  await hanko.patchUnsafeMetadata(settings);
  await hanko.patchUnsafeMetadata({ ...settings });
}

export function readable(error: unknown): HankoErrorCode | undefined {
  return error instanceof HankoError && error.kind === "denied" ? error.code : undefined;
}

export const decoded: { header: { alg: string }; claims: Claims<Custom> } = decodeToken<Custom>("");
export const source: "authorization" | "cookie" = readToken(new Headers(), { cookieName: "hanko" }).source;
export const results: (SignedIn | SignedOut | Unavailable)[] = [];
export const code: DeniedCode = "token_expired";
export const started: Promise<void>[] = [init(), initSlim(new Uint8Array()), initSlim(fetch("/core.wasm"))];
export const slim: Hanko = createSlim({ apiUrl: "https://auth.example.com" });

export async function tested(): Promise<string> {
  const server: TestHanko = await createTestHanko({ version: "3.0", customClaims: { role: "admin" } });
  const { user_id } = await server.createUser({ username: "ada" });
  const { token } = await server.createSession(user_id);
  server.break({ status: 503, times: 1 }, "/sessions");
  return token;
}

const routeOptions: WebhookRouteOptions = {
  revocations: memoryRevocations(),
  sessionLifespan: 43_200,
  onEvent: async ({ event, data, issuedAt }: WebhookEvent) => console.log(event, data, issuedAt.toISOString()),
  seen: { add: (id, until) => id.length > 0 && until > new Date() },
};
const route = webhookRoute(hanko, routeOptions);
export const worker = {
  fetch: (request: Request, _env: object, context: { waitUntil(promise: Promise<unknown>): void }): Promise<Response> =>
    route(request, context),
};
export async function received(request: Request): Promise<string> {
  const { id, event } = await plain.verifyWebhook(await request.text(), { signal: request.signal });
  await plain.verifyWebhook({ token: "" });
  return (await route(request)).ok ? id : event;
}
// @ts-expect-error an unknown option
webhookRoute(plain, { onEvents: () => {} });

// @ts-expect-error an unknown option
createHanko({ apiUrl: "https://auth.example.com", apiKey: "no" });
// @ts-expect-error a mode that there is not
void hanko.authenticate("", { mode: "fast" });
// @ts-expect-error a signed-in result is not denied
denyResponse({ status: "signed-in" });

/** A schema as libraries declare theirs, after https://standardschema.dev. */
type Checked<O> = { readonly value: O; readonly issues?: undefined } | { readonly issues: readonly Issue[] };
interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}
interface LibrarySchema<O> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown, options?: object | undefined) => Checked<O> | Promise<Checked<O>>;
    readonly types?: { readonly input: unknown; readonly output: O } | undefined;
  };
}
export async function checked(claimsSchema: LibrarySchema<Custom>, token: string): Promise<"admin" | "member"> {
  const { claims } = await createHanko({ apiUrl: "https://auth.example.com", claimsSchema }).verifySession(token);
  return claims.role;
}

export async function staff(apiUrl: string, apiKey: string): Promise<AdminUser> {
  const admin = createAdmin({ apiUrl, apiKey });
  const user = await admin.createUser({ username: "ada" });
  const { private_metadata } = await admin.patchMetadata(user.user_id, { private_metadata: { note: "vip" } });
  const ended: number = await admin.deleteSessions(user.user_id);
  // @ts-expect-error the Admin API does not tell it
  void user.mfa_config;
  return { ...user, name: `${String(private_metadata["note"])} ${ended}` };
}
