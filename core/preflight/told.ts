import { isList, isObject, type Value, type ValueObject } from "../model/value.ts";
import type { Seed } from "./subject.ts";

/** A user that cloud-init makes, short form or raw; null is what cannot be told. */
export interface ToldUser {
  readonly name: string;
  readonly groups: readonly string[];
  readonly shell: string | null;
  readonly locked: boolean | null;
  readonly keys: readonly string[];
  /** Keys come from elsewhere as well (ssh_import_id). */
  readonly imports: boolean;
}

/** Users of a seed; null where it cannot be told (a secret document, one that is no cloud-config, MIME). */
export function toldUsers({ fields, config }: Seed): readonly ToldUser[] | null {
  if (typeof fields.user_data === "string") return config ? rawUsers(config.users ?? null) : null;
  return isObject(fields.users ?? null) ? Object.entries(fields.users as ValueObject).flatMap(shortUser) : [];
}

/** Without a hash, the password is locked. */
function shortUser([name, user]: [string, Value]): ToldUser[] {
  if (!isObject(user)) return [];
  const hash = (user.password_hash ?? null) !== null || (user.password_hash_version ?? null) !== null;
  const locked = typeof user.lock_passwd === "boolean" ? user.lock_passwd : !hash;
  return [{ ...common(name, user), locked, imports: false }];
}

/** cloud-init takes a list, and hyphens for underscores; `default` is none of its own. */
function rawUsers(users: Value): readonly ToldUser[] {
  const entries = isList(users) ? users.filter(isObject) : [];
  return entries.flatMap((entry: ValueObject) => {
    const user: ValueObject = Object.fromEntries(
      Object.entries(entry).map(([key, value]) => [key.replaceAll("-", "_"), value]),
    );
    if (typeof user.name !== "string") return [];
    const locked = typeof user.lock_passwd === "boolean" ? user.lock_passwd : true;
    return [{ ...common(user.name, user), locked, imports: (user.ssh_import_id ?? null) !== null }];
  });
}

function common(name: string, user: ValueObject): Pick<ToldUser, "name" | "groups" | "shell" | "keys"> {
  return {
    name,
    groups: words(user.groups ?? null),
    shell: typeof user.shell === "string" ? user.shell : null,
    keys: words(user.ssh_authorized_keys ?? null, /\n/),
  };
}

/** A list, or one text. */
function words(value: Value, between = /\s*,\s*/): readonly string[] {
  if (isList(value)) return value.map(String);
  return typeof value === "string" ? value.split(between).filter((word) => word !== "") : [];
}

/** Files that a seed writes. */
export function toldFiles({ fields, config }: Seed): readonly ValueObject[] {
  const files = (config ? config.write_files : fields.write_files) ?? null;
  return isList(files) ? files.filter(isObject) : [];
}

/** What a seed says beside some fields, short form or raw. */
export function toldBeside(seed: Seed, names: readonly string[]): Seed {
  const without = (value: ValueObject) =>
    Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));
  const { fields, config } = seed;
  return config ? { ...seed, fields: without(config) } : { ...seed, fields: without(fields) };
}
