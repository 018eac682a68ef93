import { normalise } from "../engine/normalise.ts";
import { contractOf } from "../model/index.ts";
import { isObject, type Value, type ValueObject } from "../model/value.ts";

/**
 * What cloud-init of a disposable is told: who may log in, and nothing of what it has done in the base already. No
 * password is among it, since no record holds one; those that the base's users have stay.
 */
export function loginOnly(declared: ValueObject | null): ValueObject | null {
  if (declared === null) return null;
  const users = isObject(declared.users ?? null) ? usersOf(declared.users as ValueObject) : null;
  const { ssh_authorized_keys = null } = declared;
  return normalise(fieldsOf(), { users, ssh_authorized_keys });
}

function usersOf(users: ValueObject): ValueObject {
  return Object.fromEntries(Object.entries(users).map(([name, user]) => [name, withoutPassword(user)]));
}

function withoutPassword(user: Value): Value {
  if (!isObject(user)) return user;
  const { password_hash, password_hash_version, ...rest } = user;
  const has = (password_hash ?? null) !== null || (password_hash_version ?? null) !== null;
  return has ? { ...rest, lock_passwd: false } : rest;
}

function fieldsOf() {
  const field = contractOf("virtual_machine", "resource").input.find(({ name }) => name === "cloud_init");
  return field?.type.kind === "object" ? field.type.fields : [];
}
