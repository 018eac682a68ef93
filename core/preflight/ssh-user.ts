import type { Machine } from "../machine/machine.ts";
import { isList, isObject, isWhollyKnown, type ValueObject } from "../model/value.ts";
import { asCloudInit, loginUserOf } from "../seed/declaration.ts";
import type { SystemFacts } from "./facts/facts.ts";

/**
 * Who logs in: the declared user, the one of cloud_init whom the machine's key lets in, the image's default user where cloud-init makes
 * it, the only account of the image that keys let in, else an ordinary user of the image. Null where none is known.
 */
export function chooseSshUser(machine: Machine, system: SystemFacts | null, seed: ValueObject | null): string | null {
  if (machine.ssh?.user) return machine.ssh.user;
  const created = seed && isWhollyKnown(seed) ? letIn(seed) : null;
  if (created !== null) return created;
  const { cloudInit, ssh, users } = system ?? {};
  if (seed && cloudInit?.installed && cloudInit.defaultUser) return cloudInit.defaultUser;
  const lettingIn = Object.keys(ssh?.authorizedKeys ?? {});
  const ordinary = (users ?? []).filter(
    ({ uid, shell }) => uid >= 1000 && uid < 60_000 && !/(?:nologin|false)$/.test(shell),
  );
  return (
    lettingIn.find((name) => name !== "root") ??
    lettingIn[0] ??
    ordinary[0]?.name ??
    (users?.some(({ name }) => name === "root") ? "root" : null)
  );
}

/** Whom the machine's own key lets in, of the users that are declared; null for the image's default user. */
function letIn(seed: ValueObject): string | null {
  if (isObject(seed.users ?? null)) return loginUserOf(asCloudInit(seed));
  return createdUsers(seed)[0] ?? null;
}

/** Users of the short form, and names in the list of a raw document, in their order. */
export function createdUsers(seed: ValueObject | null): readonly string[] {
  if (isObject(seed?.users ?? null)) return Object.keys(seed?.users as ValueObject);
  const text = typeof seed?.user_data === "string" ? seed.user_data : "";
  const list = /^users:[^\n]*\n((?:[ \t-][^\n]*\n?|\n)*)/m.exec(text)?.[1] ?? "";
  return [...list.matchAll(/^[ \t]*(?:-[ \t]+)?name:[ \t]*["']?([\w.-]+)/gm)].map(([, name]) => name ?? "");
}

/** Whether cloud-init makes its default user: where no users are given, where keys are for it, where the list says so. */
export function makesDefaultUser(seed: ValueObject): boolean {
  if (typeof seed.user_data === "string")
    return (
      !/^users:/m.test(seed.user_data) || /^[ \t]*-[ \t]*default[ \t]*$|^users:[ \t]*\[.*default/m.test(seed.user_data)
    );
  return (
    !isObject(seed.users ?? null) ||
    (isList(seed.ssh_authorized_keys ?? null) && (seed.ssh_authorized_keys as readonly unknown[]).length > 0)
  );
}
