/** Names of units: `ssh.service`, `getty@.service` (a template), `getty@tty1.service` (its instance); systemd.unit(5). */
const NAME = /^(?!@)[A-Za-z0-9:_.\\@-]+\.(?:service|socket|target|device|mount|automount|swap|timer|path|slice|scope)$/;
const MAX_LENGTH = 255;
/** Types whose units have one name each may be made (unit_type_may_alias). */
const WITHOUT_ALIAS = /\.(?:mount|automount|swap|slice|scope)$/;

export const hasAliases = (name: string) => !WITHOUT_ALIAS.test(name);

export const isUnitName = (name: string) => name.length <= MAX_LENGTH && NAME.test(name);

export const typeOf = (name: string) => name.slice(name.lastIndexOf(".") + 1);

/** `getty@.service` of `getty@tty1.service`; null where it is no instance. */
export function templateOf(name: string): string | null {
  const [at, dot] = [name.indexOf("@"), name.lastIndexOf(".")];
  return at >= 0 && at + 1 < dot ? name.slice(0, at + 1) + name.slice(dot) : null;
}

export const isTemplate = (name: string) => name.indexOf("@") >= 0 && name.indexOf("@") + 1 === name.lastIndexOf(".");

/** `getty@tty1.service` of a template and `tty1`. */
export const instanceOf = (template: string, instance: string) => template.replace("@", () => `@${instance}`);

/** `tty1` of `getty@tty1.service`. */
export const instanceIn = (name: string) => name.slice(name.indexOf("@") + 1, name.lastIndexOf("."));

/** Whether a link of one name to the other makes another name of a unit (unit_validate_alias_symlink_or_warn). */
export function mayAlias(name: string, target: string): boolean {
  if (name === target || !hasAliases(name) || !isUnitName(target) || typeOf(name) !== typeOf(target)) return false;
  const [own, its] = [kindOf(name), kindOf(target)];
  if (own === "instance") return its === "template" || (its === own && instanceIn(name) === instanceIn(target));
  return own === its;
}

function kindOf(name: string): "plain" | "template" | "instance" {
  if (isTemplate(name)) return "template";
  return templateOf(name) === null ? "plain" : "instance";
}
