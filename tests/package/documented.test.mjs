// What an editor shows: every export says what it is, and so does every member that is not Hanko's own.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";

import ts from "typescript";

import { THROWS } from "../conformance/support/throws.mjs";
import { COMPILER_OPTIONS } from "./surface.mjs";
import { root } from "./tarball.mjs";

const ENTRIES = ["index", "slim", "admin", "stores", "testing", "webhooks"];
/** Shapes that Hanko sends, in its spelling: its own documentation holds for them. */
const OF_HANKO = ["User", "Identity", "WebauthnCredential", "AdminUser", "AdminMetadata", "AdminSession"];
/** Shapes of others, and what says by its name and type all that there is to say. */
const PLAIN = ["StandardSchemaV1.~standard", "KV.get", "KV.put", "Unstorage.getItem", "Unstorage.setItem"];
const TELLING = ["status", "code", "method"];

function exportsOf(entry) {
  const path = join(root, "node_modules/hanko-edge/dist", `${entry}.d.ts`);
  const program = ts.createProgram([path], COMPILER_OPTIONS);
  const checker = program.getTypeChecker();
  return { checker, exported: checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(path))) };
}

test("what a method throws is named by its comment, that of all methods, or that of a method it names", () => {
  const { checker, exported } = exportsOf("index");
  const wordsOf = (symbol) => {
    const tags = symbol.getJsDocTags(checker).flatMap(({ text }) => text ?? []);
    const texts = [...symbol.getDocumentationComment(checker), ...tags].map(({ text }) => text);
    return texts.flatMap((text) => [...text.matchAll(/`(\w+)`/g)].map(([, word]) => word));
  };
  const resolved = exported.map((one) => (one.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(one) : one));
  const hanko = resolved.find(({ name }) => name === "Hanko");
  const methods = checker.getDeclaredTypeOfSymbol(hanko).getProperties();
  for (const method of [...methods, ...resolved.filter(({ name }) => ["decodeToken", "readToken"].includes(name))]) {
    const shared = methods.includes(method) && method.name !== "authenticate" ? wordsOf(hanko) : [];
    const own = wordsOf(method);
    const named = methods.filter(({ name }) => own.includes(name)).flatMap(wordsOf);
    const words = [...own, ...named, ...shared];
    assert.deepEqual(
      THROWS[method.name].filter((code) => !words.includes(code)),
      [],
      method.name,
    );
  }
});

for (const entry of ENTRIES) {
  test(`hanko-edge/${entry}: nothing is without a word`, () => {
    const { checker, exported } = exportsOf(entry);
    assert.ok(exported.length > 0);
    assert.deepEqual(
      exported.flatMap((symbol) => undocumented(checker, symbol)),
      [],
    );
  });
}

function undocumented(checker, exported) {
  const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
  const isShape = symbol.flags & ts.SymbolFlags.Interface && !OF_HANKO.includes(symbol.name);
  const members = isShape ? checker.getDeclaredTypeOfSymbol(symbol).getProperties() : [];
  return [
    ...(isSilent(checker, symbol) ? [symbol.name] : []),
    ...members
      .filter((member) => isSilent(checker, member) && !TELLING.includes(member.name))
      .map((member) => `${symbol.name}.${member.name}`)
      .filter((name) => !PLAIN.includes(name)),
  ];
}

function isSilent(checker, symbol) {
  return ts.displayPartsToString(symbol.getDocumentationComment(checker)) === "";
}
