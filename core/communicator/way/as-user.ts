import { shellQuote } from "../../kit/shell.ts";

/** What the guest says where its user may not become the wanted one; see `NO_PRIVILEGE`. */
export const NO_PRIVILEGE = "guestkit: sudo does not let";

/** A script of `user`'s that does `script` as `wanted`: root needs nothing but su, others sudo without a password. */
export function asUser(user: string, wanted: string | null, script: string): string {
  if (wanted === null || wanted === user) return script;
  const inner = shellQuote(`${script}\nexit $?`);
  if (user === "root") return `exec su -s /bin/sh ${shellQuote(wanted)} -c ${inner}`;
  const sudo = `sudo -n ${wanted === "root" ? "" : `-u ${shellQuote(wanted)} `}--`;
  const refusal = shellQuote(`${NO_PRIVILEGE} ${user} become ${wanted}`);
  return `${sudo} true || { echo ${refusal} >&2; exit 125; }\nexec ${sudo} sh -c ${inner}`;
}
