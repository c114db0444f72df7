/** Whatever names the module to the module. Not part of the edge flavour, where nothing may be compiled. */
import { keepModule, startFailed, type Module } from "./core.js";
import { argumentInvalid, HankoError } from "./error.js";
import { fetched } from "./fetched.js";

/** What `init` takes. */
export type Source = Module | ArrayBufferView | ArrayBuffer | Response | URL | string;

/** Makes the module ready. A Module is, before the first await. A failed attempt may be repeated. */
export async function compile(given: Source | Promise<Source>): Promise<void> {
  if (isModule(given)) return keepModule(given);
  const source = await fetched(() => given);
  if (isModule(source)) return keepModule(source);
  const bytes = await read(source);
  try {
    keepModule(await WebAssembly.compile(bytes));
  } catch (error) {
    // Hosts that forbid WebAssembly, and bytes that are none, throw the same; but bytes may be looked at anywhere.
    throw WebAssembly.validate(bytes) ? startFailed(error) : noModule(source);
  }
}

/** By its tag: the module may come from another realm. */
export function isModule(value: unknown): value is Module {
  return Object.prototype.toString.call(value) === "[object WebAssembly.Module]";
}

async function read(source: unknown): Promise<BufferSource> {
  if (isBytes(source)) return source;
  const tag = Object.prototype.toString.call(source);
  if (tag === "[object Response]") return readResponse(source as Response);
  if (typeof source === "string" || source instanceof URL || tag === "[object URL]")
    return readResponse(await fetched(() => fetch(source as string | URL)));
  throw argumentInvalid("the source", "a WebAssembly.Module, bytes, a Response or a URL");
}

function isBytes(source: unknown): source is BufferSource {
  return ArrayBuffer.isView(source) || Object.prototype.toString.call(source) === "[object ArrayBuffer]";
}

async function readResponse(response: Response): Promise<ArrayBuffer> {
  if (!response.ok) {
    const message = `the WebAssembly module's server answered ${response.status}`;
    throw new HankoError({ code: "response_invalid", kind: "unavailable", message, status: response.status });
  }
  if (response.bodyUsed) throw argumentInvalid("the source", "a Response whose body nobody has read");
  return fetched(() => response.arrayBuffer());
}

function noModule(source: unknown): HankoError {
  if (isBytes(source)) return argumentInvalid("the source", "the bytes of hanko-edge/core.wasm");
  const message = "what came is no WebAssembly module: is it hanko-edge/core.wasm?";
  return new HankoError({ code: "response_invalid", kind: "unavailable", message });
}
