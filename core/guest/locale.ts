import type { Tree } from "../filesystem/tree.ts";
import { parseAssignments } from "./assignments.ts";

/** The time zone's name, `Europe/Berlin`; null where it is not set or a file without a name. */
export async function readTimezone(tree: Tree): Promise<string | null> {
  const linked = /(?:^|\/)zoneinfo\/(.+)$/.exec((await tree.readLink("/etc/localtime")) ?? "")?.[1];
  if (linked) return linked.replace(/^(?:posix|right)\//, "");
  const written = (await tree.readText("/etc/timezone"))?.trim();
  if (written) return written;
  const clock = await tree.readText("/etc/sysconfig/clock");
  return (clock && (parseAssignments(clock).get("ZONE") ?? parseAssignments(clock).get("TIMEZONE"))) || null;
}

/** The system's LANG: `C.UTF-8`, `de_DE.UTF-8`; null where none is set. */
export async function readLocale(tree: Tree): Promise<string | null> {
  for (const path of ["/etc/locale.conf", "/etc/default/locale", "/etc/sysconfig/i18n"]) {
    const text = await tree.readText(path);
    const lang = text && parseAssignments(text).get("LANG");
    if (lang) return lang;
  }
  return null;
}
