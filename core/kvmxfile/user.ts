import type { Work } from "./key.ts";

/** kvmx's own name of the first user. */
const FIRST_USER = "user";

export const USER_NAME = /^[a-z][a-z0-9_-]{0,31}$/;

/** As whom kvmx does whatever it does in the guest; null where the file does not tell. */
export function userOf({ get, origin }: Work): string | null {
  const user = get("user") ?? (origin.kind === "bootstrap" ? FIRST_USER : null);
  return user !== null && USER_NAME.test(user) ? user : null;
}
