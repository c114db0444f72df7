import ts from "typescript";

export const COMPILER_OPTIONS = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
  skipLibCheck: false,
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2022.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
  module: ts.ModuleKind.Node16,
  moduleResolution: ts.ModuleResolutionKind.Node16,
  types: [],
};

/**
 * The public names of a module: its exports, the members of its interfaces and classes (`Hanko.authenticate`), and the
 * texts of its unions of texts (`DeniedCode.token_missing`). Shapes are not in it: those are compared by assignment.
 *
 * @returns {{ name: string, kind: "type" | "class" | "value", generic: boolean, members: string[] }[]} sorted by name
 */
export function surfaceOf(program, path) {
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(path));
  return checker
    .getExportsOfModule(module)
    .map((symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol))
    .map((symbol) => describe(checker, symbol))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function describe(checker, symbol) {
  const { flags, name } = symbol;
  const isType = flags & ts.SymbolFlags.Type;
  const kind = flags & ts.SymbolFlags.Class ? "class" : isType ? "type" : "value";
  const generic = symbol.declarations.some(({ typeParameters }) => typeParameters?.length > 0);
  return { name, kind, generic, members: isType ? membersOf(checker, symbol) : [] };
}

function membersOf(checker, symbol) {
  const type = checker.getDeclaredTypeOfSymbol(symbol);
  const texts = type.isUnion() ? type.types.filter((one) => one.isStringLiteral()).map(({ value }) => value) : [];
  if (texts.length > 0) return texts.sort();
  const isShape = symbol.flags & (ts.SymbolFlags.Interface | ts.SymbolFlags.Class);
  return isShape
    ? type
        .getProperties()
        .map(({ name }) => name)
        .sort()
    : [];
}

/** All names of a surface in one list. */
export const namesOf = (surface) =>
  surface.flatMap(({ name, members }) => [name, ...members.map((member) => `${name}.${member}`)]);
