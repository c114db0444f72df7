/**
 * Puts our own tokens where recorded ones stand: whole, quoted, in upper case, percent-encoded, or altered;
 * what was altered in a recorded token is altered in ours in the same way.
 */
export function swapTokens(text, pairs) {
  let swapped = text;
  for (const { recorded, ours } of pairs) {
    recorded.parts.forEach((part, index) => {
      swapped = swapped.replaceAll(part, ours[index]);
      swapped = swapped.replaceAll(part.toUpperCase(), ours[index].toUpperCase());
    });
    swapped = swapped.replace(new RegExp(`(?<=${ours[1]}\\.)[\\w-]+`, "g"), (signature) =>
      signature.startsWith(ours[2]) ? signature : alteredLike(signature, recorded.parts[2], ours[2]),
    );
  }
  return swapped;
}

/** `ours` with the edit that made `altered` of `recorded`: cut short, or some characters changed. */
function alteredLike(altered, recorded, ours) {
  if (recorded.length !== ours.length) throw new Error("keys of another length than the recorded ones");
  if (recorded.startsWith(altered)) return ours.slice(0, altered.length);
  if (altered.length !== recorded.length) throw new Error("an alteration that is not known here");
  return [...ours].map((c, index) => (altered[index] === recorded[index] ? c : altered[index])).join("");
}

/** Whether a good token, or part of one, is in this text. */
export function isIn(text, { parts }) {
  const [, payload, signature] = parts;
  const found = [payload, payload.toUpperCase(), signature].some((part) => text.includes(part));
  return found;
}
