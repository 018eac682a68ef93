import { type CloudInit, type CloudInitUser, loginUserOf, type WrittenFile } from "./declaration.ts";
import { type HostName, hostsScript } from "./hosts.ts";
import { guardedCommands } from "./runcmd.ts";
import { type Node, writeYaml } from "./yaml.ts";

export const CLOUD_CONFIG = "#cloud-config\n";

/** One SSH host key of the guest. */
export interface HostKey {
  /** ed25519, ecdsa, rsa */
  readonly type: string;
  /** PEM, as ssh-keygen writes it. */
  readonly privateKey: string;
  /** One line. */
  readonly publicKey: string;
}

/** What a machine adds to what its user declares. */
export interface Additions {
  readonly sshKeys: readonly string[];
  /** Whose they are; undefined is `loginUserOf`. */
  readonly loginUser?: string | null | undefined;
  readonly hostKeys: readonly HostKey[];
  readonly hosts: readonly HostName[];
}

/** The user-data document of the short form. */
export function renderUserData(declared: CloudInit, additions: Additions): string {
  const { timezone, locale, package_update, packages, write_files, runcmd } = declared;
  const { users, defaultKeys } = whoLogsIn(declared, additions);
  const declaredUsers = declared.users ?? {};
  return `${CLOUD_CONFIG}${writeYaml({
    ...machineConfig(additions),
    timezone,
    locale,
    users,
    disable_root: "root" in declaredUsers ? false : null,
    ssh_authorized_keys: list(defaultKeys),
    write_files: list((write_files ?? []).map(file)),
    package_update,
    packages: list(packages ?? []),
    runcmd: list(guardedCommands(runcmd ?? [])),
  })}`;
}

/** Host keys and names, which go into user-data or, beside a raw one, into vendor-data. */
export function machineConfig({ hostKeys, hosts }: Pick<Additions, "hostKeys" | "hosts">): {
  readonly [key: string]: Node | null;
} {
  const keys = hostKeys.flatMap(({ type, privateKey, publicKey }) => [
    [`${type}_private`, `${privateKey.trimEnd()}\n`],
    [`${type}_public`, `${publicKey.trim()}\n`],
  ]);
  return {
    bootcmd: hosts.length > 0 ? [hostsScript(hosts)] : null,
    ssh_keys: keys.length > 0 ? Object.fromEntries(keys) : null,
  };
}

const list = (nodes: readonly Node[]): readonly Node[] | null => (nodes.length > 0 ? nodes : null);

function whoLogsIn(declared: CloudInit, { sshKeys, loginUser }: Additions) {
  const names = Object.keys(declared.users ?? {}).sort();
  const chosen = loginUser === undefined ? loginUserOf(declared) : loginUser;
  const own = names.find((name) => name === chosen);
  const defaultKeys = unique([...(declared.ssh_authorized_keys ?? []), ...(own === undefined ? sshKeys : [])]);
  if (names.length === 0) return { users: null, defaultKeys };
  const made = names.map((name) => user(name, declared.users?.[name] as CloudInitUser, name === own ? sshKeys : []));
  // A list of users replaces the image's own: its default user is made where somebody is to log in as that.
  return { users: [...(defaultKeys.length > 0 ? ["default"] : []), ...made], defaultKeys };
}

function user(name: string, declared: CloudInitUser, sshKeys: readonly string[]): Node {
  const { groups, shell, sudo, password_hash, lock_passwd, ssh_authorized_keys } = declared;
  return {
    name,
    groups: groups.length > 0 ? groups.join(",") : null,
    shell,
    sudo: sudo ? "ALL=(ALL) NOPASSWD:ALL" : null,
    lock_passwd: lock_passwd ?? password_hash === null,
    passwd: password_hash,
    ssh_authorized_keys: list(unique([...ssh_authorized_keys, ...sshKeys])),
  };
}

function file({ path, content, secret_content, permissions, owner, append }: WrittenFile): Node {
  return {
    path,
    owner,
    permissions,
    append: append ? true : null,
    // Users are made after files are written: a file of one of theirs has to wait.
    defer: /^root(:root)?$/.test(owner) ? null : true,
    content: secret_content ?? content ?? "",
  };
}

const unique = (texts: readonly string[]): readonly string[] => [...new Set(texts.map((text) => text.trim()))];
