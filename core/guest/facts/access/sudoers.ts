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
const OPTIONS =
  /^(?:(?:ROLE|TYPE|PRIVS|LIMITPRIVS|NOTBEFORE|NOTAFTER|TIMEOUT|CWD|CHROOT|APPARMOR_PROFILE)\s*=\s*(?:"[^"]*"|\S+)\s*)+/;
const PREFIX = /^(?:sha\d{3}|(?:NO)?(?:PASSWD|EXEC|SETENV|LOG_INPUT|LOG_OUTPUT|FOLLOW|MAIL|INTERCEPT))$/;
const CHUNK = /\s*(?:\([^()]*\))?(?:\\.|=\s*\([^()]*\)|[^\\,:])*[,:]?/g;

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
  const [, defaults] = /^Defaults(?:\s+|(?=[@:!>]))(.*)$/s.exec(line) ?? [];
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
    const [, name, members] = /^\s*([A-Z][A-Z0-9_]*)\s*=\s*(.*)$/s.exec(each) ?? [];
    return name === undefined || members === undefined ? [] : [{ kind, name, members: listOf(members) }];
  });
}

/** `USERS HOSTS = COMMANDS`, and `: HOSTS = COMMANDS` behind it. */
function rulesOf(line: string): readonly SudoRule[] {
  const [left = "", right] = splitAt(line, "=", 1);
  const parts = words(
    splitAt(left, ",")
      .map((each) => each.trim())
      .join(",")
      .replace(/!\s+/g, "!"),
  );
  if (parts.length !== 2 || right === undefined) return [];
  const users = listOf(parts[0] ?? "");
  return groupsOf(parts[1] ?? "", right).flatMap((group) => {
    const hosts = group.hosts.flatMap(listOf);
    return specsOf(group.chunks).map((spec) => ({ users, hosts, ...spec }));
  });
}

/** What stands between two of `,` and `:` that are not escaped; of quotes a command knows nothing. */
interface Chunk {
  readonly text: string;
  readonly end: string;
}

interface HostGroup {
  readonly hosts: string[];
  readonly chunks: Chunk[];
}

/** Commands by their hosts: a `:` that ends a command has other hosts behind it, one behind a tag or a digest has not. */
function groupsOf(hosts: string, text: string): readonly HostGroup[] {
  const groups: HostGroup[] = [{ hosts: [hosts], chunks: [] }];
  let isHost = false;
  for (const chunk of text.match(CHUNK) ?? []) {
    const end = /[,:]$/.exec(chunk)?.[0] ?? "";
    const own = end === "" ? chunk : chunk.slice(0, -1);
    const [host = "", command]: readonly string[] = isHost ? splitAt(own, "=", 1) : ["", own];
    const group = groups.at(-1) as HostGroup;
    if (isHost) group.hosts.push(host);
    if (command === undefined) continue;
    group.chunks.push({ text: command.trim(), end });
    isHost = end === ":" && !isPrefix(command.trim());
    if (isHost) groups.push({ hosts: [], chunks: [] });
  }
  return groups;
}

type Spec = Omit<SudoRule, "users" | "hosts">;

/** What is said of one command holds for those after it, until it is said anew. */
function specsOf(chunks: readonly Chunk[]): readonly Spec[] {
  const specs: (Spec & { readonly commands: string[] })[] = [];
  let [as_users, as_groups, nopasswd]: [readonly string[], readonly string[], boolean] = [[], [], false];
  let isDigest = false;
  for (const { text, end } of chunks) {
    const [runAs, list] = RUN_AS.exec(text) ?? [];
    if (list !== undefined) [as_users = [], as_groups = []] = splitAt(list, ":").map(listOf);
    const rest = withoutOptions(text.slice(runAs?.length ?? 0));
    if (end === ":" && /^(?:NO)?PASSWD$/.test(rest)) nopasswd = rest === "NOPASSWD";
    const command = commandText(isDigest ? rest.replace(/^\S+\s*/, "") : rest);
    isDigest = end === ":" ? /^sha\d{3}$/.test(rest) : isDigest && command === "";
    if (command === "" || (end === ":" && isPrefix(rest))) continue;
    const last = specs.at(-1);
    const isSame = last?.nopasswd === nopasswd && last.as_users === as_users && last.as_groups === as_groups;
    if (last && isSame) last.commands.push(command);
    else specs.push({ as_users, as_groups, commands: [command], nopasswd });
  }
  return specs;
}

/** Without `ROLE=x` and its like. */
function withoutOptions(text: string): string {
  const options = OPTIONS.exec(text)?.[0] ?? "";
  return text.slice(options.length).trim();
}

/** Whether a chunk that a `:` ends is a tag, or begins a digest. */
const isPrefix = (text: string) => PREFIX.test(withoutOptions(text.replace(RUN_AS, "")));

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
const commandText = (text: string) =>
  unescaped((text.match(/(?:\\.|[^\s\\])+/g) ?? []).join(" ").replace(/^!\s+/, "!"));

/** Without quotes, and without the escapes that the file needs. */
const plain = (text: string) => unescaped(text.replace(/"((?:[^"\\]|\\.)*)"/g, "$1"));

const unescaped = (text: string) => text.replace(/\\([,:=\\ "@()#!])/g, "$1");
