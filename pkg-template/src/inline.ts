/** The module from inline bytes: works in every bundler and server without a file, a URL or a permission. */
import { bytes } from "./bytes.js";
import { startFailed } from "./core.js";
import { inflateSync } from "./inflate.js";

export function loadInline(): WebAssembly.Module {
  const packed = Uint8Array.from(atob(bytes), (char) => char.charCodeAt(0));
  try {
    return new WebAssembly.Module(inflateSync(packed) as Uint8Array<ArrayBuffer>);
  } catch (error) {
    throw startFailed(error);
  }
}
