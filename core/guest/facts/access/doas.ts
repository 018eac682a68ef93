import type { Tree } from "../../../filesystem/tree.ts";

/** A line of doas.conf(5). */
export interface DoasRule {
  readonly file: string;
  readonly action: "permit" | "deny";
  /** `nopass`, `persist`, `keepenv`, `setenv`; values of variables are left out. */
  readonly options: readonly string[];
  /** A user, or `:group`. */
  readonly identity: string;
  /** Whom it is run as; null for anybody. */
  readonly as_user: string | null;
  /** With its arguments; null for any. */
  readonly command: string | null;
}

/** /etc/doas.conf, and the files of /etc/doas.d of OpenDoas. */
export async function readDoas(tree: Tree): Promise<readonly DoasRule[]> {
  const names = (await tree.names("/etc/doas.d")).filter((name) => name.endsWith(".conf"));
  const rules: DoasRule[] = [];
  for (const file of ["/etc/doas.conf", ...names.map((name) => `/etc/doas.d/${name}`)])
    for (const rule of parseDoas((await tree.readText(file)) ?? "")) rules.push({ file, ...rule });
  return rules;
}

const RULE =
  /^(permit|deny)\s+((?:(?:nopass|nolog|persist|keepenv|setenv\s*\{[^}]*\})\s+)*)(\S+)(?:\s+as\s+(\S+))?(?:\s+cmd\s+(\S+)(?:\s+args(?:\s+(.*))?)?)?$/s;

export function parseDoas(text: string): readonly Omit<DoasRule, "file">[] {
  return text
    .replace(/\\\n/g, " ")
    .split("\n")
    .flatMap((raw) => {
      const [, action, options = "", identity, as, command, args] = RULE.exec(raw.replace(/#.*/, "").trim()) ?? [];
      if (identity === undefined) return [];
      return [
        {
          action: action as DoasRule["action"],
          options: options
            .replace(/\{[^}]*\}/g, "")
            .split(/\s+/)
            .filter(Boolean),
          identity: plain(identity),
          as_user: as === undefined ? null : plain(as),
          command: command === undefined ? null : [command, ...(args?.split(/\s+/) ?? [])].map(plain).join(" "),
        },
      ];
    });
}

const plain = (word: string) => word.replace(/^"(.*)"$/, "$1");
