import { HankoError } from "hanko-edge";

/** A value, or the failure in its place. What is no `HankoError` is thrown on. */
export async function settled<T>(run: () => T | Promise<T>) {
  try {
    return { value: await run() };
  } catch (error) {
    if (error instanceof HankoError) return { error: described(error) };
    throw error;
  }
}

export function described({ code, kind, message }: HankoError) {
  return { code, kind, message };
}
