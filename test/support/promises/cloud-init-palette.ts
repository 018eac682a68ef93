import type { Value } from "../../../core/model/index.ts";
import type { Palette } from "./palette.ts";

const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGZpeHR1cmUtb2YtdGhlLXdhbGstb2YtcHJvbWlzZXM= me@host";

/** Values of what cloud-init is told, below a path (`cloud_init.`). */
export function cloudInitPalette(below: string): Pick<Palette, "values" | "leftOut"> {
  const values: Readonly<Record<string, readonly Value[]>> = {
    user_data: ["#cloud-config\nruncmd: [true]\n", "#!/bin/sh\ntrue\n"],
    secret_user_data: ["#cloud-config\nruncmd: [false]\n"],
    secret_user_data_version: [1, 2],
    meta_data: ["instance-id: one\n", "local-hostname: other\n"],
    network_config: ["version: 2\nethernets: {}\n"],
    hostname: ["web", "db"],
    instance_id: ["i-1", "i-2"],
    "users.*.ssh_authorized_keys": [[], [KEY]],
    "users.*.groups": [[], ["adm"]],
    "users.*.shell": ["/bin/sh"],
    "users.*.password_hash": ["$6$salt$hash"],
    "users.*.password_hash_version": [1, 2],
    ssh_authorized_keys: [[KEY]],
    packages: [["nginx"], ["nginx", "curl"]],
    "write_files.*.path": ["/a", "/b"],
    "write_files.*.content": ["x", "y"],
    "write_files.*.secret_content": ["hidden"],
    "write_files.*.secret_content_version": [1, 2],
    "write_files.*.permissions": ["0600", "0644"],
    "write_files.*.owner": ["root:root", "a:a"],
    runcmd: [["true"], ["true", "false"]],
    timezone: ["Europe/Berlin"],
    locale: ["C.UTF-8"],
  };
  return {
    values: Object.fromEntries(Object.entries(values).map(([name, each]) => [below + name, each])),
    leftOut: {},
  };
}
