import { isList, isObject, type Value, type ValueObject } from "../model/value.ts";

export interface CloudInitUser {
  readonly ssh_authorized_keys: readonly string[];
  readonly groups: readonly string[];
  readonly shell: string | null;
  readonly sudo: boolean;
  readonly password_hash: string | null;
  readonly lock_passwd: boolean | null;
}

export interface WrittenFile {
  readonly path: string;
  readonly content: string | null;
  readonly secret_content: string | null;
  readonly permissions: string;
  readonly owner: string;
  readonly append: boolean;
}

/** What cloud-init is told (model/contracts/cloud-init), in canonical form: null where the user is silent. */
export interface CloudInit {
  readonly user_data: string | null;
  readonly secret_user_data: string | null;
  readonly meta_data: string | null;
  readonly network_config: string | null;
  readonly hostname: string | null;
  readonly instance_id: string | null;
  readonly users: Readonly<Record<string, CloudInitUser>> | null;
  readonly ssh_authorized_keys: readonly string[] | null;
  readonly packages: readonly string[] | null;
  readonly package_update: boolean | null;
  readonly write_files: readonly WrittenFile[] | null;
  readonly runcmd: readonly string[] | null;
  readonly timezone: string | null;
  readonly locale: string | null;
}

/** The fields of `cloud_init` (or of a cloud_init_seed) as the type that they are. */
export function asCloudInit(value: ValueObject | CloudInit): CloudInit {
  return value as unknown as CloudInit;
}

const SECRETS: readonly string[] = ["secret_user_data", "secret_content", "password_hash"];

/** The declaration without its secrets; their versions stay. What a record may hold. */
export function withoutSecrets<T extends Value>(value: T): T {
  return strip(value) as T;
}

function strip(value: Value): Value {
  if (isList(value)) return value.map(strip);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, SECRETS.includes(key) ? null : strip(each)]),
  );
}

/** Whether user-data holds a secret, now or when it was made: versions tell it where the values are gone. */
export function holdsSecret(value: Value): boolean {
  if (isList(value)) return value.some(holdsSecret);
  if (!isObject(value)) return false;
  const given = (name: string) => (value[name] ?? null) !== null || (value[`${name}_version`] ?? null) !== null;
  return SECRETS.some(given) || Object.values(value).some(holdsSecret);
}

/**
 * Who is let in by the machine's own key: the only user that is declared, else the first by name that may become root,
 * else the first; null is the image's default user, by whatever name.
 */
export function loginUserOf({ users, ssh_authorized_keys }: CloudInit): string | null {
  const names = Object.keys(users ?? {}).sort();
  if (names.length === 0 || (ssh_authorized_keys ?? []).length > 0) return null;
  return names.find((name) => users?.[name]?.sudo) ?? names[0] ?? null;
}

/** The first secret that is declared by its version and not at hand, by name; null where there is none. */
export function lacksSecret(value: Value): string | null {
  if (isList(value)) return value.reduce<string | null>((found, each) => found ?? lacksSecret(each), null);
  if (!isObject(value)) return null;
  const here = SECRETS.find((name) => (value[name] ?? null) === null && (value[`${name}_version`] ?? null) !== null);
  return here ?? Object.values(value).reduce<string | null>((found, each) => found ?? lacksSecret(each), null);
}
