/** A WebAssembly module as it lies (WebAssembly core specification, section 5). */

/** Where its sections begin: after the magic number and the version. */
export const FIRST = 8;

/** Reads numbers (LEB128) and texts from front to back. */
export function reader(bytes, at = 0) {
  const read = {
    at,
    end: bytes.length,
    number() {
      let [value, shift, byte] = [0, 0, 0];
      do {
        byte = bytes[read.at++];
        value += (byte & 0x7f) * 2 ** shift;
        shift += 7;
      } while (byte & 0x80);
      return value;
    },
    text() {
      const length = read.number();
      read.at += length;
      return new TextDecoder().decode(bytes.subarray(read.at - length, read.at));
    },
  };
  return read;
}

/** Each section with its id and its bytes' ends, while the reader stands at what it holds. */
export function* sections(read) {
  while (read.at < read.end) {
    const from = read.at;
    const id = read.number();
    const size = read.number();
    const to = read.at + size;
    yield { id, from, to };
    read.at = to;
  }
}
