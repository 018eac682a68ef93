import type { Leftover } from "../rule.ts";

/** Where something may be left: a pattern of paths as glob(7) has them, in which `~` is each home. */
export interface LeftoverPlace {
  readonly path: string;
  /** A file counts where it has this text. No content may make it slow: nothing in it is repeated across lines. */
  readonly holds?: RegExp;
  /** A file counts unless all of it is this. */
  readonly unless?: RegExp;
  /** Everything below it counts as well. */
  readonly deep?: true;
}

const at = (...paths: readonly string[]): readonly LeftoverPlace[] => paths.map((path) => ({ path }));
/** Where sshd is told to look for keys, beside its defaults; no path. */
export const KEY_FILES = "AuthorizedKeysFile";

const below = (...paths: readonly string[]): readonly LeftoverPlace[] => paths.map((path) => ({ path, deep: true }));
const where = (holds: RegExp, ...paths: readonly string[]): readonly LeftoverPlace[] =>
  paths.map((path) => ({ path, holds }));

/** What is found by readers that know it by its content. */
export type FromFacts = "private_keys" | "tokens";

/** Files that are not empty in these places are what is left. */
export const LEFTOVERS: Readonly<Record<Exclude<Leftover, FromFacts>, readonly LeftoverPlace[]>> = {
  host_keys: at("/etc/ssh/ssh_host_*_key", "/etc/dropbear/dropbear_*_host_key", "/etc/tinyssh/sshkeydir/.ed25519.sk"),
  authorized_keys: where(
    /^[ \t]*[^#\s]/m,
    "~/.ssh/authorized_keys",
    "~/.ssh/authorized_keys2",
    "/etc/dropbear/authorized_keys",
    KEY_FILES,
  ),
  history: [
    ...at("~/.bash_history", "~/.zsh_history", "~/.ash_history", "~/.sh_history", "~/.ksh_history", "~/.histfile"),
    ...at("~/.history", "~/.local/share/fish/fish_history", "~/.python_history", "~/.node_repl_history", "~/.lesshst"),
    ...at("~/.mysql_history", "~/.mariadb_history", "~/.psql_history", "~/.sqlite_history", "~/.rediscli_history"),
    ...at("~/.viminfo", "~/.wget-hsts", "~/.ssh/known_hosts", "~/.ssh/known_hosts.old"),
  ],
  machine_id: ["/etc/machine-id", "/var/lib/dbus/machine-id"].map((path) => ({
    path,
    unless: /^\s*(?:uninitialized\s*)?$/,
  })),
  random_seed: [
    ...at(
      "/var/lib/systemd/random-seed",
      "/var/lib/urandom/random-seed",
      "/var/lib/random-seed",
      "/var/lib/misc/random-seed",
    ),
    ...at(
      "/var/lib/seedrng/seed.*",
      "/boot/loader/random-seed",
      "/boot/efi/loader/random-seed",
      "/efi/loader/random-seed",
    ),
  ],
  logs: below("/var/log"),
  leases: [
    ...at(
      "/var/lib/dhcp/*.leases",
      "/var/lib/dhclient/*.lease*",
      "/var/lib/dhcpcd/*.lease*",
      "/var/lib/dhcpcd/*.lease6",
    ),
    ...at("/var/lib/NetworkManager/*.lease", "/var/lib/wicked/lease-*", "/var/lib/udhcpd/*.leases"),
  ],
  cloud_init: below("/var/lib/cloud/instances", "/var/lib/cloud/sem"),
  caches: [
    ...at("/var/cache/apt/archives/*.deb", "/var/cache/apt/*.bin", "/var/lib/apt/lists/*_*"),
    ...at("/var/cache/pacman/pkg/*", "/var/cache/apk/*.apk", "/etc/apk/cache/*.apk"),
    ...below(
      "/var/cache/dnf",
      "/var/cache/libdnf5",
      "/var/cache/yum",
      "/var/cache/zypp/packages",
      "/var/cache/distfiles",
    ),
  ],
  temporary: below("/tmp", "/var/tmp"),
};
