/**
 * The documents that cloud-init's NoCloud datasource reads. The short form is written in block style, each text in double
 * quotes with JSON's escapes, silent fields left out, always in this order:
 *
 *     #cloud-config
 *     bootcmd:
 *       - "for file in /etc/hosts ...\n..."          names of other machines (hosts)
 *     ssh_keys:
 *       ed25519_private: "-----BEGIN OPENSSH PRIVATE KEY-----\n..."
 *       ed25519_public: "ssh-ed25519 AAAA...\n"
 *     timezone: "Europe/Berlin"
 *     locale: "C.UTF-8"
 *     users:
 *       - "default"                                  only where somebody is to log in as the image's own user
 *       - name: "web"
 *         groups: "adm,sudo"
 *         shell: "/bin/bash"
 *         sudo: "ALL=(ALL) NOPASSWD:ALL"
 *         lock_passwd: true
 *         passwd: "$6$..."
 *         ssh_authorized_keys:
 *           - "ssh-ed25519 AAAA... me"
 *     disable_root: false                            only where root is declared
 *     ssh_authorized_keys:
 *       - "ssh-ed25519 AAAA... me"                   of the image's default user
 *     write_files:
 *       - path: "/etc/motd"
 *         owner: "root:root"
 *         permissions: "0644"
 *         append: true                               only where declared
 *         defer: true                                only where the owner is not root
 *         content: "Hello\n"
 *     package_update: true
 *     packages:
 *       - "nginx"
 *     runcmd:
 *       - "set -e\nguestkit_step=\ntrap '...' EXIT"  makes the first failure the script's (runcmd.ts)
 *       - "guestkit_step='guestkit: runcmd[0] (systemctl start nginx)'\nsystemctl start nginx"
 *
 * meta-data: `instance-id`, `local-hostname`, and `public-keys` beside a raw user-data; network-config: network.ts.
 */
import type { Value, ValueObject } from "../model/value.ts";
import { asCloudInit, type CloudInit } from "./declaration.ts";
import type { HostName } from "./hosts.ts";
import { deriveInstanceId } from "./instance-id.ts";
import { renderMetaData } from "./meta-data.ts";
import { renderNetworkConfig, type SeedNetwork } from "./network.ts";
import { type Additions, type HostKey, renderUserData } from "./user-data.ts";
import { renderVendorData } from "./vendor-data.ts";

/** Documents by their name on the medium. */
export interface SeedFiles {
  readonly "user-data": string;
  readonly "meta-data": string;
  readonly "network-config"?: string;
  readonly "vendor-data"?: string;
}

/** What a machine adds to what is declared; all of it may be left out. */
export interface SeedOptions {
  /** Instead of the derived one; what is declared goes before it. */
  readonly instanceId?: string | null | undefined;
  /** The same for the host name. */
  readonly hostname?: string | null | undefined;
  /** Keys that are let in beside those declared. */
  readonly extraSshKeys?: readonly string[] | undefined;
  /** Whose they are: a declared user, or any other name for the image's default user. `loginUserOf` by default. */
  readonly loginUser?: string | null | undefined;
  readonly sshHostKeys?: readonly HostKey[] | undefined;
  /** Names that the guest is to know. */
  readonly hosts?: readonly HostName[] | undefined;
  /** Addresses; a raw network_config goes before them. */
  readonly networks?: readonly SeedNetwork[] | undefined;
}

/** The documents of a declaration in canonical form: a pure function. */
export function renderSeed(declaration: CloudInit | ValueObject, options: SeedOptions = {}): SeedFiles {
  const declared = asCloudInit(declaration);
  const { hostname, networks = [] } = options;
  const additions: Additions = {
    sshKeys: options.extraSshKeys ?? [],
    loginUser: options.loginUser,
    hostKeys: options.sshHostKeys ?? [],
    hosts: options.hosts ?? [],
  };
  const raw = declared.secret_user_data ?? declared.user_data;
  const vendorData = raw === null ? null : renderVendorData(additions);
  const networkConfig = declared.network_config ?? (networks.length > 0 ? renderNetworkConfig(networks) : null);
  const metaData = renderMetaData(declared.meta_data, {
    instanceId: instanceIdOf(declared, options),
    hostname: declared.hostname ?? hostname ?? null,
    publicKeys: raw === null ? [] : additions.sshKeys,
  });
  return {
    "user-data": raw ?? renderUserData(declared, additions),
    "meta-data": metaData,
    ...(networkConfig !== null && { "network-config": networkConfig }),
    ...(vendorData !== null && { "vendor-data": vendorData }),
  };
}

/**
 * The instance-id: the declared one, the machine's, or one derived from everything that cloud-init does once an instance.
 * Names of other hosts are not among that: they are put in place at each boot.
 */
export function instanceIdOf(declared: CloudInit | ValueObject, options: SeedOptions = {}): string {
  const { instanceId, hostname, extraSshKeys, sshHostKeys, networks } = options;
  const given = declared.instance_id ?? instanceId;
  if (given) return String(given);
  return deriveInstanceId({
    declared: declared as unknown as Value,
    hostname: hostname ?? null,
    ...(extraSshKeys?.length && { keys: extraSshKeys }),
    ...(sshHostKeys?.length && { host_keys: sshHostKeys.map(({ publicKey }) => publicKey) }),
    ...(networks?.length && { network: renderNetworkConfig(networks) }),
  });
}
