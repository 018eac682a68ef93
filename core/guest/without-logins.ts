import { SECRET } from "../kit/secrets.ts";

/** What a name says of the value behind it: `rd.iscsi.password=`, `MYSQL_PWD=`, `--api-token`, `Authorization:`. */
const NAME =
  /passw(?:or)?d|passphrase|secret|token|api[-_]?key|access[-_]?key|authorization|(?:^|[-_.]|root|crypt|ext|vnc)pass$|[-_]pwd$|psk$/i;
/** Names of files with secrets in them, which are none: `--password-file=`. */
const FILE = /(?:file|path|stdin)$/i;
/** Longer names are of nothing; what stands before one is no part of another one. */
const NAMED = /(?<![\w.-])(?:[\w.-]{1,64}(?:=|["']?:[ \t]?(?!\/\/))|--?[\w-]{1,64}[ \t]+(?=[^\s-]))/g;
const MARK = /["']?[=: \t]+$/;
/** A value up to a blank that is in no quotes, or a quote that is not closed; all where it begins with one that is not. */
const VALUE = /(?:(?:Basic|Bearer|Digest|Token)[ \t]+)?(?:(?:"[^"]*"|'[^']*'|[^\s"'])+|["'].*)?/isy;

/** Where a secret shows by what stands around it, in a command of such programs or in any; the first group is kept. */
const PLACES: readonly (readonly [place: RegExp, program?: RegExp])[] = [
  // `systemd.set_credential=NAME:VALUE` (systemd(1), kernel command line).
  [/(?<=^|[\s"'])(systemd\.set_credential(?:_binary)?=[^\s:]{1,256}:)\S+/g],
  // `https://user:password@host`, up to the last sign before the host's end.
  [/(\/\/[^\s/:@]{0,256}:)[^\s/]+(?=@)/g],
  // dracut's `root=iscsi:user:password@host`.
  [/(?<=[\s=]|^)(iscsi:[^\s:@]{1,256}:)\S{1,256}(?=@)/g],
  [/([?&](?:key|sig|auth|code)=)[^\s&"']+/g],
  [/(?<=\s)((?:-u|--user|--proxy-user)[ \t=]?["']?[^\s:"']{1,256}:)[^\s"']+/g, /\b(?:curl|wget)\b/],
  [/(?<=\s)(-p[ \t]?)[^\s]+/g, /\bsshpass\b/],
  [/(?<=\s)(-p)[^\s]+/g, /\b(?:mysql|mariadb)/],
];

/** A command, or a kernel's command line, without the secrets in it as far as they show by what stands around them. */
export function withoutLogins(text: string): string {
  return PLACES.reduce(
    (told, [place, program]) => (program && !program.test(told) ? told : told.replace(place, `$1${SECRET}`)),
    withoutNamed(text),
  );
}

/** Whether what bears such a name is a secret. */
export const isSecretName = (name: string): boolean => NAME.test(name) && !FILE.test(name);

function withoutNamed(text: string): string {
  let [told, from] = ["", 0];
  for (const { 0: named, index } of text.matchAll(NAMED)) {
    if (index < from || !isSecretName(named.replace(MARK, ""))) continue;
    const start = index + named.length;
    told += `${text.slice(from, start)}${SECRET}`;
    from = endOf(text, text[index - 1], named, start);
  }
  return told + text.slice(from);
}

/** Where a value ends: with the quotes that its name stands in as well, else at a blank. */
function endOf(text: string, before: string | undefined, named: string, start: number): number {
  if ((before === '"' || before === "'") && !named.includes(before)) {
    const end = text.indexOf(before, start);
    return end < 0 ? text.length : end;
  }
  VALUE.lastIndex = start;
  return start + (VALUE.exec(text)?.[0].length ?? 0);
}
