import { quote } from "./runcmd.ts";

export interface HostName {
  readonly name: string;
  readonly address: string;
}

/** A machine's host name: its own, with `-` for `_`, which no host name has (RFC 1123). */
export const hostNameOf = (machine: string): string => machine.replaceAll("_", "-");

/** A machine is called by its host name, and by its own where that is another. */
export const namesOf = (machine: string, address: string): readonly HostName[] =>
  [...new Set([hostNameOf(machine), machine])].map((name) => ({ name, address }));

/** Ends the lines that are ours, so that the next boot can take them back. */
const MARK = "# guestkit";

/**
 * A script of sh that puts names into /etc/hosts, and into the templates from which some images write that file anew
 * at each boot (`manage_etc_hosts`).
 */
export function hostsScript(hosts: readonly HostName[]): string {
  const lines = hosts
    .map(({ name, address }) => `${address} ${name} ${MARK}`)
    .sort()
    .map(quote);
  return [
    "for file in /etc/hosts /etc/cloud/templates/hosts.*.tmpl; do",
    '  [ -f "$file" ] || continue',
    `  sed -i '/ ${MARK}$/d' "$file"`,
    `  printf '%s\\n' ${lines.join(" ")} >> "$file"`,
    "done",
  ].join("\n");
}
