/** The WebAssembly module as text, in the way of `unpack.ts`. Written by the build. */
export const text: string;
/** The bytes by rank: those that occur most often first. */
export const ranks: string;
/** Bytes of the module. */
export const length: number;
