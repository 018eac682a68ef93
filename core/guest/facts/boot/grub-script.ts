/** A word of GRUB's script, in parts: what stands in single quotes or behind a backslash has no variables. */
export interface Word {
  readonly parts: readonly { readonly text: string; readonly isLiteral: boolean }[];
}

/** A command with its arguments. */
export type Command = readonly Word[];

const TOKEN = /\\[\s\S]|'[^']*'|"(?:\\[\s\S]|[^"\\])*"|[ \t\r]+|[\n;]|[^\\'" \t\r\n;]+|[\s\S]/y;
/** More is no command of a menu: what follows is passed over. */
const MAX_WORDS = 512;
const MAX_PARTS = 64;

/** The commands of a script one after another, whatever conditions they stand under (GRUB's manual, shell-like scripting). */
export function* commandsOf(text: string): Generator<Command> {
  let [command, parts]: [Word[], Word["parts"][number][]] = [[], []];
  const endWord = () => {
    if (parts.length > 0 && command.length < MAX_WORDS) command.push({ parts });
    parts = [];
  };
  TOKEN.lastIndex = 0;
  for (let at = 0; at < text.length; ) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text)?.[0] ?? text.slice(at);
    at += token.length;
    const isBreak = token === "\n" || token === ";";
    if (token.startsWith("#") && parts.length === 0) at = endOfLine(text, at);
    else if (isBreak || /^[ \t\r]/.test(token)) endWord();
    else if (parts.length < MAX_PARTS) parts.push(...unquoted(token));
    if (!isBreak || command.length === 0) continue;
    yield command;
    command = [];
  }
  endWord();
  if (command.length > 0) yield command;
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end < 0 ? text.length : end;
}

function unquoted(token: string): Word["parts"] {
  if (token.length > 1 && token.startsWith("'")) return [{ text: token.slice(1, -1), isLiteral: true }];
  if (token.length > 1 && token.startsWith("\\"))
    return token === "\\\n" ? [] : [{ text: token.slice(1), isLiteral: true }];
  if (token.length < 2 || !token.startsWith('"')) return [{ text: token, isLiteral: false }];
  return [{ text: token.slice(1, -1).replace(/\\(["\\])/g, "$1"), isLiteral: false }];
}

/** A word as it is written, quotes left out. */
export const rawText = ({ parts }: Word): string => parts.map(({ text }) => text).join("");

const VARIABLE = /\$(?:\{([A-Za-z0-9_?]+)\}|([A-Za-z0-9_]+|\?))/g;

/** A word with its variables put in, cut where it is longer than anything that is looked for; unset ones are nothing. */
export function expanded({ parts }: Word, variables: ReadonlyMap<string, string>, most: number): string {
  let text = "";
  for (const part of parts) {
    let from = 0;
    for (const found of part.isLiteral ? [] : part.text.matchAll(VARIABLE)) {
      text += part.text.slice(from, found.index) + (variables.get(found[1] ?? found[2] ?? "") ?? "");
      from = found.index + found[0].length;
      if (text.length > most) return text.slice(0, most);
    }
    text += part.text.slice(from);
    if (text.length > most) return text.slice(0, most);
  }
  return text;
}
