/** What sudoers(5) lets somebody do. Names are as written: `%group`, `#uid`, `+netgroup`, `ALIAS`, `!` before what is taken out. */
export interface SudoRule {
  readonly users: readonly string[];
  readonly hosts: readonly string[];
  /** As whom; nobody and no group where nothing is said: root. */
  readonly as_users: readonly string[];
  readonly as_groups: readonly string[];
  readonly commands: readonly string[];
  /** No password is asked for. */
  readonly nopasswd: boolean;
}

export interface SudoAlias {
  readonly kind: "user" | "runas" | "host" | "command";
  readonly name: string;
  readonly members: readonly string[];
}

export interface SudoLines {
  readonly rules: readonly SudoRule[];
  readonly aliases: readonly SudoAlias[];
  /** Settings as written, with whom they are for: `env_reset`, `:web !authenticate`. */
  readonly defaults: readonly string[];
  readonly includes: readonly { readonly path: string; readonly isFolder: boolean }[];
}

const ALIAS = /^(User|Runas|Host|Cmnd|Cmd)_Alias\s+/;
const KINDS = { User: "user", Runas: "runas", Host: "host", Cmnd: "command", Cmd: "command" } as const;
const INCLUDE = /^[@#]include(dir)?\s+("[^"]*"|(?:\\.|\S)+)/;
/** What may stand before a command: whom it runs as, options of SELinux and its like, tags, digests. */
const RUN_AS = /^\(([^)]*)\)\s*/;
const OPTION =
  /^(?:ROLE|TYPE|PRIVS|LIMITPRIVS|NOTBEFORE|NOTAFTER|TIMEOUT|CWD|CHROOT|APPARMOR_PROFILE)\s*=\s*(?:"[^"]*"|\S+)\s*/;
const TAG = /^(!?[A-Z_]+)\s*:\s*/;
const DIGEST = /^sha\d{3}\s*:\s*\S+\s*(?:,\s*(?=sha))?/;

/** Lines of one file; those that are none are left out. */
export function parseSudoers(text: string): SudoLines {
  const found = { rules: [], aliases: [], defaults: [], includes: [] } as {
    -readonly [K in keyof SudoLines]: SudoLines[K][number][];
  };
  for (const line of text.replace(/\\\r?\n/g, " ").split("\n")) {
    const [, folder, path] = INCLUDE.exec(line.trim()) ?? [];
    if (path !== undefined) found.includes.push({ path: plain(path), isFolder: folder !== undefined });
    else takeLine(withoutComment(line).trim(), found);
  }
  return found;
}

function takeLine(line: string, found: { rules: SudoRule[]; aliases: SudoAlias[]; defaults: string[] }): void {
  const [, defaults] = /^Defaults(?:\s+|(?=[@:!>]))(.*)$/.exec(line) ?? [];
  const [start, kind] = ALIAS.exec(line) ?? [];
  if (defaults !== undefined) found.defaults.push(defaults.replace(/\s+/g, " "));
  else if (kind !== undefined)
    for (const alias of aliasesOf(KINDS[kind as keyof typeof KINDS], line.slice(start?.length)))
      found.aliases.push(alias);
  else for (const rule of rulesOf(line)) found.rules.push(rule);
}

