import type { Tree } from "../../../filesystem/tree.ts";
import { matchesWildcard } from "../../wildcard.ts";

/** What the distribution or an administrator wants of units (systemd.preset(5)). */
export type Presets = (unit: string) => "enabled" | "disabled";

const FOLDERS = ["/etc", "/run", "/usr/local/lib", "/usr/lib", "/lib"].map((top) => `${top}/systemd/system-preset`);
const RULE = /^(enable|disable|ignore)\s+(\S+)/;
/** More than any distribution has: each unit is held against each of them. */
const MAX_RULES = 5000;

interface Rule {
  readonly action: string;
  readonly pattern: string;
}

/** Rules by the files' names, of one name the first folder's file; the first one that names a unit counts. */
export async function readPresets(tree: Tree): Promise<Presets> {
  const files = new Map<string, string>();
  for (const folder of FOLDERS)
    for (const name of await tree.names(folder))
      if (name.endsWith(".preset") && !files.has(name)) files.set(name, `${folder}/${name}`);
  const rules: Rule[] = [];
  for (const [, path] of [...files].sort(([a], [b]) => (a < b ? -1 : 1)))
    for (const rule of parsePresets((await tree.readText(path)) ?? "")) rules.push(rule);
  return presetsOf(rules.slice(0, MAX_RULES), tree);
}

/** Without a rule a unit is to be enabled. */
function presetsOf(rules: readonly Rule[], { budget }: Pick<Tree, "budget">): Presets {
  const exact = new Map(rules.toReversed().map((rule, at) => [rule.pattern, { rule, at: rules.length - 1 - at }]));
  const patterns = rules.map((rule, at) => ({ rule, at })).filter(({ rule }) => /[*?[]/.test(rule.pattern));
  return (unit) => {
    const own = exact.get(unit);
    budget.spend("entries", 1 + patterns.length);
    const matching = patterns.find(
      ({ rule, at }) => at < (own?.at ?? rules.length) && matchesWildcard(unit, rule.pattern, { sets: true }),
    );
    return (matching ?? own)?.rule.action === "disable" ? "disabled" : "enabled";
  };
}

/** `enable ssh.service`, `enable getty@.service tty1`, `disable *`; other lines are left out. */
export function parsePresets(text: string): readonly Rule[] {
  return text.split("\n").flatMap((line) => {
    const [, action, pattern] = RULE.exec(line.trim()) ?? [];
    return action !== undefined && pattern !== undefined ? [{ action, pattern }] : [];
  });
}
