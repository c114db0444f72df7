/** The module from inline bytes: works in every bundler and server without a file, a URL or a permission. */
import { bytes } from "./bytes.js";
import { startFailed } from "./core.js";
import { inflateSync } from "./inflate.js";

export function loadInline(): WebAssembly.Module {
  const text = atob(bytes);
  const packed = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) packed[at] = text.charCodeAt(at);
  try {
    return new WebAssembly.Module(inflateSync(packed) as Uint8Array<ArrayBuffer>);
  } catch (error) {
    throw startFailed(error);
  }
}
