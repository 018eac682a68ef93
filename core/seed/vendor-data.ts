import { hostsScript } from "./hosts.ts";
import { type Additions, CLOUD_CONFIG, machineConfig } from "./user-data.ts";
import { writeYaml } from "./yaml.ts";

const BOUNDARY = "==guestkit==";

/**
 * What a machine adds where its user-data is raw, and so the user's alone: names as a boot hook, which no `bootcmd` of
 * the user's replaces, and host keys. Null where there is nothing to add.
 */
export function renderVendorData({ hostKeys, hosts }: Pick<Additions, "hostKeys" | "hosts">): string | null {
  const parts = [
    ...(hostKeys.length > 0
      ? [part("cloud-config", `${CLOUD_CONFIG}${writeYaml(machineConfig({ hostKeys, hosts: [] }))}`)]
      : []),
    ...(hosts.length > 0 ? [part("cloud-boothook", `#!/bin/sh\n${hostsScript(hosts)}\n`)] : []),
  ];
  if (parts.length === 0) return null;
  const head = `Content-Type: multipart/mixed; boundary="${BOUNDARY}"\nMIME-Version: 1.0\n\n`;
  return `${head}${parts.join("")}--${BOUNDARY}--\n`;
}

function part(type: string, content: string): string {
  return `--${BOUNDARY}\nContent-Type: text/${type}; charset="utf-8"\nMIME-Version: 1.0\n\n${content}\n`;
}
