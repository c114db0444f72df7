/** Languages whose blocks are code of ours, and have to be run. */
const CODE = ["js", "mjs", "javascript", "ts", "typescript", "html"];

/**
 * The fenced code blocks of a Markdown text that hold code, each with the runner that the comment before its fence names
 * (`<!-- snippet: node -->`).
 *
 * @returns {{ line: number, language: string, runner: string | undefined, text: string }[]}
 */
export function codeBlocks(markdown) {
  const lines = markdown.split("\n");
  const fences = lines.flatMap((line, index) => (line.startsWith("```") ? [index] : []));
  const blocks = [];
  for (let at = 0; at + 1 < fences.length; at += 2) {
    const [open, close] = [fences[at], fences[at + 1]];
    const language = lines[open].slice(3).trim();
    const runner = lines[open - 1]?.match(/^<!-- snippet: (\w+) -->$/)?.[1];
    if (CODE.includes(language) || runner) {
      blocks.push({ line: open + 1, language, runner, text: lines.slice(open + 1, close).join("\n") });
    }
  }
  return blocks;
}

/** What a snippet says that it prints: the comments behind its `console.log` calls. */
export function promisedOutput(text) {
  return [...text.matchAll(/^\s*console\.log\(.*\);? +\/\/ (.+)$/gm)].map(([, output]) => output);
}
