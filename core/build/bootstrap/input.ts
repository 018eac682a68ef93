import { access } from "node:fs/promises";
import { findTool } from "../../host/program/process.ts";
import { GuestkitError } from "../../kit/errors.ts";
import type { DiskImageInput } from "../../model/contracts/disk-image.ts";

/** The `bootstrap` part of a disk image's declaration, defaults filled in. */
export type BootstrapInput = NonNullable<DiskImageInput["bootstrap"]>;

/** The EFI program that a unified kernel image starts as (package systemd-boot-efi). */
export const EFI_STUB = "/usr/lib/systemd/boot/efi/linuxx64.efi.stub";

const WORD = /^[A-Za-z0-9][A-Za-z0-9+.:~_-]*$/;
const HOSTNAME = /^[A-Za-z0-9]([A-Za-z0-9.-]{0,62}[A-Za-z0-9])?$/;
const USER = /^[a-z_][a-z0-9_.-]{0,31}$/;
const ONE_LINE = /^[^\n\r\0]*$/;

/**
 * Refuses what would end up in a command or a file as something else than it was meant to be.
 * Throws `E_BOOTSTRAP_INPUT` with the field.
 */
export function checkInput(input: BootstrapInput): void {
  check("release", input.release, WORD);
  check("hostname", input.hostname, HOSTNAME);
  check("kernel", input.kernel, WORD);
  check("cmdline", input.cmdline, ONE_LINE);
  for (const [index, name] of input.packages.entries()) check(["packages", index], name, /^[a-z0-9][^\s,;?*]*$/);
  for (const [index, name] of input.components.entries()) check(["components", index], name, WORD);
  for (const [name, user] of Object.entries(input.users)) {
    check(["users", name], name, USER);
    check(["users", name, "shell"], user.shell, /^\/[^\s:]+$/);
    check(["users", name, "password_hash"], user.password_hash ?? "", /^[^\s:]*$/);
    for (const [index, group] of user.groups.entries()) check(["users", name, "groups", index], group, USER);
    for (const [index, key] of user.ssh_authorized_keys.entries()) {
      check(["users", name, "ssh_authorized_keys", index], key.trim(), ONE_LINE);
    }
  }
}

function check(field: string | readonly (string | number)[], value: string, shape: RegExp): void {
  if (shape.test(value)) return;
  const path = ["bootstrap", ...[field].flat()];
  const shown = path.at(-1) === "password_hash" ? "its value" : JSON.stringify(value);
  throw new GuestkitError("E_BOOTSTRAP_INPUT", `Cannot bootstrap: ${shown} is no valid ${path.slice(1).join(".")}`, {
    at: { field: path },
  });
}

/** Finds every program of the host before any work is done. Throws `E_TOOL_MISSING` with the package to install. */
export async function checkTools(input: BootstrapInput): Promise<void> {
  const commands = ["unshare", "mmdebstrap", "dpkg-query", "mke2fs", "e2fsck"];
  const forBoot = ["mkfs.vfat", "mcopy", "mmd"];
  for (const command of boots(input) ? [...commands, ...forBoot] : commands) findTool(command);
  if (boots(input)) await requireFile(EFI_STUB, "systemd-boot-efi");
}

/** Throws `E_TOOL_MISSING` where a file of the host's Debian package is not there. */
export async function requireFile(path: string, debian: string): Promise<void> {
  try {
    await access(path);
  } catch (cause) {
    throw new GuestkitError("E_TOOL_MISSING", `Cannot bootstrap: "${path}" is not there`, {
      help: `Install it: sudo apt-get install ${debian}`,
      at: { file: path },
      cause,
    });
  }
}

export function boots(input: BootstrapInput): boolean {
  return input.kernel !== "none";
}
