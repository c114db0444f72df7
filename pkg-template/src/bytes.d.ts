/** The WebAssembly module: raw DEFLATE (RFC 1951) in base64. Written by the build. */
export const bytes: string;
