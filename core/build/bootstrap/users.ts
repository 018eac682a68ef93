import type { BootstrapInput } from "./input.ts";
import { inside, put, quote } from "./script.ts";

type User = BootstrapInput["users"][string];

/** Shell: makes a user of the tree "$1", or completes one that is there (root). */
export function userScript(name: string, user: User): string {
  return [
    `if ${inside("getent", "passwd", name)} > /dev/null; then`,
    inside("usermod", "--shell", user.shell, name),
    "else",
    inside("useradd", "--create-home", "--shell", user.shell, name),
    "fi",
    ...user.groups.map((group) => joinGroup(name, group)),
    user.password_hash ? `printf '%s\\n' ${quote(`${name}:${user.password_hash}`)} | ${inside("chpasswd", "-e")}` : "",
    user.ssh_authorized_keys.length > 0 ? authorizeKeys(name, user.ssh_authorized_keys) : "",
    user.sudo ? put(`/etc/sudoers.d/90-${sudoersName(name)}`, `${name} ALL=(ALL:ALL) NOPASSWD: ALL\n`, "0440") : "",
  ].join("\n");
}

/** A group that no package brought is made: its users were declared to be in it. */
function joinGroup(name: string, group: string): string {
  const known = `${inside("getent", "group", group)} > /dev/null`;
  return `${known} || ${inside("groupadd", "--system", group)}\n${inside("usermod", "--append", "--groups", group, name)}`;
}

function authorizeKeys(name: string, keys: readonly string[]): string {
  return `home=$(${inside("getent", "passwd", name)} | cut -d: -f6)
mkdir -p -m 0700 "$1$home/.ssh"
printf %s ${quote(keys.map((key) => `${key.trim()}\n`).join(""))} > "$1$home/.ssh/authorized_keys"
chmod 0600 "$1$home/.ssh/authorized_keys"
chroot "$1" chown -R ${quote(`${name}:`)} "$home/.ssh"`;
}

/** sudo ignores files with a dot in their name. */
function sudoersName(name: string): string {
  return name.replaceAll(".", "_");
}
