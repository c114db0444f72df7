/** What names the module, once it has come. */
import { HankoError } from "./error.js";

/**
 * What a fetch of the caller's, or one of ours, gives.
 *
 * @throws HankoError `network_error`
 */
export async function fetched<T>(coming: () => T | Promise<T>): Promise<T> {
  try {
    return await coming();
  } catch {
    throw new HankoError({
      code: "network_error",
      kind: "unavailable",
      message: "the WebAssembly module could not be fetched",
    });
  }
}
