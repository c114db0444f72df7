/** A WebAssembly module as it lies (WebAssembly core specification, section 5). */

/** Where its sections begin: after the magic number and the version. */
export const FIRST = 8;
const CUSTOM = 0;
const IMPORT = 2;
/** The kind of an import. */
const FUNCTION = 0;

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

/** A number as LEB128. */
function leb(number) {
  const more = Math.floor(number / 128);
  return more === 0 ? [number] : [(number % 128) + 128, ...leb(more)];
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

/** A module without its custom sections, which change nothing of what it does. */
export function essence(bytes) {
  const kept = [...sections(reader(bytes, FIRST))].filter(({ id }) => id !== CUSTOM);
  return Buffer.concat(kept.map(({ from, to }) => bytes.subarray(from, to)));
}

/** The module, importing all its functions from a module of this name. */
export function importingFrom(name, bytes) {
  const text = Buffer.from(name);
  const read = reader(bytes, FIRST);
  const written = [bytes.subarray(0, FIRST)];
  for (const { id, from, to } of sections(read)) {
    if (id !== IMPORT) {
      written.push(bytes.subarray(from, to));
      continue;
    }
    const count = read.number();
    const imports = Array.from({ length: count }, () => [
      ...leb(text.length),
      ...text,
      ...importedFunction(read, bytes),
    ]);
    const content = Buffer.from([...leb(count), ...imports.flat()]);
    written.push(Buffer.from([IMPORT, ...leb(content.length)]), content);
  }
  return Buffer.concat(written);
}

/** An import without its module's name. */
function importedFunction(read, bytes) {
  read.text();
  const from = read.at;
  read.text();
  if (read.number() !== FUNCTION) throw new Error("the core imports something else than functions");
  read.number();
  return bytes.subarray(from, read.at);
}
