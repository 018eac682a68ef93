import type { Tree } from "../../../filesystem/tree.ts";

/** An account's password and its ages (shadow(5)); never the hash, nor its salt. */
export interface Password {
  readonly name: string;
  /**
   * `set`; `none`: whoever comes needs none; `locked`: one is kept behind a `!`; `never`: nothing that is typed fits.
   */
  readonly state: "set" | "none" | "locked" | "never";
  /** `yescrypt`, `sha512`; null where there is no hash, or of a kind that is not known. */
  readonly algorithm: string | null;
  /** Day of the last change, `2026-11-30`; null where it is not kept. */
  readonly changed: string | null;
  /** It has to be changed at the next login. */
  readonly must_change: boolean;
  readonly min_days: number | null;
  readonly max_days: number | null;
  readonly warn_days: number | null;
  /** Days that it is taken for after it is too old. */
  readonly inactive_days: number | null;
  /** Day from which nobody gets in. */
  readonly expires: string | null;
}

const AGELESS = { changed: null, must_change: false, min_days: null, max_days: null, warn_days: null } as const;

/** By the order of /etc/passwd, whose lines may have passwords of their own. Null where there is neither file. */
export async function readPasswords(tree: Tree): Promise<readonly Password[] | null> {
  const [passwd, shadow] = [await tree.readText("/etc/passwd"), await tree.readText("/etc/shadow")];
  if (passwd === null) return null;
  // Of several lines with one name the first one counts (getspnam(3)).
  const shadowed = new Map(
    fieldsOf(shadow ?? "")
      .toReversed()
      .map((fields) => [fields[0], fields]),
  );
  return fieldsOf(passwd).map(([name = "", own = ""]) => {
    const fields = shadowed.get(name);
    const hash = own === "x" ? (fields?.[1] ?? "*") : own;
    return {
      name,
      ...stateOf(hash),
      ...(fields ? agesOf(fields) : { ...AGELESS, inactive_days: null, expires: null }),
    };
  });
}

function fieldsOf(text: string): readonly string[][] {
  return text.split("\n").flatMap((line) => (/^[^+\-#:][^:]*:/.test(line) ? [line.split(":", 9)] : []));
}

function stateOf(field: string): Pick<Password, "state" | "algorithm"> {
  if (field === "") return { state: "none", algorithm: null };
  const hash = field.replace(/^!+/, "");
  const algorithm = algorithmOf(hash);
  // One of a kind that is not known here may be known there.
  if (algorithm === null && !/^\$[^$]+\$/.test(hash)) return { state: "never", algorithm };
  return { state: field.startsWith("!") ? "locked" : "set", algorithm };
}

/** By what a hash begins with (crypt(5)); those without a mark by their lengths. */
const ALGORITHMS: readonly (readonly [RegExp, string])[] = [
  [/^\$y\$/, "yescrypt"],
  [/^\$gy\$/, "gost-yescrypt"],
  [/^\$7\$/, "scrypt"],
  [/^\$2[abxy]\$/, "bcrypt"],
  [/^\$6\$/, "sha512"],
  [/^\$5\$/, "sha256"],
  [/^\$sha1\$/, "sha1"],
  [/^\$md5[$,]/, "sunmd5"],
  [/^\$1\$/, "md5"],
  [/^\$3\$/, "nt"],
  [/^_[./0-9A-Za-z]{19}$/, "bsdicrypt"],
  [/^[./0-9A-Za-z]{13}$/, "descrypt"],
];

const algorithmOf = (hash: string) => ALGORITHMS.find(([pattern]) => pattern.test(hash))?.[1] ?? null;

function agesOf([, , changed, min, max, warn, inactive, expires]: readonly string[]): Omit<
  Password,
  "name" | "state" | "algorithm"
> {
  return {
    changed: dayOf(changed),
    must_change: changed === "0",
    min_days: number(min),
    max_days: number(max),
    warn_days: number(warn),
    inactive_days: number(inactive),
    expires: dayOf(expires),
  };
}

const number = (text = "") => (/^\d{1,9}$/.test(text) ? Number(text) : null);
/** The last day of year 9999. */
const LAST_DAY = 2_932_896;

function dayOf(text?: string): string | null {
  const days = number(text);
  return days === null || days > LAST_DAY ? null : new Date(days * 86_400_000).toISOString().slice(0, 10);
}