/** A `#` begins one, but for numbers of users and groups, and where it is quoted or escaped. */
function withoutComment(line: string): string {
  const kept = /^(?:[^"#\\]|\\.|"(?:[^"\\]|\\.)*"|(?<=^|[\s,!(:%])#(?=-?\d))*/.exec(line)?.[0] ?? "";
  return line[kept.length] === "#" || kept.length === line.length ? kept : line;
}

function aliasesOf(kind: SudoAlias["kind"], text: string): readonly SudoAlias[] {
  return splitAt(text, ":").flatMap((each) => {
    const [, name, members] = /^\s*([A-Z][A-Z0-9_]*)\s*=\s*(.*)$/.exec(each) ?? [];
    return name === undefined || members === undefined ? [] : [{ kind, name, members: listOf(members) }];
  });
}

/** `USERS HOSTS = COMMANDS`, and `: HOSTS = COMMANDS` behind it. */
function rulesOf(line: string): readonly SudoRule[] {
  const [left = "", ...rest] = splitAt(line, "=", 1);
  const parts = words(left.replace(/\s*,\s*/g, ",").replace(/!\s+/g, "!"));
  if (parts.length !== 2 || rest[0] === undefined) return [];
  const users = listOf(parts[0] ?? "");
  const rules: SudoRule[] = [];
  let [hosts, commands]: [string, string] = [parts[1] ?? "", rest[0]];
  while (true) {
    const { specs, after } = specsOf(commands);
    for (const spec of specs) rules.push({ users, hosts: listOf(hosts), ...spec });
    const [next = "", more] = splitAt(after, "=", 1);
    if (more === undefined) return rules;
    [hosts, commands] = [next, more];
  }
}

type Spec = Omit<SudoRule, "users" | "hosts">;

/** Commands up to a `:` that is not escaped; what is said of one holds for those after it, until it is said anew. */
function specsOf(text: string): { specs: readonly Spec[]; after: string } {
  const specs: { as_users: readonly string[]; as_groups: readonly string[]; commands: string[]; nopasswd: boolean }[] =
    [];
  let rest = text.trim();
  let [as_users, as_groups, nopasswd]: [readonly string[], readonly string[], boolean] = [[], [], false];
  while (rest !== "") {
    const runAs = RUN_AS.exec(rest);
    if (runAs)
      [as_users, as_groups] = splitAt(runAs[1] ?? "", ":")
        .map(listOf)
        .concat([[]]) as [string[], string[]];
    const { tags, command, end, after } = commandOf(rest.slice(runAs?.[0].length ?? 0));
    for (const tag of tags) if (/^(?:NO)?PASSWD$/.test(tag)) nopasswd = tag === "NOPASSWD";
    const last = specs.at(-1);
    const isSame = last && last.nopasswd === nopasswd && last.as_users === as_users && last.as_groups === as_groups;
    if (isSame) last.commands.push(command);
    else if (command !== "") specs.push({ as_users, as_groups, commands: [command], nopasswd });
    rest = after;
    if (end === ":") break;
  }
  return { specs, after: rest };
}

function commandOf(text: string): { tags: readonly string[]; command: string; end: string; after: string } {
  const tags: string[] = [];
  let rest = text;
  for (let before = ""; rest !== before; ) {
    before = rest;
    const [tag, name] = TAG.exec(rest) ?? [];
    if (name !== undefined) tags.push(name);
    rest = rest.slice(tag?.length ?? OPTION.exec(rest)?.[0].length ?? DIGEST.exec(rest)?.[0].length ?? 0);
  }
  const command = /^(?:[^\\,:"]|\\.|"(?:[^"\\]|\\.)*"|")*/.exec(rest)?.[0] ?? "";
  const end = rest[command.length] ?? "";
  return { tags, command: commandText(command), end, after: rest.slice(command.length + 1).trim() };
}

/** Apart at a character that is neither quoted nor escaped, `most` times at the most. */
function splitAt(text: string, character: string, most = Number.POSITIVE_INFINITY): readonly string[] {
  const parts: string[] = [];
  let [from, isQuoted] = [0, false];
  for (let at = 0; at < text.length && parts.length < most; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === '"') isQuoted = !isQuoted;
    else if (text[at] === character && !isQuoted) [parts[parts.length], from] = [text.slice(from, at), at + 1];
  }
  return [...parts, text.slice(from)];
}

const listOf = (text: string) =>
  splitAt(text, ",")
    .map((each) => plain(each.trim().replace(/^!\s+/, "!")))
    .filter((each) => each !== "");

/** Words apart at white space that is neither quoted nor escaped. */
const words = (text: string): readonly string[] => text.match(/(?:"(?:[^"\\]|\\.)*"|\\.|[^\s"\\])+/g) ?? [];

/** With its quotes, which are its arguments', and one space between words. */
const commandText = (text: string) => unescaped(words(text).join(" ").replace(/^!\s+/, "!"));

/** Without quotes, and without the escapes that the file needs. */
const plain = (text: string) => unescaped(text.replace(/"((?:[^"\\]|\\.)*)"/g, "$1"));

const unescaped = (text: string) => text.replace(/\\([,:=\\ "@()#!])/g, "$1");
