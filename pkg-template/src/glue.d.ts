/** By module and name. Written without the DOM's types: a server may have none. */
export type Imports = Record<string, Record<string, (...given: never[]) => unknown>>;

/** The names of the two imports that are `queueMicrotask`. */
export const QUEUE_MICROTASK: readonly string[];

/** What the build makes of wasm-bindgen's output: one closed scope per instance, so that a dead one can call nobody. */
export interface Glue {
  imports(): Imports;
  finalize(instance: { exports: object }): void;
  configure(options: object): string;
  decode(token: string): string;
  read_token(authorization: string | undefined, cookie: string | undefined, options: object): string;
  preview_metadata_patch(current: string | undefined, patch: string | undefined): string;
  authenticate(
    id: number,
    config: number,
    call: object,
    authorization: string | undefined,
    cookie: string | undefined,
    token: string | undefined,
    mode: string | undefined,
    cookiesRefused: boolean,
  ): Promise<string>;
  authenticate_now(
    id: number,
    config: number,
    authorization: string | undefined,
    cookie: string | undefined,
    token: string | undefined,
    mode: string | undefined,
    cookiesRefused: boolean,
    mayGoOn: boolean,
  ): string | Promise<boolean> | undefined;
  authenticate_again(config: number, at: number, verified: number, mode: string | undefined, mayGoOn: boolean): number;
  verify_session_now(id: number, config: number, token: string): string | Promise<boolean> | undefined;
  signature_verified(id: number, good: boolean, show: boolean): string;
  verify_session(id: number, config: number, call: object, token: string): Promise<string>;
  validate_session(id: number, config: number, call: object, token: string | undefined): Promise<string>;
  verify_webhook(id: number, config: number, call: object, token: string): Promise<string>;
  user(
    id: number,
    config: number,
    call: object,
    token: string | undefined,
    userId: string | undefined,
  ): Promise<string>;
  patch_metadata(
    id: number,
    config: number,
    call: object,
    token: string | undefined,
    patch: string | undefined,
  ): Promise<string>;
  logout(id: number, config: number, call: object, token: string | undefined): Promise<string>;
  deletion_cookie(options: object): string;
  admin(
    id: number,
    config: number,
    call: object,
    name: string,
    key: string | undefined,
    user: string,
    more: string,
  ): Promise<string>;
  reload_keys(id: number, config: number, call: object): Promise<string>;
  polled(): number;
}
export function createGlue(): Glue;
