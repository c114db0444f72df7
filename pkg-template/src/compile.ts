/** Whatever names the module to the module. Not part of the edge flavour, where nothing may be compiled. */
import { keepModule, startFailed } from "./core.js";
import { argumentInvalid, HankoError } from "./error.js";

/** What `init` takes. */
export type Source = WebAssembly.Module | BufferSource | Response | URL | string;

/** Makes the module ready. A Module is, before the first await. A failed attempt may be repeated. */
export async function compile(given: Source | Promise<Source>): Promise<void> {
  if (isModule(given)) return keepModule(given);
  const source = await given;
  if (isModule(source)) return keepModule(source);
  const bytes = await read(source);
  try {
    keepModule(await WebAssembly.compile(bytes));
  } catch (error) {
    throw startFailed(error);
  }
}

/** By its tag: the module may come from another realm. */
export function isModule(value: unknown): value is WebAssembly.Module {
  return Object.prototype.toString.call(value) === "[object WebAssembly.Module]";
}

async function read(source: unknown): Promise<BufferSource> {
  if (ArrayBuffer.isView(source)) return source as BufferSource;
  const tag = Object.prototype.toString.call(source);
  if (tag === "[object ArrayBuffer]") return source as ArrayBuffer;
  if (tag === "[object Response]") return readResponse(source as Response);
  if (typeof source === "string" || source instanceof URL || tag === "[object URL]")
    return readResponse(await download(source as string | URL));
  throw argumentInvalid("the source", "a WebAssembly.Module, bytes, a Response or a URL");
}

async function download(url: string | URL): Promise<Response> {
  try {
    return await fetch(url);
  } catch {
    throw new HankoError({
      code: "network_error",
      kind: "unavailable",
      message: "the WebAssembly module could not be fetched",
    });
  }
}

async function readResponse(response: Response): Promise<ArrayBuffer> {
  if (!response.ok) {
    const message = `the WebAssembly module's server answered ${response.status}`;
    throw new HankoError({ code: "response_invalid", kind: "unavailable", message, status: response.status });
  }
  return response.arrayBuffer();
}
