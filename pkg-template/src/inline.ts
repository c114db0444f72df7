/** The module from inline text: works in every bundler and server without a file, a URL or a permission. */
import { length, ranks, text } from "./bytes.js";
import { startFailed } from "./core.js";
import { unpack } from "./unpack.js";

export function loadInline(): WebAssembly.Module {
  try {
    return new WebAssembly.Module(unpack(text, ranks, length));
  } catch (error) {
    throw startFailed(error);
  }
}
