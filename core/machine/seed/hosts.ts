import { quote } from "./runcmd.ts";

export interface HostName {
  readonly name: string;
  readonly address: string;
}

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
