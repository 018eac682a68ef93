// Written by scripts/generate.ts from the contracts.
import * as pulumi from "@pulumi/pulumi";
import type { HostOptions, ResourceOptions } from "../face/options.ts";
import { query, queryOutput } from "../face/query.ts";
import { GuestkitResource } from "../face/resource.ts";

export interface DiskImageSourceArgs {
  /** A path, or a file:, http: or https: address without name and password. Another signature, or with the same sha256 another place, is no change. Where the engine works on another host, it is read on the machine that asks; host:/PATH is the host's own. A change replaces the resource. */
  readonly url: pulumi.Input<string>;
  /** SHA-256 of the bytes that are fetched, checked while they stream: in hexadecimal, or the path or address of a file of checksums that lists the source by its name (SHA256SUMS), read at create. Where the engine works on another host, it is read on the machine that asks; host:/PATH is the host's own. A change replaces the resource. */
  readonly sha256?: pulumi.Input<string>;
  /** SHA-512 of the bytes that are fetched: in hexadecimal, or a file of checksums (SHA512SUMS). Where the engine works on another host, it is read on the machine that asks; host:/PATH is the host's own. A change replaces the resource. */
  readonly sha512?: pulumi.Input<string>;
  /** SHA-256 of what a compressed source (gzip, xz, zstd, bzip2) holds: in hexadecimal, or a file of checksums that lists the source by its name without .gz, .xz, .zst or .bz2. Where the engine works on another host, it is read on the machine that asks; host:/PATH is the host's own. A change replaces the resource. */
  readonly unpackedSha256?: pulumi.Input<string>;
  /** Public keys (gpg --export) one of which must have signed the file of checksums, in itself or beside it (.gpg, .asc, .sig, .sign). Where the engine works on another host, it is read on the machine that asks; host:/PATH is the host's own. */
  readonly keyring?: pulumi.Input<string>;
  /** Format of the source, or of the disk in it where that is an archive. Left out: what is recorded of it, else what it looks like at its first use, which that use fixes. */
  readonly format?: pulumi.Input<"qcow2" | "raw" | "vmdk" | "vhd" | "vhdx" | "vdi" | "qed" | "parallels" | "qcow" | "split" | "ova">;
  /** Name of the member that is the disk, where the source is an archive (OVA, tar). Left out: the only disk that its OVF names. A change replaces the resource. */
  readonly member?: pulumi.Input<string>;
  /** Let the source lean on files outside its own folder that no record of guestkit's names; they become part of the image. Only for sources that you know. Default: `false`. */
  readonly allowBackingFiles?: pulumi.Input<boolean>;
  /** HTTP headers sent with the request. Kept as a secret. */
  readonly headers?: pulumi.Input<{ readonly [key: string]: pulumi.Input<string> }>;
  /** Raise it when headers changed: the secret itself is stored nowhere and cannot be compared. */
  readonly headersVersion?: pulumi.Input<number>;
  /** Proxy address without name and password; the environment's (https_proxy) where left out. */
  readonly proxy?: pulumi.Input<string>;
  /** What the proxy is to let us in for: its Proxy-Authorization header (Basic ...). Kept as a secret. */
  readonly proxyAuthorization?: pulumi.Input<string>;
  /** Raise it when proxyAuthorization changed: the secret itself is stored nowhere and cannot be compared. */
  readonly proxyAuthorizationVersion?: pulumi.Input<number>;
  /** PEM file of further certificate authorities. Where the engine works on another host, it is read on the machine that asks; host:/PATH is the host's own. */
  readonly caFile?: pulumi.Input<string>;
}

export interface DiskImageBootstrapUserArgs {
  /** Public keys that may log in. Default: `[]`. */
  readonly sshAuthorizedKeys?: pulumi.Input<ReadonlyArray<pulumi.Input<string>>>;
  /** Groups beside the user's own, by name. Default: `[]`. */
  readonly groups?: pulumi.Input<ReadonlyArray<pulumi.Input<string>>>;
  /** Login shell: a path in the image. Default: `"/bin/bash"`. */
  readonly shell?: pulumi.Input<string>;
  /** May become root without a password (installs sudo). Default: `false`. */
  readonly sudo?: pulumi.Input<boolean>;
  /** crypt(3) hash of the password; none locks it. Kept as a secret. */
  readonly passwordHash?: pulumi.Input<string>;
  /** Raise it when passwordHash changed: the secret itself is stored nowhere and cannot be compared. */
  readonly passwordHashVersion?: pulumi.Input<number>;
}

export interface DiskImageBootstrapArgs {
  /** The family that is built. Default: `"debian"`. */
  readonly distribution?: pulumi.Input<"debian">;
  /** Release by code name or suite. Default: `"bookworm"`. */
  readonly release?: pulumi.Input<string>;
  /** How much of the base system is installed (mmdebstrap's variants). Default: `"minbase"`. */
  readonly variant?: pulumi.Input<"apt" | "minbase" | "important" | "standard">;
  /** Packages installed beside the variant's. One that is missing from the image later is drift. Default: `[]`. */
  readonly packages?: pulumi.Input<ReadonlyArray<pulumi.Input<string>>>;
  /** Host name written to /etc/hostname: letters, digits, - and dots. Default: `"localhost"`. */
  readonly hostname?: pulumi.Input<string>;
  /** Users to create, by name. Default: `{}`. */
  readonly users?: pulumi.Input<{ readonly [key: string]: pulumi.Input<DiskImageBootstrapUserArgs> }>;
  /** Kernel package, or "none" for an image that does not boot by itself. Default: `"linux-image-cloud-amd64"`. */
  readonly kernel?: pulumi.Input<string>;
  /** Kernel command line besides root= and ro. Default: `"console=tty0 console=ttyS0,115200"`. */
  readonly cmdline?: pulumi.Input<string>;
  /** Debian architecture. Default: `"amd64"`. */
  readonly architecture?: pulumi.Input<"amd64">;
  /** Archive components. Default: `["main"]`. */
  readonly components?: pulumi.Input<ReadonlyArray<pulumi.Input<string>>>;
  /** Archive address; the host's own apt sources where left out. No name or password: docs/disk-image.md. */
  readonly mirror?: pulumi.Input<string>;
  /** Keyring that signs the archive; Debian's own where left out. Where the engine works on another host, it is read on the machine that asks; host:/PATH is the host's own. */
  readonly keyring?: pulumi.Input<string>;
  /** Date of the archive (20261101T000000Z), through a snapshot mirror given as mirror with {snapshot} in it. */
  readonly snapshot?: pulumi.Input<string>;
}

export interface DiskImageLayoutPartitionContentArgs {
  /** A directory copied into the file system. Where the engine works on another host, it is read on the machine that asks; host:/PATH is the host's own. */
  readonly directory?: pulumi.Input<string>;
  /** A tar archive unpacked into the file system. Where the engine works on another host, it is read on the machine that asks; host:/PATH is the host's own. */
  readonly tar?: pulumi.Input<string>;
}

export interface DiskImageLayoutPartitionArgs {
  /** The partition's name, unique in the layout; written as GPT partition name. */
  readonly name: pulumi.Input<string>;
  /** Size; the last partition may leave it out and takes the rest of the disk. */
  readonly size?: pulumi.Input<string | number>;
  /** What it is for: sets the GPT type GUID or the MBR type byte. Default: `"linux"`. */
  readonly type?: pulumi.Input<"linux" | "root" | "home" | "esp" | "bios_boot" | "swap" | "xbootldr" | "lvm" | "raid">;
  /** File system made in it; none leaves it blank. */
  readonly filesystem?: pulumi.Input<"ext4" | "vfat" | "swap" | "xfs" | "btrfs">;
  /** Label of the file system. */
  readonly label?: pulumi.Input<string>;
  /** UUID of the file system; chosen at create where left out. */
  readonly uuid?: pulumi.Input<string>;
  /** What the file system holds from the start (ext4 and vfat). */
  readonly content?: pulumi.Input<DiskImageLayoutPartitionContentArgs>;
}

export interface DiskImageLayoutArgs {
  /** Partition table. Default: `"gpt"`. */
  readonly scheme?: pulumi.Input<"gpt" | "mbr">;
  /** Partitions in disk order. */
  readonly partitions: pulumi.Input<ReadonlyArray<pulumi.Input<DiskImageLayoutPartitionArgs>>>;
}

export interface DiskImageFileArgs {
  /** Absolute path inside the image. */
  readonly path: pulumi.Input<string>;
  /** The file's text. */
  readonly content?: pulumi.Input<string>;
  /** A file whose bytes it gets. Where the engine works on another host, it is read on the machine that asks; host:/PATH is the host's own. */
  readonly source?: pulumi.Input<string>;
  /** The file's text where it must be stored nowhere else. Kept as a secret. */
  readonly secretContent?: pulumi.Input<string>;
  /** Raise it when secretContent changed: the secret itself is stored nowhere and cannot be compared. */
  readonly secretContentVersion?: pulumi.Input<number>;
  /** Permission bits in octal. Default: `"0644"`. */
  readonly mode?: pulumi.Input<string>;
  /** Number of the user that owns it. Default: `0`. */
  readonly uid?: pulumi.Input<number>;
  /** Number of its group. Default: `0`. */
  readonly gid?: pulumi.Input<number>;
}

export interface DiskImageChecksRulePackageArgs {
  /** Name of the package; * and ? stand for other characters. */
  readonly name: pulumi.Input<string>;
  /** Whether it is to be there; optional says what holds of it where it is. Default: `"present"`. */
  readonly state?: pulumi.Input<"present" | "absent" | "optional">;
  /** Versions that are right, in the order of the system's own package manager: ">= 3.0.15", ">= 1:9.2, < 1:10". Of several that are installed each has to be right. */
  readonly version?: pulumi.Input<string>;
}

export interface DiskImageChecksRuleFileArgs {
  /** Absolute path inside the image; links are followed. */
  readonly path: pulumi.Input<string>;
  /** Whether the file is to be there. Default: `"present"`. */
  readonly state?: pulumi.Input<"present" | "absent" | "optional">;
  /** What it has to be; a symlink is not followed. */
  readonly type?: pulumi.Input<"file" | "directory" | "symlink">;
  /** Name or number of the user who has to own it. */
  readonly owner?: pulumi.Input<string>;
  /** Name or number of its group. */
  readonly group?: pulumi.Input<string>;
  /** Permission bits in octal, all of them: 0644. */
  readonly mode?: pulumi.Input<string>;
  /** Permission bits in octal of which it may have none but these: 0640. */
  readonly modeAtMost?: pulumi.Input<string>;
  /** Digest of the whole content: 64 hexadecimal digits. */
  readonly sha256?: pulumi.Input<string>;
  /** Text that has to be in it. */
  readonly contains?: pulumi.Input<string>;
  /** Text that must not be in it. */
  readonly lacks?: pulumi.Input<string>;
  /** Regular expression that a line has to match; without back references and looking around. */
  readonly matches?: pulumi.Input<string>;
  /** Regular expression that no line may match. */
  readonly matchesNot?: pulumi.Input<string>;
}

export interface DiskImageChecksRuleServiceArgs {
  /** Name of the service: sshd, fstrim.timer. */
  readonly name: pulumi.Input<string>;
  /** What it is to be at the next start; masked is disabled as well. */
  readonly state: pulumi.Input<"enabled" | "disabled" | "masked">;
}

export interface DiskImageChecksRuleUserArgs {
  /** Name of the user. */
  readonly name: pulumi.Input<string>;
  /** Whether the user is to be there. Default: `"present"`. */
  readonly state?: pulumi.Input<"present" | "absent" | "optional">;
  /** Number that the user has to have. */
  readonly uid?: pulumi.Input<number>;
  /** Shell that the user has to have: /usr/sbin/nologin. */
  readonly shell?: pulumi.Input<string>;
  /** Whether a password lets nobody in as this user. */
  readonly locked?: pulumi.Input<boolean>;
  /** Names of groups that the user has to be in. */
  readonly groups?: pulumi.Input<ReadonlyArray<pulumi.Input<string>>>;
}

export interface DiskImageChecksRuleSshdArgs {
  /** Keyword of sshd_config: PermitRootLogin. What a Match block says for some counts as well. */
  readonly setting: pulumi.Input<string>;
  /** Values of which the effective one has to be one, in any case. */
  readonly allowed: pulumi.Input<ReadonlyArray<pulumi.Input<string>>>;
}

export interface DiskImageChecksRuleCertificatesArgs {
  /** Path of the certificate inside the image; * and ? stand for other characters. Left out: all that are found. */
  readonly path?: pulumi.Input<string>;
  /** Days for which each has to be good, from today on. Default: `30`. */
  readonly days?: pulumi.Input<number>;
}

export interface DiskImageChecksRuleLeftoversArgs {
  /** What must not be left of the system that the image came from. */
  readonly kinds: pulumi.Input<ReadonlyArray<pulumi.Input<"host_keys" | "private_keys" | "authorized_keys" | "tokens" | "history" | "machine_id" | "random_seed" | "logs" | "leases" | "cloud_init" | "caches" | "temporary">>>;
  /** Paths that may be there all the same; * and ? stand for other characters. Default: `[]`. */
  readonly allowed?: pulumi.Input<ReadonlyArray<pulumi.Input<string>>>;
}

export interface DiskImageChecksRuleArgs {
  /** What it asks for, in a sentence; told where it is not so. */
  readonly title?: pulumi.Input<string>;
  /** How bad it is where it does not hold; info is told and stops nothing. Default: `"medium"`. */
  readonly severity?: pulumi.Input<"info" | "low" | "medium" | "high" | "critical">;
  /** A package, its presence and version. */
  readonly package?: pulumi.Input<DiskImageChecksRulePackageArgs>;
  /** A file: whether it is there, whose it is, what is in it. */
  readonly file?: pulumi.Input<DiskImageChecksRuleFileArgs>;
  /** A service, and whether it starts by itself. */
  readonly service?: pulumi.Input<DiskImageChecksRuleServiceArgs>;
  /** A user: whether there is one, and how. */
  readonly user?: pulumi.Input<DiskImageChecksRuleUserArgs>;
  /** A setting of the SSH server. */
  readonly sshd?: pulumi.Input<DiskImageChecksRuleSshdArgs>;
  /** Certificates in the usual places of servers, and for how long they are good. */
  readonly certificates?: pulumi.Input<DiskImageChecksRuleCertificatesArgs>;
  /** What must not be left in an image that is copied: keys, tokens, history, logs. */
  readonly leftovers?: pulumi.Input<DiskImageChecksRuleLeftoversArgs>;
}

export interface DiskImageChecksWaiverArgs {
  /** Name of the rule that need not hold. */
  readonly check: pulumi.Input<string>;
  /** Why it need not. */
  readonly reason: pulumi.Input<string>;
  /** Last day on which the waiver counts, in UTC: 2027-01-31. */
  readonly until: pulumi.Input<string>;
}

export interface DiskImageChecksArgs {
  /** Sets of rules that guestkit brings along; a rule of the same name stands above theirs. Default: `[]`. */
  readonly profiles?: pulumi.Input<ReadonlyArray<pulumi.Input<"golden-image" | "hardened">>>;
  /** What has to hold, each rule by a name of its own. Default: `{}`. */
  readonly rules?: pulumi.Input<{ readonly [key: string]: pulumi.Input<DiskImageChecksRuleArgs> }>;
  /** Rules that need not hold for a while, and why. Default: `[]`. */
  readonly waivers?: pulumi.Input<ReadonlyArray<pulumi.Input<DiskImageChecksWaiverArgs>>>;
  /** File with more rules and waivers, as guestkit check takes it. Where the engine works on another host, it is read on the machine that asks; host:/PATH is the host's own. */
  readonly file?: pulumi.Input<string>;
  /** A rule that does not hold: fail makes the apply fail (the image stays for a look, and the next apply makes it anew); keep makes it a warning. Default: `"fail"`. */
  readonly onFailure?: pulumi.Input<"fail" | "keep">;
}

export interface DiskImageArgs {
  /** Where the image lies on the host. A change replaces the resource. */
  readonly path: pulumi.Input<string>;
  /** Disk format: qcow2 grows as it is written, raw is the bytes themselves. Default: `"qcow2"`. A change replaces the resource. */
  readonly format?: pulumi.Input<"qcow2" | "raw">;
  /** Virtual size. Left out, it is what the source, backing file or bootstrap needs. */
  readonly size?: pulumi.Input<string | number>;
  /** The image starts as a copy of this. A change replaces the resource. */
  readonly source?: pulumi.Input<DiskImageSourceArgs>;
  /** The image is a thin overlay over this one (qcow2 only). A change replaces the resource. */
  readonly backingFile?: pulumi.Input<string>;
  /** Format of backingFile. Left out: what is recorded of it, else what it looks like at its first use, which that use fixes. */
  readonly backingFormat?: pulumi.Input<"qcow2" | "raw">;
  /** Let backingFile lean on files outside its own folder that no record of guestkit's names. Only for images that you know. Default: `false`. */
  readonly allowBackingFiles?: pulumi.Input<boolean>;
  /** The image is built from a distribution's packages by an ordinary user. A change replaces the resource. */
  readonly bootstrap?: pulumi.Input<DiskImageBootstrapArgs>;
  /** Partitions and file systems of a blank image. A change replaces the resource. */
  readonly layout?: pulumi.Input<DiskImageLayoutArgs>;
  /** Files to add to the image or to change in it. One that is no longer declared stays. Default: `[]`. */
  readonly files?: pulumi.Input<ReadonlyArray<pulumi.Input<DiskImageFileArgs>>>;
  /** Rules over what is in the image. What it is made of is judged by the plan where it is there, the image after each apply that makes or changes it. */
  readonly checks?: pulumi.Input<DiskImageChecksArgs>;
  /** Permission bits of the file in octal, for those who share it; by the umask where left out, and 0600 where the image holds secrets. */
  readonly mode?: pulumi.Input<string>;
  /** Replace a file at path that guestkit did not make. Default: `false`. */
  readonly overwrite?: pulumi.Input<boolean>;
  /** Refuse to destroy or replace the image. Default: `false`. */
  readonly deleteProtection?: pulumi.Input<boolean>;
}

export interface DiskImageSource {
  /** A path, or a file:, http: or https: address without name and password. Another signature, or with the same sha256 another place, is no change. Where the engine works on another host, it is read on the machine that asks; host:/PATH is the host's own. A change replaces the resource. */
  readonly url: string;
  /** SHA-256 of the bytes that are fetched, checked while they stream: in hexadecimal, or the path or address of a file of checksums that lists the source by its name (SHA256SUMS), read at create. Where the engine works on another host, it is read on the machine that asks; host:/PATH is the host's own. A change replaces the resource. */
  readonly sha256?: string;
  /** SHA-512 of the bytes that are fetched: in hexadecimal, or a file of checksums (SHA512SUMS). Where the engine works on another host, it is read on the machine that asks; host:/PATH is the host's own. A change replaces the resource. */
  readonly sha512?: string;
  /** SHA-256 of what a compressed source (gzip, xz, zstd, bzip2) holds: in hexadecimal, or a file of checksums that lists the source by its name without .gz, .xz, .zst or .bz2. Where the engine works on another host, it is read on the machine that asks; host:/PATH is the host's own. A change replaces the resource. */
  readonly unpackedSha256?: string;
  /** Public keys (gpg --export) one of which must have signed the file of checksums, in itself or beside it (.gpg, .asc, .sig, .sign). Where the engine works on another host, it is read on the machine that asks; host:/PATH is the host's own. */
  readonly keyring?: string;
  /** Format of the source, or of the disk in it where that is an archive. Left out: what is recorded of it, else what it looks like at its first use, which that use fixes. */
  readonly format?: "qcow2" | "raw" | "vmdk" | "vhd" | "vhdx" | "vdi" | "qed" | "parallels" | "qcow" | "split" | "ova";
  /** Name of the member that is the disk, where the source is an archive (OVA, tar). Left out: the only disk that its OVF names. A change replaces the resource. */
  readonly member?: string;
  /** Let the source lean on files outside its own folder that no record of guestkit's names; they become part of the image. Only for sources that you know. Default: `false`. */
  readonly allowBackingFiles?: boolean;
  /** HTTP headers sent with the request. Kept as a secret. */
  readonly headers?: { readonly [key: string]: string };
  /** Raise it when headers changed: the secret itself is stored nowhere and cannot be compared. */
  readonly headersVersion?: number;
  /** Proxy address without name and password; the environment's (https_proxy) where left out. */
  readonly proxy?: string;
  /** What the proxy is to let us in for: its Proxy-Authorization header (Basic ...). Kept as a secret. */
  readonly proxyAuthorization?: string;
  /** Raise it when proxyAuthorization changed: the secret itself is stored nowhere and cannot be compared. */
  readonly proxyAuthorizationVersion?: number;
  /** PEM file of further certificate authorities. Where the engine works on another host, it is read on the machine that asks; host:/PATH is the host's own. */
  readonly caFile?: string;
}

export interface DiskImageBootstrapUser {
  /** Public keys that may log in. Default: `[]`. */
  readonly sshAuthorizedKeys?: ReadonlyArray<string>;
  /** Groups beside the user's own, by name. Default: `[]`. */
  readonly groups?: ReadonlyArray<string>;
  /** Login shell: a path in the image. Default: `"/bin/bash"`. */
  readonly shell?: string;
  /** May become root without a password (installs sudo). Default: `false`. */
  readonly sudo?: boolean;
  /** crypt(3) hash of the password; none locks it. Kept as a secret. */
  readonly passwordHash?: string;
  /** Raise it when passwordHash changed: the secret itself is stored nowhere and cannot be compared. */
  readonly passwordHashVersion?: number;
}

export interface DiskImageBootstrap {
  /** The family that is built. Default: `"debian"`. */
  readonly distribution?: "debian";
  /** Release by code name or suite. Default: `"bookworm"`. */
  readonly release?: string;
  /** How much of the base system is installed (mmdebstrap's variants). Default: `"minbase"`. */
  readonly variant?: "apt" | "minbase" | "important" | "standard";
  /** Packages installed beside the variant's. One that is missing from the image later is drift. Default: `[]`. */
  readonly packages?: ReadonlyArray<string>;
  /** Host name written to /etc/hostname: letters, digits, - and dots. Default: `"localhost"`. */
  readonly hostname?: string;
  /** Users to create, by name. Default: `{}`. */
  readonly users?: { readonly [key: string]: DiskImageBootstrapUser };
  /** Kernel package, or "none" for an image that does not boot by itself. Default: `"linux-image-cloud-amd64"`. */
  readonly kernel?: string;
  /** Kernel command line besides root= and ro. Default: `"console=tty0 console=ttyS0,115200"`. */
  readonly cmdline?: string;
  /** Debian architecture. Default: `"amd64"`. */
  readonly architecture?: "amd64";
  /** Archive components. Default: `["main"]`. */
  readonly components?: ReadonlyArray<string>;
  /** Archive address; the host's own apt sources where left out. No name or password: docs/disk-image.md. */
  readonly mirror?: string;
  /** Keyring that signs the archive; Debian's own where left out. Where the engine works on another host, it is read on the machine that asks; host:/PATH is the host's own. */
  readonly keyring?: string;
  /** Date of the archive (20261101T000000Z), through a snapshot mirror given as mirror with {snapshot} in it. */
  readonly snapshot?: string;
}

export interface DiskImageLayoutPartitionContent {
  /** A directory copied into the file system. Where the engine works on another host, it is read on the machine that asks; host:/PATH is the host's own. */
  readonly directory?: string;
  /** A tar archive unpacked into the file system. Where the engine works on another host, it is read on the machine that asks; host:/PATH is the host's own. */
  readonly tar?: string;
}

export interface DiskImageLayoutPartition {
  /** The partition's name, unique in the layout; written as GPT partition name. */
  readonly name: string;
  /** Size; the last partition may leave it out and takes the rest of the disk. */
  readonly size?: string | number;
  /** What it is for: sets the GPT type GUID or the MBR type byte. Default: `"linux"`. */
  readonly type?: "linux" | "root" | "home" | "esp" | "bios_boot" | "swap" | "xbootldr" | "lvm" | "raid";
  /** File system made in it; none leaves it blank. */
  readonly filesystem?: "ext4" | "vfat" | "swap" | "xfs" | "btrfs";
  /** Label of the file system. */
  readonly label?: string;
  /** UUID of the file system; chosen at create where left out. */
  readonly uuid?: string;
  /** What the file system holds from the start (ext4 and vfat). */
  readonly content?: DiskImageLayoutPartitionContent;
}

export interface DiskImageLayout {
  /** Partition table. Default: `"gpt"`. */
  readonly scheme?: "gpt" | "mbr";
  /** Partitions in disk order. */
  readonly partitions: ReadonlyArray<DiskImageLayoutPartition>;
}

export interface DiskImageFile {
  /** Absolute path inside the image. */
  readonly path: string;
  /** The file's text. */
  readonly content?: string;
  /** A file whose bytes it gets. Where the engine works on another host, it is read on the machine that asks; host:/PATH is the host's own. */
  readonly source?: string;
  /** The file's text where it must be stored nowhere else. Kept as a secret. */
  readonly secretContent?: string;
  /** Raise it when secretContent changed: the secret itself is stored nowhere and cannot be compared. */
  readonly secretContentVersion?: number;
  /** Permission bits in octal. Default: `"0644"`. */
  readonly mode?: string;
  /** Number of the user that owns it. Default: `0`. */
  readonly uid?: number;
  /** Number of its group. Default: `0`. */
  readonly gid?: number;
}

export interface DiskImageChecksRulePackage {
  /** Name of the package; * and ? stand for other characters. */
  readonly name: string;
  /** Whether it is to be there; optional says what holds of it where it is. Default: `"present"`. */
  readonly state?: "present" | "absent" | "optional";
  /** Versions that are right, in the order of the system's own package manager: ">= 3.0.15", ">= 1:9.2, < 1:10". Of several that are installed each has to be right. */
  readonly version?: string;
}

export interface DiskImageChecksRuleFile {
  /** Absolute path inside the image; links are followed. */
  readonly path: string;
  /** Whether the file is to be there. Default: `"present"`. */
  readonly state?: "present" | "absent" | "optional";
  /** What it has to be; a symlink is not followed. */
  readonly type?: "file" | "directory" | "symlink";
  /** Name or number of the user who has to own it. */
  readonly owner?: string;
  /** Name or number of its group. */
  readonly group?: string;
  /** Permission bits in octal, all of them: 0644. */
  readonly mode?: string;
  /** Permission bits in octal of which it may have none but these: 0640. */
  readonly modeAtMost?: string;
  /** Digest of the whole content: 64 hexadecimal digits. */
  readonly sha256?: string;
  /** Text that has to be in it. */
  readonly contains?: string;
  /** Text that must not be in it. */
  readonly lacks?: string;
  /** Regular expression that a line has to match; without back references and looking around. */
  readonly matches?: string;
  /** Regular expression that no line may match. */
  readonly matchesNot?: string;
}

export interface DiskImageChecksRuleService {
  /** Name of the service: sshd, fstrim.timer. */
  readonly name: string;
  /** What it is to be at the next start; masked is disabled as well. */
  readonly state: "enabled" | "disabled" | "masked";
}

export interface DiskImageChecksRuleUser {
  /** Name of the user. */
  readonly name: string;
  /** Whether the user is to be there. Default: `"present"`. */
  readonly state?: "present" | "absent" | "optional";
  /** Number that the user has to have. */
  readonly uid?: number;
  /** Shell that the user has to have: /usr/sbin/nologin. */
  readonly shell?: string;
  /** Whether a password lets nobody in as this user. */
  readonly locked?: boolean;
  /** Names of groups that the user has to be in. */
  readonly groups?: ReadonlyArray<string>;
}

export interface DiskImageChecksRuleSshd {
  /** Keyword of sshd_config: PermitRootLogin. What a Match block says for some counts as well. */
  readonly setting: string;
  /** Values of which the effective one has to be one, in any case. */
  readonly allowed: ReadonlyArray<string>;
}

export interface DiskImageChecksRuleCertificates {
  /** Path of the certificate inside the image; * and ? stand for other characters. Left out: all that are found. */
  readonly path?: string;
  /** Days for which each has to be good, from today on. Default: `30`. */
  readonly days?: number;
}

export interface DiskImageChecksRuleLeftovers {
  /** What must not be left of the system that the image came from. */
  readonly kinds: ReadonlyArray<"host_keys" | "private_keys" | "authorized_keys" | "tokens" | "history" | "machine_id" | "random_seed" | "logs" | "leases" | "cloud_init" | "caches" | "temporary">;
  /** Paths that may be there all the same; * and ? stand for other characters. Default: `[]`. */
  readonly allowed?: ReadonlyArray<string>;
}

export interface DiskImageChecksRule {
  /** What it asks for, in a sentence; told where it is not so. */
  readonly title?: string;
  /** How bad it is where it does not hold; info is told and stops nothing. Default: `"medium"`. */
  readonly severity?: "info" | "low" | "medium" | "high" | "critical";
  /** A package, its presence and version. */
  readonly package?: DiskImageChecksRulePackage;
  /** A file: whether it is there, whose it is, what is in it. */
  readonly file?: DiskImageChecksRuleFile;
  /** A service, and whether it starts by itself. */
  readonly service?: DiskImageChecksRuleService;
  /** A user: whether there is one, and how. */
  readonly user?: DiskImageChecksRuleUser;
  /** A setting of the SSH server. */
  readonly sshd?: DiskImageChecksRuleSshd;
  /** Certificates in the usual places of servers, and for how long they are good. */
  readonly certificates?: DiskImageChecksRuleCertificates;
  /** What must not be left in an image that is copied: keys, tokens, history, logs. */
  readonly leftovers?: DiskImageChecksRuleLeftovers;
}

export interface DiskImageChecksWaiver {
  /** Name of the rule that need not hold. */
  readonly check: string;
  /** Why it need not. */
  readonly reason: string;
  /** Last day on which the waiver counts, in UTC: 2027-01-31. */
  readonly until: string;
}

export interface DiskImageChecks {
  /** Sets of rules that guestkit brings along; a rule of the same name stands above theirs. Default: `[]`. */
  readonly profiles?: ReadonlyArray<"golden-image" | "hardened">;
  /** What has to hold, each rule by a name of its own. Default: `{}`. */
  readonly rules?: { readonly [key: string]: DiskImageChecksRule };
  /** Rules that need not hold for a while, and why. Default: `[]`. */
  readonly waivers?: ReadonlyArray<DiskImageChecksWaiver>;
  /** File with more rules and waivers, as guestkit check takes it. Where the engine works on another host, it is read on the machine that asks; host:/PATH is the host's own. */
  readonly file?: string;
  /** A rule that does not hold: fail makes the apply fail (the image stays for a look, and the next apply makes it anew); keep makes it a warning. Default: `"fail"`. */
  readonly onFailure?: "fail" | "keep";
}

export interface DiskImagePartition {
  /** Number as the kernel counts. */
  readonly number: number;
  /** GPT partition name. */
  readonly name?: string;
  /** Type GUID or MBR type. */
  readonly type: string;
  /** PARTUUID. */
  readonly uuid?: string;
  /** First byte. */
  readonly start: number;
  /** Bytes. */
  readonly size: number;
  /** What it holds. */
  readonly filesystem?: string;
  /** Label of the file system. */
  readonly label?: string;
  /** UUID of the file system. */
  readonly filesystemUuid?: string;
}

export interface DiskImageFailedCheck {
  /** Name of the rule. */
  readonly check: string;
  /** How bad it is where the rule does not hold. */
  readonly severity: "info" | "low" | "medium" | "high" | "critical";
  /** What the rule asks for. */
  readonly title?: string;
  /** Which of the image's systems it is about, from 0. */
  readonly system: number;
  /** What was found instead. */
  readonly reasons: ReadonlyArray<string>;
  /** It does not hold, or that cannot be told. */
  readonly state: "failed" | "error";
}

export interface DiskImageDrift {
  /** The declared field that it concerns. */
  readonly path: string;
  /** What was found inside the image. */
  readonly why: string;
  /** What mends it. */
  readonly action: "update" | "replace";
}

/** A disk image: blank, copied from a source, layered over another, or built from packages.
 *
 * Makes and keeps a disk image without root and without a daemon. What is declared inside it (files, packages) is read back from the image itself, so that tampering is seen by the next plan. Growing is in place; shrinking is refused; an immutable field that changes replaces the image.
  */
export class DiskImage extends GuestkitResource {
  /** Where the image lies on the host. A change replaces the resource. */
  declare readonly path: pulumi.Output<string>;
  /** Disk format: qcow2 grows as it is written, raw is the bytes themselves. Default: `"qcow2"`. A change replaces the resource. */
  declare readonly format: pulumi.Output<"qcow2" | "raw" | undefined>;
  /** Virtual size. Left out, it is what the source, backing file or bootstrap needs. */
  declare readonly size: pulumi.Output<string | number | undefined>;
  /** The image starts as a copy of this. A change replaces the resource. */
  declare readonly source: pulumi.Output<DiskImageSource | undefined>;
  /** The image is a thin overlay over this one (qcow2 only). A change replaces the resource. */
  declare readonly backingFile: pulumi.Output<string | undefined>;
  /** Format of backingFile. Left out: what is recorded of it, else what it looks like at its first use, which that use fixes. */
  declare readonly backingFormat: pulumi.Output<"qcow2" | "raw" | undefined>;
  /** Let backingFile lean on files outside its own folder that no record of guestkit's names. Only for images that you know. Default: `false`. */
  declare readonly allowBackingFiles: pulumi.Output<boolean | undefined>;
  /** The image is built from a distribution's packages by an ordinary user. A change replaces the resource. */
  declare readonly bootstrap: pulumi.Output<DiskImageBootstrap | undefined>;
  /** Partitions and file systems of a blank image. A change replaces the resource. */
  declare readonly layout: pulumi.Output<DiskImageLayout | undefined>;
  /** Files to add to the image or to change in it. One that is no longer declared stays. Default: `[]`. */
  declare readonly files: pulumi.Output<ReadonlyArray<DiskImageFile> | undefined>;
  /** Rules over what is in the image. What it is made of is judged by the plan where it is there, the image after each apply that makes or changes it. */
  declare readonly checks: pulumi.Output<DiskImageChecks | undefined>;
  /** Permission bits of the file in octal, for those who share it; by the umask where left out, and 0600 where the image holds secrets. */
  declare readonly mode: pulumi.Output<string | undefined>;
  /** Replace a file at path that guestkit did not make. Default: `false`. */
  declare readonly overwrite: pulumi.Output<boolean | undefined>;
  /** Refuse to destroy or replace the image. Default: `false`. */
  declare readonly deleteProtection: pulumi.Output<boolean | undefined>;
  /** Bytes that the guest sees. */
  declare readonly virtualSize: pulumi.Output<number>;
  /** Bytes that the image takes on the host. */
  declare readonly actualSize: pulumi.Output<number>;
  /** Parents, nearest first. */
  declare readonly backingChain: pulumi.Output<ReadonlyArray<string>>;
  /** Partitions as they really are. */
  declare readonly partitions: pulumi.Output<ReadonlyArray<DiskImagePartition>>;
  /** Rules of checks that did not hold when the image was made or changed. */
  declare readonly failedChecks: pulumi.Output<ReadonlyArray<DiskImageFailedCheck>>;
  /** Where the image departs from its declaration; empty when all is as declared. */
  declare readonly drift: pulumi.Output<ReadonlyArray<DiskImageDrift>>;

  constructor(name: string, args: DiskImageArgs, options: ResourceOptions = {}) {
    super("disk_image", name, args, options);
  }

  /** Looks one up that is there already, without taking it into this program's care. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, options: ResourceOptions = {}): DiskImage {
    return new DiskImage(name, {} as DiskImageArgs, { ...options, id });
  }
}

export interface CloudInitSeedUserArgs {
  /** Public keys that may log in. Default: `[]`. */
  readonly sshAuthorizedKeys?: pulumi.Input<ReadonlyArray<pulumi.Input<string>>>;
  /** Groups beside the user's own, by name. Default: `[]`. */
  readonly groups?: pulumi.Input<ReadonlyArray<pulumi.Input<string>>>;
  /** Login shell; the distribution's own where left out. */
  readonly shell?: pulumi.Input<string>;
  /** May become root without a password. Default: `false`. */
  readonly sudo?: pulumi.Input<boolean>;
  /** crypt(3) hash of the password. Kept as a secret. */
  readonly passwordHash?: pulumi.Input<string>;
  /** Raise it when passwordHash changed: the secret itself is stored nowhere and cannot be compared. */
  readonly passwordHashVersion?: pulumi.Input<number>;
  /** Refuse to log in by password; true where left out and there is no passwordHash. */
  readonly lockPasswd?: pulumi.Input<boolean>;
}

export interface CloudInitSeedWriteFileArgs {
  /** Absolute path inside the guest. */
  readonly path: pulumi.Input<string>;
  /** The file's text. */
  readonly content?: pulumi.Input<string>;
  /** The file's text where it must be stored nowhere else. Kept as a secret. */
  readonly secretContent?: pulumi.Input<string>;
  /** Raise it when secretContent changed: the secret itself is stored nowhere and cannot be compared. */
  readonly secretContentVersion?: pulumi.Input<number>;
  /** Permission bits in octal. Default: `"0644"`. */
  readonly permissions?: pulumi.Input<string>;
  /** user:group. A file that is not root's is written after users are made and packages installed. Default: `"root:root"`. */
  readonly owner?: pulumi.Input<string>;
  /** Add to a file that is there instead of replacing it. Default: `false`. */
  readonly append?: pulumi.Input<boolean>;
}

export interface CloudInitSeedArgs {
  /** Where the image lies on the host. A change replaces the resource. */
  readonly path: pulumi.Input<string>;
  /** The user-data document as it is (#cloud-config, a script, MIME), instead of the short form. */
  readonly userData?: pulumi.Input<string>;
  /** The user-data document where it holds secrets and must be stored nowhere else. Kept as a secret. */
  readonly secretUserData?: pulumi.Input<string>;
  /** Raise it when secretUserData changed: the secret itself is stored nowhere and cannot be compared. */
  readonly secretUserDataVersion?: pulumi.Input<number>;
  /** The meta-data document as it is (YAML). An instance-id is added where it has none. */
  readonly metaData?: pulumi.Input<string>;
  /** The network-config document as it is (YAML, version 1 or 2); the image's own default where left out. */
  readonly networkConfig?: pulumi.Input<string>;
  /** Host name of the guest: letters, digits, - and dots. */
  readonly hostname?: pulumi.Input<string>;
  /** Identity by which cloud-init tells a first boot from a later one. Left out, it follows from what is declared, so that a change makes cloud-init run anew at the next boot. */
  readonly instanceId?: pulumi.Input<string>;
  /** Users to create, by name. The image's default user is made as well only for sshAuthorizedKeys. */
  readonly users?: pulumi.Input<{ readonly [key: string]: pulumi.Input<CloudInitSeedUserArgs> }>;
  /** Public keys that may log in as the image's default user. */
  readonly sshAuthorizedKeys?: pulumi.Input<ReadonlyArray<pulumi.Input<string>>>;
  /** Packages to install at the first boot. */
  readonly packages?: pulumi.Input<ReadonlyArray<pulumi.Input<string>>>;
  /** Refresh the package lists first. */
  readonly packageUpdate?: pulumi.Input<boolean>;
  /** Files to write at the first boot, in this order, before packages are installed. */
  readonly writeFiles?: pulumi.Input<ReadonlyArray<pulumi.Input<CloudInitSeedWriteFileArgs>>>;
  /** Shell commands run in this order at the end of the first boot. The first one that fails ends it. */
  readonly runcmd?: pulumi.Input<ReadonlyArray<pulumi.Input<string>>>;
  /** Time zone: Europe/Berlin. */
  readonly timezone?: pulumi.Input<string>;
  /** Locale: C.UTF-8. */
  readonly locale?: pulumi.Input<string>;
  /** Replace a file at path that guestkit did not make. Default: `false`. */
  readonly overwrite?: pulumi.Input<boolean>;
}

export interface CloudInitSeedUser {
  /** Public keys that may log in. Default: `[]`. */
  readonly sshAuthorizedKeys?: ReadonlyArray<string>;
  /** Groups beside the user's own, by name. Default: `[]`. */
  readonly groups?: ReadonlyArray<string>;
  /** Login shell; the distribution's own where left out. */
  readonly shell?: string;
  /** May become root without a password. Default: `false`. */
  readonly sudo?: boolean;
  /** crypt(3) hash of the password. Kept as a secret. */
  readonly passwordHash?: string;
  /** Raise it when passwordHash changed: the secret itself is stored nowhere and cannot be compared. */
  readonly passwordHashVersion?: number;
  /** Refuse to log in by password; true where left out and there is no passwordHash. */
  readonly lockPasswd?: boolean;
}

export interface CloudInitSeedWriteFile {
  /** Absolute path inside the guest. */
  readonly path: string;
  /** The file's text. */
  readonly content?: string;
  /** The file's text where it must be stored nowhere else. Kept as a secret. */
  readonly secretContent?: string;
  /** Raise it when secretContent changed: the secret itself is stored nowhere and cannot be compared. */
  readonly secretContentVersion?: number;
  /** Permission bits in octal. Default: `"0644"`. */
  readonly permissions?: string;
  /** user:group. A file that is not root's is written after users are made and packages installed. Default: `"root:root"`. */
  readonly owner?: string;
  /** Add to a file that is there instead of replacing it. Default: `false`. */
  readonly append?: boolean;
}

export interface CloudInitSeedDrift {
  /** The declared field that it concerns. */
  readonly path: string;
  /** What was found in the image. */
  readonly why: string;
  /** What mends it. */
  readonly action: "update" | "replace";
}

/** A medium from which cloud-init reads what a new machine is to be (NoCloud).
 *
 * Writes an ISO 9660 image labelled cidata with user-data, meta-data and network-config, readable by its owner alone. The same declaration makes the same bytes on every host, and the file is not touched while they are equal. A change of what is declared changes the instance-id, so that cloud-init runs anew at the next boot. A virtual_machine makes a seed of its own from cloud_init: this resource is for other hypervisors and for seeds that several machines share.
  */
export class CloudInitSeed extends GuestkitResource {
  /** Where the image lies on the host. A change replaces the resource. */
  declare readonly path: pulumi.Output<string>;
  /** The user-data document as it is (#cloud-config, a script, MIME), instead of the short form. */
  declare readonly userData: pulumi.Output<string | undefined>;
  /** Raise it when secretUserData changed: the secret itself is stored nowhere and cannot be compared. */
  declare readonly secretUserDataVersion: pulumi.Output<number | undefined>;
  /** The meta-data document as it is (YAML). An instance-id is added where it has none. */
  declare readonly metaData: pulumi.Output<string | undefined>;
  /** The network-config document as it is (YAML, version 1 or 2); the image's own default where left out. */
  declare readonly networkConfig: pulumi.Output<string | undefined>;
  /** Host name of the guest: letters, digits, - and dots. */
  declare readonly hostname: pulumi.Output<string | undefined>;
  /** Identity by which cloud-init tells a first boot from a later one. Left out, it follows from what is declared, so that a change makes cloud-init run anew at the next boot. */
  declare readonly instanceId: pulumi.Output<string | undefined>;
  /** Users to create, by name. The image's default user is made as well only for sshAuthorizedKeys. */
  declare readonly users: pulumi.Output<{ readonly [key: string]: CloudInitSeedUser } | undefined>;
  /** Public keys that may log in as the image's default user. */
  declare readonly sshAuthorizedKeys: pulumi.Output<ReadonlyArray<string> | undefined>;
  /** Packages to install at the first boot. */
  declare readonly packages: pulumi.Output<ReadonlyArray<string> | undefined>;
  /** Refresh the package lists first. */
  declare readonly packageUpdate: pulumi.Output<boolean | undefined>;
  /** Files to write at the first boot, in this order, before packages are installed. */
  declare readonly writeFiles: pulumi.Output<ReadonlyArray<CloudInitSeedWriteFile> | undefined>;
  /** Shell commands run in this order at the end of the first boot. The first one that fails ends it. */
  declare readonly runcmd: pulumi.Output<ReadonlyArray<string> | undefined>;
  /** Time zone: Europe/Berlin. */
  declare readonly timezone: pulumi.Output<string | undefined>;
  /** Locale: C.UTF-8. */
  declare readonly locale: pulumi.Output<string | undefined>;
  /** Replace a file at path that guestkit did not make. Default: `false`. */
  declare readonly overwrite: pulumi.Output<boolean | undefined>;
  /** The instance-id that the seed carries: the declared one, or the one derived from the declaration. */
  declare readonly effectiveInstanceId: pulumi.Output<string | undefined>;
  /** Bytes of the image. */
  declare readonly size: pulumi.Output<number | undefined>;
  /** Digest of the image in hex; null where the image holds a secret, of which it would be a digest. */
  declare readonly sha256: pulumi.Output<string | undefined>;
  /** Where the image departs from its declaration; empty when all is as declared. */
  declare readonly drift: pulumi.Output<ReadonlyArray<CloudInitSeedDrift>>;

  constructor(name: string, args: CloudInitSeedArgs, options: ResourceOptions = {}) {
    super("cloud_init_seed", name, args, options);
  }

  /** Looks one up that is there already, without taking it into this program's care. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, options: ResourceOptions = {}): CloudInitSeed {
    return new CloudInitSeed(name, {} as CloudInitSeedArgs, { ...options, id });
  }
}

export interface GetInspectionChecksRulePackageArgs {
  /** Name of the package; * and ? stand for other characters. */
  readonly name: string;
  /** Whether it is to be there; optional says what holds of it where it is. Default: `"present"`. */
  readonly state?: "present" | "absent" | "optional";
  /** Versions that are right, in the order of the system's own package manager: ">= 3.0.15", ">= 1:9.2, < 1:10". Of several that are installed each has to be right. */
  readonly version?: string;
}

export interface GetInspectionChecksRuleFileArgs {
  /** Absolute path inside the image; links are followed. */
  readonly path: string;
  /** Whether the file is to be there. Default: `"present"`. */
  readonly state?: "present" | "absent" | "optional";
  /** What it has to be; a symlink is not followed. */
  readonly type?: "file" | "directory" | "symlink";
  /** Name or number of the user who has to own it. */
  readonly owner?: string;
  /** Name or number of its group. */
  readonly group?: string;
  /** Permission bits in octal, all of them: 0644. */
  readonly mode?: string;
  /** Permission bits in octal of which it may have none but these: 0640. */
  readonly modeAtMost?: string;
  /** Digest of the whole content: 64 hexadecimal digits. */
  readonly sha256?: string;
  /** Text that has to be in it. */
  readonly contains?: string;
  /** Text that must not be in it. */
  readonly lacks?: string;
  /** Regular expression that a line has to match; without back references and looking around. */
  readonly matches?: string;
  /** Regular expression that no line may match. */
  readonly matchesNot?: string;
}

export interface GetInspectionChecksRuleServiceArgs {
  /** Name of the service: sshd, fstrim.timer. */
  readonly name: string;
  /** What it is to be at the next start; masked is disabled as well. */
  readonly state: "enabled" | "disabled" | "masked";
}

export interface GetInspectionChecksRuleUserArgs {
  /** Name of the user. */
  readonly name: string;
  /** Whether the user is to be there. Default: `"present"`. */
  readonly state?: "present" | "absent" | "optional";
  /** Number that the user has to have. */
  readonly uid?: number;
  /** Shell that the user has to have: /usr/sbin/nologin. */
  readonly shell?: string;
  /** Whether a password lets nobody in as this user. */
  readonly locked?: boolean;
  /** Names of groups that the user has to be in. */
  readonly groups?: ReadonlyArray<string>;
}

export interface GetInspectionChecksRuleSshdArgs {
  /** Keyword of sshd_config: PermitRootLogin. What a Match block says for some counts as well. */
  readonly setting: string;
  /** Values of which the effective one has to be one, in any case. */
  readonly allowed: ReadonlyArray<string>;
}

export interface GetInspectionChecksRuleCertificatesArgs {
  /** Path of the certificate inside the image; * and ? stand for other characters. Left out: all that are found. */
  readonly path?: string;
  /** Days for which each has to be good, from today on. Default: `30`. */
  readonly days?: number;
}

export interface GetInspectionChecksRuleLeftoversArgs {
  /** What must not be left of the system that the image came from. */
  readonly kinds: ReadonlyArray<"host_keys" | "private_keys" | "authorized_keys" | "tokens" | "history" | "machine_id" | "random_seed" | "logs" | "leases" | "cloud_init" | "caches" | "temporary">;
  /** Paths that may be there all the same; * and ? stand for other characters. Default: `[]`. */
  readonly allowed?: ReadonlyArray<string>;
}

export interface GetInspectionChecksRuleArgs {
  /** What it asks for, in a sentence; told where it is not so. */
  readonly title?: string;
  /** How bad it is where it does not hold; info is told and stops nothing. Default: `"medium"`. */
  readonly severity?: "info" | "low" | "medium" | "high" | "critical";
  /** A package, its presence and version. */
  readonly package?: GetInspectionChecksRulePackageArgs;
  /** A file: whether it is there, whose it is, what is in it. */
  readonly file?: GetInspectionChecksRuleFileArgs;
  /** A service, and whether it starts by itself. */
  readonly service?: GetInspectionChecksRuleServiceArgs;
  /** A user: whether there is one, and how. */
  readonly user?: GetInspectionChecksRuleUserArgs;
  /** A setting of the SSH server. */
  readonly sshd?: GetInspectionChecksRuleSshdArgs;
  /** Certificates in the usual places of servers, and for how long they are good. */
  readonly certificates?: GetInspectionChecksRuleCertificatesArgs;
  /** What must not be left in an image that is copied: keys, tokens, history, logs. */
  readonly leftovers?: GetInspectionChecksRuleLeftoversArgs;
}

export interface GetInspectionChecksWaiverArgs {
  /** Name of the rule that need not hold. */
  readonly check: string;
  /** Why it need not. */
  readonly reason: string;
  /** Last day on which the waiver counts, in UTC: 2027-01-31. */
  readonly until: string;
}

export interface GetInspectionChecksArgs {
  /** Sets of rules that guestkit brings along; a rule of the same name stands above theirs. Default: `[]`. */
  readonly profiles?: ReadonlyArray<"golden-image" | "hardened">;
  /** What has to hold, each rule by a name of its own. Default: `{}`. */
  readonly rules?: { readonly [key: string]: GetInspectionChecksRuleArgs };
  /** Rules that need not hold for a while, and why. Default: `[]`. */
  readonly waivers?: ReadonlyArray<GetInspectionChecksWaiverArgs>;
  /** File with more rules and waivers, as guestkit check takes it. Where the engine works on another host, it is read on the machine that asks; host:/PATH is the host's own. */
  readonly file?: string;
  /** A rule that does not hold: keep tells it in failedChecks; fail makes reading the image an error. Default: `"keep"`. */
  readonly onFailure?: "fail" | "keep";
}

export interface GetInspectionArgs {
  /** The image: a path on the host, or the id of a diskImage. */
  readonly diskImage: string;
  /** The image's own format; what is recorded of it, else what it looks like where left out. Never seen by itself: split (a raw disk in files disk.001, disk.002, ...) and luks. */
  readonly imageFormat?: "qcow2" | "raw" | "vmdk" | "vhd" | "vhdx" | "vdi" | "qed" | "parallels" | "qcow" | "luks" | "split" | "ova";
  /** Further disks of the same machine, in its order (sdb, sdc): what lies on several disks is read as a whole. */
  readonly with?: ReadonlyArray<string>;
  /** Number of the image's partition to look into; the system's root, or the only file system, where left out. */
  readonly partition?: number;
  /** The file system to look into, by any name of its device: /dev/sda1, /dev/vg0/root, btrfsvol:/dev/sda3/root. */
  readonly filesystem?: string;
  /** An internal snapshot's id or name, instead of the present state. */
  readonly snapshot?: string;
  /** Groups of facts to gather beside those that always are: all, or their names. */
  readonly facts?: ReadonlyArray<"access" | "boot" | "containers" | "flatpaks" | "history" | "languages" | "schedule" | "security" | "services" | "storage" | "all">;
  /** Rules over what is in the image. */
  readonly checks?: GetInspectionChecksArgs;
}

export interface GetInspectionChecksRulePackageOutputArgs {
  /** Name of the package; * and ? stand for other characters. */
  readonly name: pulumi.Input<string>;
  /** Whether it is to be there; optional says what holds of it where it is. Default: `"present"`. */
  readonly state?: pulumi.Input<"present" | "absent" | "optional">;
  /** Versions that are right, in the order of the system's own package manager: ">= 3.0.15", ">= 1:9.2, < 1:10". Of several that are installed each has to be right. */
  readonly version?: pulumi.Input<string>;
}

export interface GetInspectionChecksRuleFileOutputArgs {
  /** Absolute path inside the image; links are followed. */
  readonly path: pulumi.Input<string>;
  /** Whether the file is to be there. Default: `"present"`. */
  readonly state?: pulumi.Input<"present" | "absent" | "optional">;
  /** What it has to be; a symlink is not followed. */
  readonly type?: pulumi.Input<"file" | "directory" | "symlink">;
  /** Name or number of the user who has to own it. */
  readonly owner?: pulumi.Input<string>;
  /** Name or number of its group. */
  readonly group?: pulumi.Input<string>;
  /** Permission bits in octal, all of them: 0644. */
  readonly mode?: pulumi.Input<string>;
  /** Permission bits in octal of which it may have none but these: 0640. */
  readonly modeAtMost?: pulumi.Input<string>;
  /** Digest of the whole content: 64 hexadecimal digits. */
  readonly sha256?: pulumi.Input<string>;
  /** Text that has to be in it. */
  readonly contains?: pulumi.Input<string>;
  /** Text that must not be in it. */
  readonly lacks?: pulumi.Input<string>;
  /** Regular expression that a line has to match; without back references and looking around. */
  readonly matches?: pulumi.Input<string>;
  /** Regular expression that no line may match. */
  readonly matchesNot?: pulumi.Input<string>;
}

export interface GetInspectionChecksRuleServiceOutputArgs {
  /** Name of the service: sshd, fstrim.timer. */
  readonly name: pulumi.Input<string>;
  /** What it is to be at the next start; masked is disabled as well. */
  readonly state: pulumi.Input<"enabled" | "disabled" | "masked">;
}

export interface GetInspectionChecksRuleUserOutputArgs {
  /** Name of the user. */
  readonly name: pulumi.Input<string>;
  /** Whether the user is to be there. Default: `"present"`. */
  readonly state?: pulumi.Input<"present" | "absent" | "optional">;
  /** Number that the user has to have. */
  readonly uid?: pulumi.Input<number>;
  /** Shell that the user has to have: /usr/sbin/nologin. */
  readonly shell?: pulumi.Input<string>;
  /** Whether a password lets nobody in as this user. */
  readonly locked?: pulumi.Input<boolean>;
  /** Names of groups that the user has to be in. */
  readonly groups?: pulumi.Input<ReadonlyArray<pulumi.Input<string>>>;
}

export interface GetInspectionChecksRuleSshdOutputArgs {
  /** Keyword of sshd_config: PermitRootLogin. What a Match block says for some counts as well. */
  readonly setting: pulumi.Input<string>;
  /** Values of which the effective one has to be one, in any case. */
  readonly allowed: pulumi.Input<ReadonlyArray<pulumi.Input<string>>>;
}

export interface GetInspectionChecksRuleCertificatesOutputArgs {
  /** Path of the certificate inside the image; * and ? stand for other characters. Left out: all that are found. */
  readonly path?: pulumi.Input<string>;
  /** Days for which each has to be good, from today on. Default: `30`. */
  readonly days?: pulumi.Input<number>;
}

export interface GetInspectionChecksRuleLeftoversOutputArgs {
  /** What must not be left of the system that the image came from. */
  readonly kinds: pulumi.Input<ReadonlyArray<pulumi.Input<"host_keys" | "private_keys" | "authorized_keys" | "tokens" | "history" | "machine_id" | "random_seed" | "logs" | "leases" | "cloud_init" | "caches" | "temporary">>>;
  /** Paths that may be there all the same; * and ? stand for other characters. Default: `[]`. */
  readonly allowed?: pulumi.Input<ReadonlyArray<pulumi.Input<string>>>;
}

export interface GetInspectionChecksRuleOutputArgs {
  /** What it asks for, in a sentence; told where it is not so. */
  readonly title?: pulumi.Input<string>;
  /** How bad it is where it does not hold; info is told and stops nothing. Default: `"medium"`. */
  readonly severity?: pulumi.Input<"info" | "low" | "medium" | "high" | "critical">;
  /** A package, its presence and version. */
  readonly package?: pulumi.Input<GetInspectionChecksRulePackageOutputArgs>;
  /** A file: whether it is there, whose it is, what is in it. */
  readonly file?: pulumi.Input<GetInspectionChecksRuleFileOutputArgs>;
  /** A service, and whether it starts by itself. */
  readonly service?: pulumi.Input<GetInspectionChecksRuleServiceOutputArgs>;
  /** A user: whether there is one, and how. */
  readonly user?: pulumi.Input<GetInspectionChecksRuleUserOutputArgs>;
  /** A setting of the SSH server. */
  readonly sshd?: pulumi.Input<GetInspectionChecksRuleSshdOutputArgs>;
  /** Certificates in the usual places of servers, and for how long they are good. */
  readonly certificates?: pulumi.Input<GetInspectionChecksRuleCertificatesOutputArgs>;
  /** What must not be left in an image that is copied: keys, tokens, history, logs. */
  readonly leftovers?: pulumi.Input<GetInspectionChecksRuleLeftoversOutputArgs>;
}

export interface GetInspectionChecksWaiverOutputArgs {
  /** Name of the rule that need not hold. */
  readonly check: pulumi.Input<string>;
  /** Why it need not. */
  readonly reason: pulumi.Input<string>;
  /** Last day on which the waiver counts, in UTC: 2027-01-31. */
  readonly until: pulumi.Input<string>;
}

export interface GetInspectionChecksOutputArgs {
  /** Sets of rules that guestkit brings along; a rule of the same name stands above theirs. Default: `[]`. */
  readonly profiles?: pulumi.Input<ReadonlyArray<pulumi.Input<"golden-image" | "hardened">>>;
  /** What has to hold, each rule by a name of its own. Default: `{}`. */
  readonly rules?: pulumi.Input<{ readonly [key: string]: pulumi.Input<GetInspectionChecksRuleOutputArgs> }>;
  /** Rules that need not hold for a while, and why. Default: `[]`. */
  readonly waivers?: pulumi.Input<ReadonlyArray<pulumi.Input<GetInspectionChecksWaiverOutputArgs>>>;
  /** File with more rules and waivers, as guestkit check takes it. Where the engine works on another host, it is read on the machine that asks; host:/PATH is the host's own. */
  readonly file?: pulumi.Input<string>;
  /** A rule that does not hold: keep tells it in failedChecks; fail makes reading the image an error. Default: `"keep"`. */
  readonly onFailure?: pulumi.Input<"fail" | "keep">;
}

export interface GetInspectionOutputArgs {
  /** The image: a path on the host, or the id of a diskImage. */
  readonly diskImage: pulumi.Input<string>;
  /** The image's own format; what is recorded of it, else what it looks like where left out. Never seen by itself: split (a raw disk in files disk.001, disk.002, ...) and luks. */
  readonly imageFormat?: pulumi.Input<"qcow2" | "raw" | "vmdk" | "vhd" | "vhdx" | "vdi" | "qed" | "parallels" | "qcow" | "luks" | "split" | "ova">;
  /** Further disks of the same machine, in its order (sdb, sdc): what lies on several disks is read as a whole. */
  readonly with?: pulumi.Input<ReadonlyArray<pulumi.Input<string>>>;
  /** Number of the image's partition to look into; the system's root, or the only file system, where left out. */
  readonly partition?: pulumi.Input<number>;
  /** The file system to look into, by any name of its device: /dev/sda1, /dev/vg0/root, btrfsvol:/dev/sda3/root. */
  readonly filesystem?: pulumi.Input<string>;
  /** An internal snapshot's id or name, instead of the present state. */
  readonly snapshot?: pulumi.Input<string>;
  /** Groups of facts to gather beside those that always are: all, or their names. */
  readonly facts?: pulumi.Input<ReadonlyArray<pulumi.Input<"access" | "boot" | "containers" | "flatpaks" | "history" | "languages" | "schedule" | "security" | "services" | "storage" | "all">>>;
  /** Rules over what is in the image. */
  readonly checks?: pulumi.Input<GetInspectionChecksOutputArgs>;
}

export interface GetInspectionChecksRulePackageResult {
  /** Name of the package; * and ? stand for other characters. */
  readonly name: string;
  /** Whether it is to be there; optional says what holds of it where it is. Default: `"present"`. */
  readonly state?: "present" | "absent" | "optional";
  /** Versions that are right, in the order of the system's own package manager: ">= 3.0.15", ">= 1:9.2, < 1:10". Of several that are installed each has to be right. */
  readonly version?: string;
}

export interface GetInspectionChecksRuleFileResult {
  /** Absolute path inside the image; links are followed. */
  readonly path: string;
  /** Whether the file is to be there. Default: `"present"`. */
  readonly state?: "present" | "absent" | "optional";
  /** What it has to be; a symlink is not followed. */
  readonly type?: "file" | "directory" | "symlink";
  /** Name or number of the user who has to own it. */
  readonly owner?: string;
  /** Name or number of its group. */
  readonly group?: string;
  /** Permission bits in octal, all of them: 0644. */
  readonly mode?: string;
  /** Permission bits in octal of which it may have none but these: 0640. */
  readonly modeAtMost?: string;
  /** Digest of the whole content: 64 hexadecimal digits. */
  readonly sha256?: string;
  /** Text that has to be in it. */
  readonly contains?: string;
  /** Text that must not be in it. */
  readonly lacks?: string;
  /** Regular expression that a line has to match; without back references and looking around. */
  readonly matches?: string;
  /** Regular expression that no line may match. */
  readonly matchesNot?: string;
}

export interface GetInspectionChecksRuleServiceResult {
  /** Name of the service: sshd, fstrim.timer. */
  readonly name: string;
  /** What it is to be at the next start; masked is disabled as well. */
  readonly state: "enabled" | "disabled" | "masked";
}

export interface GetInspectionChecksRuleUserResult {
  /** Name of the user. */
  readonly name: string;
  /** Whether the user is to be there. Default: `"present"`. */
  readonly state?: "present" | "absent" | "optional";
  /** Number that the user has to have. */
  readonly uid?: number;
  /** Shell that the user has to have: /usr/sbin/nologin. */
  readonly shell?: string;
  /** Whether a password lets nobody in as this user. */
  readonly locked?: boolean;
  /** Names of groups that the user has to be in. */
  readonly groups?: ReadonlyArray<string>;
}

export interface GetInspectionChecksRuleSshdResult {
  /** Keyword of sshd_config: PermitRootLogin. What a Match block says for some counts as well. */
  readonly setting: string;
  /** Values of which the effective one has to be one, in any case. */
  readonly allowed: ReadonlyArray<string>;
}

export interface GetInspectionChecksRuleCertificatesResult {
  /** Path of the certificate inside the image; * and ? stand for other characters. Left out: all that are found. */
  readonly path?: string;
  /** Days for which each has to be good, from today on. Default: `30`. */
  readonly days?: number;
}

export interface GetInspectionChecksRuleLeftoversResult {
  /** What must not be left of the system that the image came from. */
  readonly kinds: ReadonlyArray<"host_keys" | "private_keys" | "authorized_keys" | "tokens" | "history" | "machine_id" | "random_seed" | "logs" | "leases" | "cloud_init" | "caches" | "temporary">;
  /** Paths that may be there all the same; * and ? stand for other characters. Default: `[]`. */
  readonly allowed?: ReadonlyArray<string>;
}

export interface GetInspectionChecksRuleResult {
  /** What it asks for, in a sentence; told where it is not so. */
  readonly title?: string;
  /** How bad it is where it does not hold; info is told and stops nothing. Default: `"medium"`. */
  readonly severity?: "info" | "low" | "medium" | "high" | "critical";
  /** A package, its presence and version. */
  readonly package?: GetInspectionChecksRulePackageResult;
  /** A file: whether it is there, whose it is, what is in it. */
  readonly file?: GetInspectionChecksRuleFileResult;
  /** A service, and whether it starts by itself. */
  readonly service?: GetInspectionChecksRuleServiceResult;
  /** A user: whether there is one, and how. */
  readonly user?: GetInspectionChecksRuleUserResult;
  /** A setting of the SSH server. */
  readonly sshd?: GetInspectionChecksRuleSshdResult;
  /** Certificates in the usual places of servers, and for how long they are good. */
  readonly certificates?: GetInspectionChecksRuleCertificatesResult;
  /** What must not be left in an image that is copied: keys, tokens, history, logs. */
  readonly leftovers?: GetInspectionChecksRuleLeftoversResult;
}

export interface GetInspectionChecksWaiverResult {
  /** Name of the rule that need not hold. */
  readonly check: string;
  /** Why it need not. */
  readonly reason: string;
  /** Last day on which the waiver counts, in UTC: 2027-01-31. */
  readonly until: string;
}

export interface GetInspectionChecksResult {
  /** Sets of rules that guestkit brings along; a rule of the same name stands above theirs. Default: `[]`. */
  readonly profiles?: ReadonlyArray<"golden-image" | "hardened">;
  /** What has to hold, each rule by a name of its own. Default: `{}`. */
  readonly rules?: { readonly [key: string]: GetInspectionChecksRuleResult };
  /** Rules that need not hold for a while, and why. Default: `[]`. */
  readonly waivers?: ReadonlyArray<GetInspectionChecksWaiverResult>;
  /** File with more rules and waivers, as guestkit check takes it. Where the engine works on another host, it is read on the machine that asks; host:/PATH is the host's own. */
  readonly file?: string;
  /** A rule that does not hold: keep tells it in failedChecks; fail makes reading the image an error. Default: `"keep"`. */
  readonly onFailure?: "fail" | "keep";
}

export interface GetInspectionPackageResult {
  /** Name. */
  readonly name: string;
  /** Epoch of the version; null without one. */
  readonly epoch?: number;
  /** Upstream version. */
  readonly version: string;
  /** Distribution's revision; null for a package that has none. */
  readonly release?: string;
  /** Architecture: amd64, all. */
  readonly arch?: string;
  /** installed, or what dpkg says instead: unpacked, half-configured, half-installed, triggers-pending. */
  readonly status: string;
  /** Name of the source package. */
  readonly source?: string;
  /** Bytes installed, as the package says. */
  readonly size?: number;
  /** Who made it, as the package says. */
  readonly vendor?: string;
  /** Its licence, as the package says. */
  readonly license?: string;
  /** When it was installed (RFC 3339, UTC), where that is kept. */
  readonly installedAt?: string;
  /** Package URL: pkg:deb/debian/zlib1g@1:1.2.13.dfsg-1?arch=amd64&distro=debian-12; null where no type is specified. */
  readonly purl?: string;
}

export interface GetInspectionMountResult {
  /** Where it is mounted in the guest. */
  readonly target: string;
  /** Device as libguestfs names it: /dev/sda1. */
  readonly device: string;
  /** File system. */
  readonly type: string;
  /** Options of fstab, separated by commas; null where fstab does not name it. */
  readonly options?: string;
}

export interface GetInspectionUserResult {
  /** Login name. */
  readonly name: string;
  /** Number. */
  readonly uid: number;
  /** Number of the first group. */
  readonly gid: number;
  /** Full name and more. */
  readonly gecos?: string;
  /** Home directory. */
  readonly home: string;
  /** Login shell. */
  readonly shell: string;
  /** Names of all groups. */
  readonly groups: ReadonlyArray<string>;
}

export interface GetInspectionGroupResult {
  /** Name. */
  readonly name: string;
  /** Number. */
  readonly gid: number;
  /** Users that have it beside their first group. */
  readonly members: ReadonlyArray<string>;
}

export interface GetInspectionKernelResult {
  /** As uname -r says: 6.1.0-27-amd64. */
  readonly version: string;
  /** Path of the kernel in the guest. */
  readonly image?: string;
  /** Path of its initial RAM disk. */
  readonly initrd?: string;
  /** Path of its modules. */
  readonly modules?: string;
}

export interface GetInspectionUnitsEnabledResult {
  /** Unit. */
  readonly name: string;
  /** Units that pull it in. */
  readonly wantedBy: ReadonlyArray<string>;
}

export interface GetInspectionUnitsResult {
  /** What is started: graphical.target. */
  readonly defaultTarget?: string;
  /** Units that the administrator enabled. */
  readonly enabled: ReadonlyArray<GetInspectionUnitsEnabledResult>;
  /** Units that cannot be started. */
  readonly masked: ReadonlyArray<string>;
}

export interface GetInspectionNetworkInterfaceResult {
  /** Name, or a pattern of names. */
  readonly name: string;
  /** Addresses come by DHCP. */
  readonly dhcp: boolean;
  /** Addresses as written. */
  readonly addresses: ReadonlyArray<string>;
}

export interface GetInspectionNetworkResult {
  /** Whose configuration it is. */
  readonly kind: "ifupdown" | "netplan" | "networkd" | "networkmanager" | "ifcfg" | "wicked" | "dhcpcd" | "uci" | "netifrc" | "netctl";
  /** Files that were read. */
  readonly files: ReadonlyArray<string>;
  /** Who carries netplan's configuration out; null where it is not said. */
  readonly renderer?: string;
  /** Interfaces it speaks of. */
  readonly interfaces: ReadonlyArray<GetInspectionNetworkInterfaceResult>;
}

export interface GetInspectionBootloaderLoaderResult {
  /** Boot loader; uki is a unified kernel image, fallback what firmware starts by itself. */
  readonly name: "grub" | "systemd-boot" | "shim" | "uki" | "fallback" | "extlinux" | "lilo";
  /** Which firmware starts it. */
  readonly firmware: "bios" | "efi";
  /** Path in the EFI system partition; null for boot code in the first sector. */
  readonly path?: string;
}

export interface GetInspectionBootloaderResult {
  /** Boot loaders that are there. */
  readonly loaders: ReadonlyArray<GetInspectionBootloaderLoaderResult>;
  /** The menu's file in the guest. */
  readonly config?: string;
}

export interface GetInspectionCloudInitResult {
  /** It is there, as a package or a program. */
  readonly installed: boolean;
  /** It starts by itself. */
  readonly enabled: boolean;
  /** The package's version. */
  readonly version?: string;
}

export interface GetInspectionGuestAgentResult {
  /** It is there, as a package or a program. */
  readonly installed: boolean;
  /** It starts by itself. */
  readonly enabled: boolean;
  /** The package's version. */
  readonly version?: string;
}

export interface GetInspectionFlatpakResult {
  /** An application, or what applications run in. */
  readonly kind: "app" | "runtime";
  /** Its ID: org.gnome.Calculator. */
  readonly name: string;
  /** Architecture: x86_64. */
  readonly arch: string;
  /** Branch: stable, 23.08. */
  readonly branch: string;
  /** Its makers' own version. */
  readonly version?: string;
  /** Its licence, as it says. */
  readonly license?: string;
  /** Of an application what it runs in: org.gnome.Platform/x86_64/46. */
  readonly runtime?: string;
  /** The remote that it came from. */
  readonly origin?: string;
  /** What is installed: 64 hexadecimal digits. */
  readonly commit: string;
  /** Bytes installed, as flatpak says. */
  readonly size?: number;
  /** Whose installation it is in; null for the system's. */
  readonly user?: string;
}

export interface GetInspectionContainersEngineResult {
  /** docker, podman, cri-o, kubelet. */
  readonly name: string;
  /** Its program. */
  readonly path: string;
}

export interface GetInspectionContainersImageResult {
  /** Whose store it is in; Podman, Buildah and CRI-O share podman's. */
  readonly engine: "docker" | "containerd" | "podman";
  /** The folder of the store. */
  readonly store: string;
  /** containerd's namespace: k8s.io, moby; null elsewhere. */
  readonly namespace?: string;
  /** sha256: and digits: of its configuration, or of its manifest with containerd. */
  readonly id: string;
  /** Names with tags: docker.io/library/nginx:1.27; empty for one without. */
  readonly names: ReadonlyArray<string>;
}

export interface GetInspectionContainersContainerResult {
  /** Whose store it is in; Podman, Buildah and CRI-O share podman's. */
  readonly engine: "docker" | "containerd" | "podman";
  /** The folder of the store. */
  readonly store: string;
  /** containerd's namespace: k8s.io, moby; null elsewhere. */
  readonly namespace?: string;
  /** Its id. */
  readonly id: string;
  /** Its name; null where it has none. */
  readonly name?: string;
  /** Its image, by name or id. */
  readonly image?: string;
  /** When it is started again: always, unless-stopped; null where that is not told. */
  readonly restart?: string;
}

export interface GetInspectionContainersDeclaredResult {
  /** What kind of file it is. */
  readonly kind: "quadlet" | "compose" | "static_pod";
  /** The file. */
  readonly path: string;
  /** Images that it names. */
  readonly images: ReadonlyArray<string>;
}

export interface GetInspectionContainersResult {
  /** Programs that run containers. */
  readonly engines: ReadonlyArray<GetInspectionContainersEngineResult>;
  /** Images in the stores of engines. */
  readonly images: ReadonlyArray<GetInspectionContainersImageResult>;
  /** Containers that were made of them. */
  readonly containers: ReadonlyArray<GetInspectionContainersContainerResult>;
  /** Files that ask for containers. */
  readonly declared: ReadonlyArray<GetInspectionContainersDeclaredResult>;
}

export interface GetInspectionHistoryLogResult {
  /** The file. */
  readonly path: string;
  /** How many records it has; of those, the last 100 of a kind are told below. */
  readonly records: number;
}

export interface GetInspectionHistoryBootResult {
  /** When it was started (RFC 3339, UTC); null where that is not told. */
  readonly at?: string;
  /** The kernel that ran, where that was noted. */
  readonly kernel?: string;
  /** When it was shut down (RFC 3339, UTC); null where that is not told. */
  readonly until?: string;
  /** shutdown; crash: the next start came without one; unknown: nothing is told after it. */
  readonly ended: "shutdown" | "crash" | "unknown";
}

export interface GetInspectionHistoryLoginResult {
  /** Login name. */
  readonly user: string;
  /** Where: pts/0, tty1. */
  readonly line: string;
  /** Where from; null for one at the machine itself. */
  readonly host?: string;
  /** When it began (RFC 3339, UTC); null where that is not told. */
  readonly at?: string;
  /** When it ended, or the system with it (RFC 3339, UTC); null where that is not told. */
  readonly until?: string;
  /** How: logout, shutdown, crash; unknown where no end is told. */
  readonly ended: "logout" | "shutdown" | "crash" | "unknown";
}

export interface GetInspectionHistoryFailedLoginResult {
  /** Login name; null for a name that no user has: it may be a password typed too soon. */
  readonly user?: string;
  /** Where: ssh:notty, tty1. */
  readonly line: string;
  /** Where from. */
  readonly host?: string;
  /** When (RFC 3339, UTC); null where that is not told. */
  readonly at?: string;
}

export interface GetInspectionHistoryLastLoginResult {
  /** Login name. */
  readonly user: string;
  /** When (RFC 3339, UTC). */
  readonly at: string;
  /** Where: pts/0. */
  readonly line?: string;
  /** Where from. */
  readonly host?: string;
  /** The file that tells. */
  readonly file: string;
}

export interface GetInspectionHistoryShellHistoryResult {
  /** The file. */
  readonly path: string;
  /** Whose home it is in. */
  readonly user: string;
  /** Its lines; null for more than 4 MiB. */
  readonly lines?: number;
}

export interface GetInspectionHistoryFirstSignResult {
  /** What left it. */
  readonly kind: "installer" | "cloud_init" | "machine_id" | "package_log";
  /** The file or folder. */
  readonly path: string;
  /** When it was changed last (RFC 3339, UTC); null where that is not told. */
  readonly changedAt?: string;
}

export interface GetInspectionHistoryResult {
  /** Files that tell of logins: wtmp, btmp, wtmpdb. */
  readonly logs: ReadonlyArray<GetInspectionHistoryLogResult>;
  /** Starts of the system, newest first. */
  readonly boots: ReadonlyArray<GetInspectionHistoryBootResult>;
  /** Sessions, newest first, as last prints them. */
  readonly logins: ReadonlyArray<GetInspectionHistoryLoginResult>;
  /** Logins that were refused, newest first, as lastb prints them. */
  readonly failedLogins: ReadonlyArray<GetInspectionHistoryFailedLoginResult>;
  /** When each user was there last, by lastlog and lastlog2. */
  readonly lastLogins: ReadonlyArray<GetInspectionHistoryLastLoginResult>;
  /** Files that keep what users typed: where they are, never what is in them. */
  readonly shellHistories: ReadonlyArray<GetInspectionHistoryShellHistoryResult>;
  /** Traces of how and when the system came to be. */
  readonly firstSigns: ReadonlyArray<GetInspectionHistoryFirstSignResult>;
  /** Cloud-init's id of the machine that it set up last. */
  readonly instanceId?: string;
}

export interface GetInspectionBootEntryResult {
  /** Whose it is; bls is a file of the Boot Loader Specification, unified a kernel with all that it needs. */
  readonly kind: "grub" | "bls" | "unified" | "extlinux";
  /** By which loaders name it: debian-6.1.conf; null where it has none. */
  readonly id?: string;
  /** What the menu shows. */
  readonly title?: string;
  /** Version, where the entry says it. */
  readonly version?: string;
  /** What says it. */
  readonly file: string;
  /** As the loader names it, often from its own partition's root on; null where it starts no kernel. */
  readonly kernel?: string;
  /** Initial RAM disks, likewise. */
  readonly initrds: ReadonlyArray<string>;
  /** The kernel's command line, variables put in. */
  readonly options: string;
  /** It starts where nobody chooses. */
  readonly isDefault: boolean;
}

export interface GetInspectionBootGrubEnvironmentResult {
  /** Name. */
  readonly name: string;
  /** Value. */
  readonly value: string;
}

export interface GetInspectionBootGrubResult {
  /** The file of its menu. */
  readonly config: string;
  /** What its environment block (grubenv) holds. */
  readonly environment: ReadonlyArray<GetInspectionBootGrubEnvironmentResult>;
  /** The default entry as the menu sets it: 0, 1>2, a title or an id. */
  readonly default?: string;
}

export interface GetInspectionBootSystemdBootResult {
  /** The file. */
  readonly config: string;
  /** A pattern of the default entry's id. */
  readonly default?: string;
  /** Seconds of the menu, or menu-force, menu-hidden. */
  readonly timeout?: string;
  /** The command line may be changed in the menu. */
  readonly editor: boolean;
}

export interface GetInspectionBootInitramfContentsArchiveResult {
  /** Bytes from the file's start. */
  readonly offset: number;
  /** Null where it is not packed, as microcode is. */
  readonly packing?: "gzip" | "zstd" | "xz" | "lzma" | "bzip2" | "lz4";
  /** Names in it, folders among them. */
  readonly names: number;
  /** Bytes, unpacked. */
  readonly size: number;
}

export interface GetInspectionBootInitramfContentsResult {
  /** Its archives, as the kernel unpacks them one after another. */
  readonly archives: ReadonlyArray<GetInspectionBootInitramfContentsArchiveResult>;
  /** Versions of kernels whose modules it has. */
  readonly kernels: ReadonlyArray<string>;
  /** Modules by the names that the kernel gives them: virtio_blk. */
  readonly modules: ReadonlyArray<string>;
  /** What else is in it: lvm, cryptsetup, mdadm, microcode-intel, dracut, initramfs-tools. */
  readonly features: ReadonlyArray<string>;
  /** Files in it that may be keys of disks. */
  readonly keyFiles: ReadonlyArray<string>;
}

export interface GetInspectionBootInitramfResult {
  /** The file; a unified kernel for the one in it. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** What is in it; null where it was not read, and a warning says why. */
  readonly contents?: GetInspectionBootInitramfContentsResult;
}

export interface GetInspectionBootUnifiedSectionResult {
  /** Name: .linux, .initrd, .osrel. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
}

export interface GetInspectionBootUnifiedResult {
  /** The file. */
  readonly path: string;
  /** Of the os-release in it. */
  readonly title?: string;
  /** The kernel's: as uname -r says. */
  readonly version?: string;
  /** The command line in it; null without one. */
  readonly commandLine?: string;
  /** Architecture by libguestfs's names. */
  readonly arch?: string;
  /** It bears a signature of Secure Boot; whose is not looked at. */
  readonly signed: boolean;
  /** Its sections. */
  readonly sections: ReadonlyArray<GetInspectionBootUnifiedSectionResult>;
}

export interface GetInspectionBootResult {
  /** What the kernel is told where nobody chooses; null where no menu says it. */
  readonly commandLine?: string;
  /** What the menus offer. */
  readonly entries: ReadonlyArray<GetInspectionBootEntryResult>;
  /** GRUB; null where none of its menus offers anything. */
  readonly grub?: GetInspectionBootGrubResult;
  /** Settings of systemd-boot; null without loader.conf. */
  readonly systemdBoot?: GetInspectionBootSystemdBootResult;
  /** Initial RAM disks that entries name or that lie beside kernels. */
  readonly initramfs: ReadonlyArray<GetInspectionBootInitramfResult>;
  /** Unified kernel images of EFI/Linux. */
  readonly unified: ReadonlyArray<GetInspectionBootUnifiedResult>;
}

export interface GetInspectionAccessPasswordResult {
  /** Account. */
  readonly name: string;
  /** none: nobody is asked for one; locked: kept behind a !; never: nothing that is typed fits. */
  readonly state: "set" | "none" | "locked" | "never";
  /** yescrypt, sha512, md5: what its hash was made by. The hash is never told. */
  readonly algorithm?: string;
  /** Day of its last change: 2026-11-30. */
  readonly changed?: string;
  /** It has to be changed at the next login. */
  readonly mustChange: boolean;
  /** Days before it may be changed again. */
  readonly minDays?: number;
  /** Days after which it has to be changed. */
  readonly maxDays?: number;
  /** Days of warning before that. */
  readonly warnDays?: number;
  /** Days that it is taken for after that. */
  readonly inactiveDays?: number;
  /** Day from which nobody gets in. */
  readonly expires?: string;
}

export interface GetInspectionAccessSudoRuleResult {
  /** The file that says it. */
  readonly file: string;
  /** Who: names, %group, #uid, +netgroup, aliases; ! before what is taken out. */
  readonly users: ReadonlyArray<string>;
  /** On which hosts. */
  readonly hosts: ReadonlyArray<string>;
  /** As whom; root where both this and asGroups are empty. */
  readonly asUsers: ReadonlyArray<string>;
  /** As which groups. */
  readonly asGroups: ReadonlyArray<string>;
  /** What, with arguments. */
  readonly commands: ReadonlyArray<string>;
  /** No password is asked for. */
  readonly nopasswd: boolean;
}

export interface GetInspectionAccessSudoAliaseResult {
  /** The file that says it. */
  readonly file: string;
  /** What it stands for. */
  readonly kind: "user" | "runas" | "host" | "command";
  /** Its name: ADMINS. */
  readonly name: string;
  /** What it stands for. */
  readonly members: ReadonlyArray<string>;
}

export interface GetInspectionAccessSudoDefaultResult {
  /** The file that says it. */
  readonly file: string;
  /** As written: env_reset, :web !authenticate. */
  readonly setting: string;
}

export interface GetInspectionAccessSudoResult {
  /** Who may run what. */
  readonly rules: ReadonlyArray<GetInspectionAccessSudoRuleResult>;
  /** Names that rules use. */
  readonly aliases: ReadonlyArray<GetInspectionAccessSudoAliaseResult>;
  /** Settings. */
  readonly defaults: ReadonlyArray<GetInspectionAccessSudoDefaultResult>;
}

export interface GetInspectionAccessDoaResult {
  /** The file that says it. */
  readonly file: string;
  /** Whether it is let through. */
  readonly action: "permit" | "deny";
  /** nopass, persist, keepenv, setenv; values of variables are left out. */
  readonly options: ReadonlyArray<string>;
  /** Who: a user, or :group. */
  readonly identity: string;
  /** As whom; null for anybody. */
  readonly asUser?: string;
  /** What, with its arguments; null for any. */
  readonly command?: string;
}

export interface GetInspectionAccessAuthorizedKeyResult {
  /** Whom it lets in. */
  readonly user: string;
  /** The file that says it. */
  readonly file: string;
  /** ssh-ed25519, ssh-rsa. */
  readonly type: string;
  /** Its length; null of a type that is not known. */
  readonly bits?: number;
  /** As ssh-keygen -l tells it: SHA256:... */
  readonly fingerprint: string;
  /** Its comment. */
  readonly comment?: string;
  /** no-pty, command="...", from="..."; what environment is set to is left out. */
  readonly options: ReadonlyArray<string>;
}

export interface GetInspectionAccessHostKeyResult {
  /** The private key. */
  readonly file: string;
  /** ssh-ed25519, ssh-rsa. */
  readonly type: string;
  /** Its length; null of a type that is not known. */
  readonly bits?: number;
  /** As ssh-keygen -l tells it: SHA256:... */
  readonly fingerprint: string;
  /** Its comment. */
  readonly comment?: string;
}

export interface GetInspectionAccessSshdSettingResult {
  /** Setting, in small letters: permitrootlogin. */
  readonly keyword: string;
  /** As sshd -T prints it; a setting of several values has one entry each. */
  readonly value: string;
  /** Where it is said; null of a default. */
  readonly file?: string;
}

export interface GetInspectionAccessSshdMatcheSettingResult {
  /** Setting. */
  readonly keyword: string;
  /** As written. */
  readonly value: string;
}

export interface GetInspectionAccessSshdMatcheResult {
  /** The file that says it. */
  readonly file: string;
  /** For whom: user git, address 10.0.0.0/8. */
  readonly criteria: string;
  /** What is otherwise for them. */
  readonly settings: ReadonlyArray<GetInspectionAccessSshdMatcheSettingResult>;
}

export interface GetInspectionAccessSshdResult {
  /** What counts for everybody; defaults where all releases have the same. */
  readonly settings: ReadonlyArray<GetInspectionAccessSshdSettingResult>;
  /** Match blocks. */
  readonly matches: ReadonlyArray<GetInspectionAccessSshdMatcheResult>;
}

export interface GetInspectionAccessResult {
  /** State and ages of each account's password. */
  readonly passwords?: ReadonlyArray<GetInspectionAccessPasswordResult>;
  /** What sudoers says; null where there is none. */
  readonly sudo?: GetInspectionAccessSudoResult;
  /** What doas.conf says. */
  readonly doas: ReadonlyArray<GetInspectionAccessDoaResult>;
  /** Keys that let somebody in by SSH. The keys themselves are not told. */
  readonly authorizedKeys: ReadonlyArray<GetInspectionAccessAuthorizedKeyResult>;
  /** Host keys. */
  readonly hostKeys: ReadonlyArray<GetInspectionAccessHostKeyResult>;
  /** Settings of the SSH server; null where it has no configuration. */
  readonly sshd?: GetInspectionAccessSshdResult;
}

export interface GetInspectionLanguageResult {
  /** Its kind, as package URLs name it: cargo, gem, golang, maven, npm or pypi. */
  readonly ecosystem: "cargo" | "gem" | "golang" | "maven" | "npm" | "pypi";
  /** Name, as its ecosystem spells it: @scope/name, group:artifact, github.com/a/b. */
  readonly name: string;
  /** Version; null where none is told. */
  readonly version?: string;
  /** What tells of it: metadata, or the program that it is part of. */
  readonly path: string;
  /** Package URL: pkg:npm/%40scope/name@1.0.0; null where none would find it. */
  readonly purl?: string;
}

export interface GetInspectionScheduleCronResult {
  /** The crontab, or the script of /etc/cron.daily and its like. */
  readonly file: string;
  /** When: 17 * * * *, @reboot, @daily. */
  readonly schedule: string;
  /** Whom it runs as; null where that is not said. */
  readonly user?: string;
  /** What is run, without the passwords and tokens that show in it. */
  readonly command: string;
}

export interface GetInspectionScheduleTimerResult {
  /** The timer: apt-daily.timer. */
  readonly name: string;
  /** What it starts. */
  readonly unit: string;
  /** When: OnCalendar=daily, OnBootSec=15min. */
  readonly triggers: ReadonlyArray<string>;
  /** It starts with the system. */
  readonly enabled: boolean;
}

export interface GetInspectionScheduleResult {
  /** Jobs of cron. */
  readonly cron: ReadonlyArray<GetInspectionScheduleCronResult>;
  /** Timers of systemd. */
  readonly timers: ReadonlyArray<GetInspectionScheduleTimerResult>;
}

export interface GetInspectionSecuritySelinuxResult {
  /** enforcing, permissive or disabled, by /etc/selinux/config. */
  readonly mode: string;
  /** Kind of policy: targeted, default, mls. */
  readonly type?: string;
  /** The compiled policy of that kind, the newest; null where none is installed. */
  readonly policy?: string;
  /** The next boot labels every file anew (/.autorelabel). */
  readonly relabel: boolean;
}

export interface GetInspectionSecurityApparmorResult {
  /** Its name: /usr/sbin/cupsd; one within another stands behind that and //. */
  readonly name: string;
  /** The file of /etc/apparmor.d that says it. */
  readonly file: string;
  /** What becomes of what it does not allow; disabled where a link says so. */
  readonly mode: "enforce" | "complain" | "kill" | "unconfined" | "prompt" | "default_allow" | "disabled";
}

export interface GetInspectionSecurityFirewallFileResult {
  /** The file. */
  readonly path: string;
  /** Whose rules. */
  readonly kind: "nftables" | "iptables" | "ip6tables";
  /** A unit that loads it starts with the system; null where that is not known. */
  readonly enabled?: boolean;
  /** Rules in all chains. */
  readonly rules: number;
  /** What becomes of what no rule of input names: accept, drop; null where none looks at what comes in. */
  readonly input?: string;
}

export interface GetInspectionSecurityFirewallFirewalldZoneResult {
  /** Its name. */
  readonly name: string;
  /** The file that says it. */
  readonly file: string;
  /** What becomes of what it does not name: default, ACCEPT, DROP, %%REJECT%%. */
  readonly target: string;
  /** Interfaces in it. */
  readonly interfaces: ReadonlyArray<string>;
  /** Addresses in it. */
  readonly sources: ReadonlyArray<string>;
  /** Services that it lets in. */
  readonly services: ReadonlyArray<string>;
  /** Ports that it lets in: 8080/tcp. */
  readonly ports: ReadonlyArray<string>;
}

export interface GetInspectionSecurityFirewallFirewalldResult {
  /** Its unit starts with the system; null where that is not known. */
  readonly enabled?: boolean;
  /** The zone of interfaces that no other names. */
  readonly defaultZone: string;
  /** Zones that the administrator has written, and the default one. */
  readonly zones: ReadonlyArray<GetInspectionSecurityFirewallFirewalldZoneResult>;
}

export interface GetInspectionSecurityFirewallUfwResult {
  /** By its own setting, without which its unit does nothing. */
  readonly enabled: boolean;
  /** What becomes of what no rule names: drop, reject, accept. */
  readonly input?: string;
}

export interface GetInspectionSecurityFirewallResult {
  /** Files of rules of nftables and iptables. */
  readonly files: ReadonlyArray<GetInspectionSecurityFirewallFileResult>;
  /** Settings of firewalld; null where there are none. */
  readonly firewalld?: GetInspectionSecurityFirewallFirewalldResult;
  /** Settings of ufw; null where there are none. */
  readonly ufw?: GetInspectionSecurityFirewallUfwResult;
}

export interface GetInspectionSecurityCertificateResult {
  /** The file; a chain's certificates have the same one. */
  readonly path: string;
  /** Whose it is, as RFC 4514 writes a name: CN=web,O=Example,C=DE. */
  readonly subject: string;
  /** Who signed it. */
  readonly issuer: string;
  /** Its number in hexadecimal digits. */
  readonly serial: string;
  /** From when on it is good (RFC 3339, UTC). */
  readonly notBefore: string;
  /** Until when it is good (RFC 3339, UTC). */
  readonly notAfter: string;
  /** DNS names and addresses that it is good for. */
  readonly hosts: ReadonlyArray<string>;
  /** It may sign others. */
  readonly isCa: boolean;
  /** It names itself as its issuer, and no other key. */
  readonly selfSigned: boolean;
  /** rsa, ec, ed25519, dsa; an object identifier of what is none of those. */
  readonly keyType: string;
  /** Bits of the modulus or the curve; null where that is not known. */
  readonly keyBits?: number;
  /** SHA-256 of the whole, in hexadecimal digits. */
  readonly sha256: string;
}

export interface GetInspectionSecurityBundleResult {
  /** The file. */
  readonly path: string;
  /** How many are in it. */
  readonly certificates: number;
}

export interface GetInspectionSecurityPrivateKeyResult {
  /** The file. */
  readonly path: string;
  /** How it is written. */
  readonly kind: "rsa" | "dsa" | "ec" | "pkcs8" | "openssh" | "pgp" | "gnupg" | "putty" | "pkcs12" | "wireguard";
  /** A passphrase keeps it; null where that does not show. */
  readonly encrypted?: boolean;
  /** Its permissions in octal digits: 0600. */
  readonly mode: string;
  /** Number of its owner. */
  readonly uid: number;
}

export interface GetInspectionSecurityCredentialResult {
  /** The file. */
  readonly path: string;
  /** Whose it is: aws, docker, kubeconfig, netrc. */
  readonly kind: string;
  /** There are credentials in it. */
  readonly filled: boolean;
  /** Its permissions in octal digits: 0600. */
  readonly mode: string;
  /** Number of its owner. */
  readonly uid: number;
}

export interface GetInspectionSecurityResult {
  /** SELinux; null where nothing is set. */
  readonly selinux?: GetInspectionSecuritySelinuxResult;
  /** Profiles of AppArmor; null without /etc/apparmor.d. */
  readonly apparmor?: ReadonlyArray<GetInspectionSecurityApparmorResult>;
  /** What keeps packets out. */
  readonly firewall: GetInspectionSecurityFirewallResult;
  /** Certificates in the usual places, without a distribution's own roots. */
  readonly certificates: ReadonlyArray<GetInspectionSecurityCertificateResult>;
  /** Files of more than 16 certificates, which are not told one by one: trust stores. */
  readonly bundles: ReadonlyArray<GetInspectionSecurityBundleResult>;
  /** Private keys in the usual places; nothing of what is in them. */
  readonly privateKeys: ReadonlyArray<GetInspectionSecurityPrivateKeyResult>;
  /** Files in which programs keep credentials; never what they are. */
  readonly credentials: ReadonlyArray<GetInspectionSecurityCredentialResult>;
}

export interface GetInspectionStorageFstabResult {
  /** As it is written: UUID=..., /dev/sda1, tmpfs, server:/export; (secret) for a password in it. */
  readonly device: string;
  /** Where it goes; none for swap. */
  readonly target: string;
  /** File system, or swap. */
  readonly type: string;
  /** Options; (secret) for passwords in them. */
  readonly options: ReadonlyArray<string>;
  /** What it names is in this image, and was mounted for this report. */
  readonly mounted: boolean;
}

export interface GetInspectionStorageCrypttabResult {
  /** Its name below /dev/mapper. */
  readonly name: string;
  /** What is opened: UUID=..., /dev/sda3. */
  readonly device: string;
  /** Path of its key, never the key; null where a passphrase is asked for, or a program gives it. */
  readonly keyFile?: string;
  /** The key lies in the image. */
  readonly keyInImage: boolean;
  /** Options. */
  readonly options: ReadonlyArray<string>;
}

export interface GetInspectionStorageSwapResult {
  /** As its file names it: UUID=..., /swapfile, /dev/zram0. */
  readonly device: string;
  /** partition, file or zram (compressed memory). */
  readonly kind: "partition" | "file" | "zram";
  /** What names it: /etc/fstab, a unit; null for swap space that nothing names. */
  readonly configuredIn?: string;
  /** The device of this image that it is; null for none. */
  readonly found?: string;
  /** Bytes, as the swap space says; null where it is not in the image. */
  readonly size?: number;
  /** How its size is reckoned when the system starts: min(ram / 2, 4096); null otherwise. */
  readonly sizeRule?: string;
  /** Its priority; null where none is said. */
  readonly priority?: number;
}

export interface GetInspectionStorageArrayResult {
  /** What the array is to be called: /dev/md0. */
  readonly device: string;
  /** Its id: 32 hexadecimal digits. */
  readonly uuid: string;
}

export interface GetInspectionStorageResult {
  /** Lines of fstab, whatever is here of what they name. */
  readonly fstab: ReadonlyArray<GetInspectionStorageFstabResult>;
  /** Lines of crypttab: what is opened when the system starts. */
  readonly crypttab: ReadonlyArray<GetInspectionStorageCrypttabResult>;
  /** Swap by fstab and units, in compressed memory, and on devices that nothing names. */
  readonly swap: ReadonlyArray<GetInspectionStorageSwapResult>;
  /** Arrays that mdadm.conf names. */
  readonly arrays: ReadonlyArray<GetInspectionStorageArrayResult>;
}

export interface GetInspectionServiceResult {
  /** Unit or script: ssh.service, getty@tty1.service, sshd. */
  readonly name: string;
  /** Whose it is. */
  readonly kind: "systemd" | "sysv" | "openrc" | "runit";
  /** As systemctl is-enabled says it; scripts are enabled or disabled. */
  readonly state: "enabled" | "enabled-runtime" | "linked" | "linked-runtime" | "alias" | "masked" | "masked-runtime" | "static" | "indirect" | "disabled" | "generated" | "transient" | "bad";
  /** What presets say; null where there is nothing to enable. */
  readonly preset?: "enabled" | "disabled";
  /** What pulls it in: multi-user.target, a runlevel. */
  readonly wantedBy: ReadonlyArray<string>;
  /** Its file, before links are followed. */
  readonly file: string;
}

export interface GetInspectionFilesystemResult {
  /** Device as libguestfs names it: /dev/sda1; /dev/sda without a partition table. */
  readonly device: string;
  /** ext4, vfat, swap, crypto_LUKS; null where it is not recognised. */
  readonly type?: string;
  /** UUID, or a FAT serial: 1234-ABCD. */
  readonly uuid?: string;
  /** Label. */
  readonly label?: string;
  /** Bytes. */
  readonly size: number;
  /** Bytes free for files; null where unknown. */
  readonly free?: number;
  /** Number of its partition; null without a partition table. */
  readonly partition?: number;
  /** PARTUUID. */
  readonly partitionUuid?: string;
  /** GPT partition name. */
  readonly partitionName?: string;
  /** Why it cannot be read: code and text. */
  readonly error?: string;
}

export interface GetInspectionOperatingSystemPackageResult {
  /** Name. */
  readonly name: string;
  /** Epoch of the version; null without one. */
  readonly epoch?: number;
  /** Upstream version. */
  readonly version: string;
  /** Distribution's revision; null for a package that has none. */
  readonly release?: string;
  /** Architecture: amd64, all. */
  readonly arch?: string;
  /** installed, or what dpkg says instead: unpacked, half-configured, half-installed, triggers-pending. */
  readonly status: string;
  /** Name of the source package. */
  readonly source?: string;
  /** Bytes installed, as the package says. */
  readonly size?: number;
  /** Who made it, as the package says. */
  readonly vendor?: string;
  /** Its licence, as the package says. */
  readonly license?: string;
  /** When it was installed (RFC 3339, UTC), where that is kept. */
  readonly installedAt?: string;
  /** Package URL: pkg:deb/debian/zlib1g@1:1.2.13.dfsg-1?arch=amd64&distro=debian-12; null where no type is specified. */
  readonly purl?: string;
}

export interface GetInspectionOperatingSystemMountResult {
  /** Where it is mounted in the guest. */
  readonly target: string;
  /** Device as libguestfs names it: /dev/sda1. */
  readonly device: string;
  /** File system. */
  readonly type: string;
  /** Options of fstab, separated by commas; null where fstab does not name it. */
  readonly options?: string;
}

export interface GetInspectionOperatingSystemUserResult {
  /** Login name. */
  readonly name: string;
  /** Number. */
  readonly uid: number;
  /** Number of the first group. */
  readonly gid: number;
  /** Full name and more. */
  readonly gecos?: string;
  /** Home directory. */
  readonly home: string;
  /** Login shell. */
  readonly shell: string;
  /** Names of all groups. */
  readonly groups: ReadonlyArray<string>;
}

export interface GetInspectionOperatingSystemGroupResult {
  /** Name. */
  readonly name: string;
  /** Number. */
  readonly gid: number;
  /** Users that have it beside their first group. */
  readonly members: ReadonlyArray<string>;
}

export interface GetInspectionOperatingSystemKernelResult {
  /** As uname -r says: 6.1.0-27-amd64. */
  readonly version: string;
  /** Path of the kernel in the guest. */
  readonly image?: string;
  /** Path of its initial RAM disk. */
  readonly initrd?: string;
  /** Path of its modules. */
  readonly modules?: string;
}

export interface GetInspectionOperatingSystemUnitsEnabledResult {
  /** Unit. */
  readonly name: string;
  /** Units that pull it in. */
  readonly wantedBy: ReadonlyArray<string>;
}

export interface GetInspectionOperatingSystemUnitsResult {
  /** What is started: graphical.target. */
  readonly defaultTarget?: string;
  /** Units that the administrator enabled. */
  readonly enabled: ReadonlyArray<GetInspectionOperatingSystemUnitsEnabledResult>;
  /** Units that cannot be started. */
  readonly masked: ReadonlyArray<string>;
}

export interface GetInspectionOperatingSystemNetworkInterfaceResult {
  /** Name, or a pattern of names. */
  readonly name: string;
  /** Addresses come by DHCP. */
  readonly dhcp: boolean;
  /** Addresses as written. */
  readonly addresses: ReadonlyArray<string>;
}

export interface GetInspectionOperatingSystemNetworkResult {
  /** Whose configuration it is. */
  readonly kind: "ifupdown" | "netplan" | "networkd" | "networkmanager" | "ifcfg" | "wicked" | "dhcpcd" | "uci" | "netifrc" | "netctl";
  /** Files that were read. */
  readonly files: ReadonlyArray<string>;
  /** Who carries netplan's configuration out; null where it is not said. */
  readonly renderer?: string;
  /** Interfaces it speaks of. */
  readonly interfaces: ReadonlyArray<GetInspectionOperatingSystemNetworkInterfaceResult>;
}

export interface GetInspectionOperatingSystemBootloaderLoaderResult {
  /** Boot loader; uki is a unified kernel image, fallback what firmware starts by itself. */
  readonly name: "grub" | "systemd-boot" | "shim" | "uki" | "fallback" | "extlinux" | "lilo";
  /** Which firmware starts it. */
  readonly firmware: "bios" | "efi";
  /** Path in the EFI system partition; null for boot code in the first sector. */
  readonly path?: string;
}

export interface GetInspectionOperatingSystemBootloaderResult {
  /** Boot loaders that are there. */
  readonly loaders: ReadonlyArray<GetInspectionOperatingSystemBootloaderLoaderResult>;
  /** The menu's file in the guest. */
  readonly config?: string;
}

export interface GetInspectionOperatingSystemCloudInitResult {
  /** It is there, as a package or a program. */
  readonly installed: boolean;
  /** It starts by itself. */
  readonly enabled: boolean;
  /** The package's version. */
  readonly version?: string;
}

export interface GetInspectionOperatingSystemGuestAgentResult {
  /** It is there, as a package or a program. */
  readonly installed: boolean;
  /** It starts by itself. */
  readonly enabled: boolean;
  /** The package's version. */
  readonly version?: string;
}

export interface GetInspectionOperatingSystemFlatpakResult {
  /** An application, or what applications run in. */
  readonly kind: "app" | "runtime";
  /** Its ID: org.gnome.Calculator. */
  readonly name: string;
  /** Architecture: x86_64. */
  readonly arch: string;
  /** Branch: stable, 23.08. */
  readonly branch: string;
  /** Its makers' own version. */
  readonly version?: string;
  /** Its licence, as it says. */
  readonly license?: string;
  /** Of an application what it runs in: org.gnome.Platform/x86_64/46. */
  readonly runtime?: string;
  /** The remote that it came from. */
  readonly origin?: string;
  /** What is installed: 64 hexadecimal digits. */
  readonly commit: string;
  /** Bytes installed, as flatpak says. */
  readonly size?: number;
  /** Whose installation it is in; null for the system's. */
  readonly user?: string;
}

export interface GetInspectionOperatingSystemContainersEngineResult {
  /** docker, podman, cri-o, kubelet. */
  readonly name: string;
  /** Its program. */
  readonly path: string;
}

export interface GetInspectionOperatingSystemContainersImageResult {
  /** Whose store it is in; Podman, Buildah and CRI-O share podman's. */
  readonly engine: "docker" | "containerd" | "podman";
  /** The folder of the store. */
  readonly store: string;
  /** containerd's namespace: k8s.io, moby; null elsewhere. */
  readonly namespace?: string;
  /** sha256: and digits: of its configuration, or of its manifest with containerd. */
  readonly id: string;
  /** Names with tags: docker.io/library/nginx:1.27; empty for one without. */
  readonly names: ReadonlyArray<string>;
}

export interface GetInspectionOperatingSystemContainersContainerResult {
  /** Whose store it is in; Podman, Buildah and CRI-O share podman's. */
  readonly engine: "docker" | "containerd" | "podman";
  /** The folder of the store. */
  readonly store: string;
  /** containerd's namespace: k8s.io, moby; null elsewhere. */
  readonly namespace?: string;
  /** Its id. */
  readonly id: string;
  /** Its name; null where it has none. */
  readonly name?: string;
  /** Its image, by name or id. */
  readonly image?: string;
  /** When it is started again: always, unless-stopped; null where that is not told. */
  readonly restart?: string;
}

export interface GetInspectionOperatingSystemContainersDeclaredResult {
  /** What kind of file it is. */
  readonly kind: "quadlet" | "compose" | "static_pod";
  /** The file. */
  readonly path: string;
  /** Images that it names. */
  readonly images: ReadonlyArray<string>;
}

export interface GetInspectionOperatingSystemContainersResult {
  /** Programs that run containers. */
  readonly engines: ReadonlyArray<GetInspectionOperatingSystemContainersEngineResult>;
  /** Images in the stores of engines. */
  readonly images: ReadonlyArray<GetInspectionOperatingSystemContainersImageResult>;
  /** Containers that were made of them. */
  readonly containers: ReadonlyArray<GetInspectionOperatingSystemContainersContainerResult>;
  /** Files that ask for containers. */
  readonly declared: ReadonlyArray<GetInspectionOperatingSystemContainersDeclaredResult>;
}

export interface GetInspectionOperatingSystemHistoryLogResult {
  /** The file. */
  readonly path: string;
  /** How many records it has; of those, the last 100 of a kind are told below. */
  readonly records: number;
}

export interface GetInspectionOperatingSystemHistoryBootResult {
  /** When it was started (RFC 3339, UTC); null where that is not told. */
  readonly at?: string;
  /** The kernel that ran, where that was noted. */
  readonly kernel?: string;
  /** When it was shut down (RFC 3339, UTC); null where that is not told. */
  readonly until?: string;
  /** shutdown; crash: the next start came without one; unknown: nothing is told after it. */
  readonly ended: "shutdown" | "crash" | "unknown";
}

export interface GetInspectionOperatingSystemHistoryLoginResult {
  /** Login name. */
  readonly user: string;
  /** Where: pts/0, tty1. */
  readonly line: string;
  /** Where from; null for one at the machine itself. */
  readonly host?: string;
  /** When it began (RFC 3339, UTC); null where that is not told. */
  readonly at?: string;
  /** When it ended, or the system with it (RFC 3339, UTC); null where that is not told. */
  readonly until?: string;
  /** How: logout, shutdown, crash; unknown where no end is told. */
  readonly ended: "logout" | "shutdown" | "crash" | "unknown";
}

export interface GetInspectionOperatingSystemHistoryFailedLoginResult {
  /** Login name; null for a name that no user has: it may be a password typed too soon. */
  readonly user?: string;
  /** Where: ssh:notty, tty1. */
  readonly line: string;
  /** Where from. */
  readonly host?: string;
  /** When (RFC 3339, UTC); null where that is not told. */
  readonly at?: string;
}

export interface GetInspectionOperatingSystemHistoryLastLoginResult {
  /** Login name. */
  readonly user: string;
  /** When (RFC 3339, UTC). */
  readonly at: string;
  /** Where: pts/0. */
  readonly line?: string;
  /** Where from. */
  readonly host?: string;
  /** The file that tells. */
  readonly file: string;
}

export interface GetInspectionOperatingSystemHistoryShellHistoryResult {
  /** The file. */
  readonly path: string;
  /** Whose home it is in. */
  readonly user: string;
  /** Its lines; null for more than 4 MiB. */
  readonly lines?: number;
}

export interface GetInspectionOperatingSystemHistoryFirstSignResult {
  /** What left it. */
  readonly kind: "installer" | "cloud_init" | "machine_id" | "package_log";
  /** The file or folder. */
  readonly path: string;
  /** When it was changed last (RFC 3339, UTC); null where that is not told. */
  readonly changedAt?: string;
}

export interface GetInspectionOperatingSystemHistoryResult {
  /** Files that tell of logins: wtmp, btmp, wtmpdb. */
  readonly logs: ReadonlyArray<GetInspectionOperatingSystemHistoryLogResult>;
  /** Starts of the system, newest first. */
  readonly boots: ReadonlyArray<GetInspectionOperatingSystemHistoryBootResult>;
  /** Sessions, newest first, as last prints them. */
  readonly logins: ReadonlyArray<GetInspectionOperatingSystemHistoryLoginResult>;
  /** Logins that were refused, newest first, as lastb prints them. */
  readonly failedLogins: ReadonlyArray<GetInspectionOperatingSystemHistoryFailedLoginResult>;
  /** When each user was there last, by lastlog and lastlog2. */
  readonly lastLogins: ReadonlyArray<GetInspectionOperatingSystemHistoryLastLoginResult>;
  /** Files that keep what users typed: where they are, never what is in them. */
  readonly shellHistories: ReadonlyArray<GetInspectionOperatingSystemHistoryShellHistoryResult>;
  /** Traces of how and when the system came to be. */
  readonly firstSigns: ReadonlyArray<GetInspectionOperatingSystemHistoryFirstSignResult>;
  /** Cloud-init's id of the machine that it set up last. */
  readonly instanceId?: string;
}

export interface GetInspectionOperatingSystemBootEntryResult {
  /** Whose it is; bls is a file of the Boot Loader Specification, unified a kernel with all that it needs. */
  readonly kind: "grub" | "bls" | "unified" | "extlinux";
  /** By which loaders name it: debian-6.1.conf; null where it has none. */
  readonly id?: string;
  /** What the menu shows. */
  readonly title?: string;
  /** Version, where the entry says it. */
  readonly version?: string;
  /** What says it. */
  readonly file: string;
  /** As the loader names it, often from its own partition's root on; null where it starts no kernel. */
  readonly kernel?: string;
  /** Initial RAM disks, likewise. */
  readonly initrds: ReadonlyArray<string>;
  /** The kernel's command line, variables put in. */
  readonly options: string;
  /** It starts where nobody chooses. */
  readonly isDefault: boolean;
}

export interface GetInspectionOperatingSystemBootGrubEnvironmentResult {
  /** Name. */
  readonly name: string;
  /** Value. */
  readonly value: string;
}

export interface GetInspectionOperatingSystemBootGrubResult {
  /** The file of its menu. */
  readonly config: string;
  /** What its environment block (grubenv) holds. */
  readonly environment: ReadonlyArray<GetInspectionOperatingSystemBootGrubEnvironmentResult>;
  /** The default entry as the menu sets it: 0, 1>2, a title or an id. */
  readonly default?: string;
}

export interface GetInspectionOperatingSystemBootSystemdBootResult {
  /** The file. */
  readonly config: string;
  /** A pattern of the default entry's id. */
  readonly default?: string;
  /** Seconds of the menu, or menu-force, menu-hidden. */
  readonly timeout?: string;
  /** The command line may be changed in the menu. */
  readonly editor: boolean;
}

export interface GetInspectionOperatingSystemBootInitramfContentsArchiveResult {
  /** Bytes from the file's start. */
  readonly offset: number;
  /** Null where it is not packed, as microcode is. */
  readonly packing?: "gzip" | "zstd" | "xz" | "lzma" | "bzip2" | "lz4";
  /** Names in it, folders among them. */
  readonly names: number;
  /** Bytes, unpacked. */
  readonly size: number;
}

export interface GetInspectionOperatingSystemBootInitramfContentsResult {
  /** Its archives, as the kernel unpacks them one after another. */
  readonly archives: ReadonlyArray<GetInspectionOperatingSystemBootInitramfContentsArchiveResult>;
  /** Versions of kernels whose modules it has. */
  readonly kernels: ReadonlyArray<string>;
  /** Modules by the names that the kernel gives them: virtio_blk. */
  readonly modules: ReadonlyArray<string>;
  /** What else is in it: lvm, cryptsetup, mdadm, microcode-intel, dracut, initramfs-tools. */
  readonly features: ReadonlyArray<string>;
  /** Files in it that may be keys of disks. */
  readonly keyFiles: ReadonlyArray<string>;
}

export interface GetInspectionOperatingSystemBootInitramfResult {
  /** The file; a unified kernel for the one in it. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** What is in it; null where it was not read, and a warning says why. */
  readonly contents?: GetInspectionOperatingSystemBootInitramfContentsResult;
}

export interface GetInspectionOperatingSystemBootUnifiedSectionResult {
  /** Name: .linux, .initrd, .osrel. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
}

export interface GetInspectionOperatingSystemBootUnifiedResult {
  /** The file. */
  readonly path: string;
  /** Of the os-release in it. */
  readonly title?: string;
  /** The kernel's: as uname -r says. */
  readonly version?: string;
  /** The command line in it; null without one. */
  readonly commandLine?: string;
  /** Architecture by libguestfs's names. */
  readonly arch?: string;
  /** It bears a signature of Secure Boot; whose is not looked at. */
  readonly signed: boolean;
  /** Its sections. */
  readonly sections: ReadonlyArray<GetInspectionOperatingSystemBootUnifiedSectionResult>;
}

export interface GetInspectionOperatingSystemBootResult {
  /** What the kernel is told where nobody chooses; null where no menu says it. */
  readonly commandLine?: string;
  /** What the menus offer. */
  readonly entries: ReadonlyArray<GetInspectionOperatingSystemBootEntryResult>;
  /** GRUB; null where none of its menus offers anything. */
  readonly grub?: GetInspectionOperatingSystemBootGrubResult;
  /** Settings of systemd-boot; null without loader.conf. */
  readonly systemdBoot?: GetInspectionOperatingSystemBootSystemdBootResult;
  /** Initial RAM disks that entries name or that lie beside kernels. */
  readonly initramfs: ReadonlyArray<GetInspectionOperatingSystemBootInitramfResult>;
  /** Unified kernel images of EFI/Linux. */
  readonly unified: ReadonlyArray<GetInspectionOperatingSystemBootUnifiedResult>;
}

export interface GetInspectionOperatingSystemAccessPasswordResult {
  /** Account. */
  readonly name: string;
  /** none: nobody is asked for one; locked: kept behind a !; never: nothing that is typed fits. */
  readonly state: "set" | "none" | "locked" | "never";
  /** yescrypt, sha512, md5: what its hash was made by. The hash is never told. */
  readonly algorithm?: string;
  /** Day of its last change: 2026-11-30. */
  readonly changed?: string;
  /** It has to be changed at the next login. */
  readonly mustChange: boolean;
  /** Days before it may be changed again. */
  readonly minDays?: number;
  /** Days after which it has to be changed. */
  readonly maxDays?: number;
  /** Days of warning before that. */
  readonly warnDays?: number;
  /** Days that it is taken for after that. */
  readonly inactiveDays?: number;
  /** Day from which nobody gets in. */
  readonly expires?: string;
}

export interface GetInspectionOperatingSystemAccessSudoRuleResult {
  /** The file that says it. */
  readonly file: string;
  /** Who: names, %group, #uid, +netgroup, aliases; ! before what is taken out. */
  readonly users: ReadonlyArray<string>;
  /** On which hosts. */
  readonly hosts: ReadonlyArray<string>;
  /** As whom; root where both this and asGroups are empty. */
  readonly asUsers: ReadonlyArray<string>;
  /** As which groups. */
  readonly asGroups: ReadonlyArray<string>;
  /** What, with arguments. */
  readonly commands: ReadonlyArray<string>;
  /** No password is asked for. */
  readonly nopasswd: boolean;
}

export interface GetInspectionOperatingSystemAccessSudoAliaseResult {
  /** The file that says it. */
  readonly file: string;
  /** What it stands for. */
  readonly kind: "user" | "runas" | "host" | "command";
  /** Its name: ADMINS. */
  readonly name: string;
  /** What it stands for. */
  readonly members: ReadonlyArray<string>;
}

export interface GetInspectionOperatingSystemAccessSudoDefaultResult {
  /** The file that says it. */
  readonly file: string;
  /** As written: env_reset, :web !authenticate. */
  readonly setting: string;
}

export interface GetInspectionOperatingSystemAccessSudoResult {
  /** Who may run what. */
  readonly rules: ReadonlyArray<GetInspectionOperatingSystemAccessSudoRuleResult>;
  /** Names that rules use. */
  readonly aliases: ReadonlyArray<GetInspectionOperatingSystemAccessSudoAliaseResult>;
  /** Settings. */
  readonly defaults: ReadonlyArray<GetInspectionOperatingSystemAccessSudoDefaultResult>;
}

export interface GetInspectionOperatingSystemAccessDoaResult {
  /** The file that says it. */
  readonly file: string;
  /** Whether it is let through. */
  readonly action: "permit" | "deny";
  /** nopass, persist, keepenv, setenv; values of variables are left out. */
  readonly options: ReadonlyArray<string>;
  /** Who: a user, or :group. */
  readonly identity: string;
  /** As whom; null for anybody. */
  readonly asUser?: string;
  /** What, with its arguments; null for any. */
  readonly command?: string;
}

export interface GetInspectionOperatingSystemAccessAuthorizedKeyResult {
  /** Whom it lets in. */
  readonly user: string;
  /** The file that says it. */
  readonly file: string;
  /** ssh-ed25519, ssh-rsa. */
  readonly type: string;
  /** Its length; null of a type that is not known. */
  readonly bits?: number;
  /** As ssh-keygen -l tells it: SHA256:... */
  readonly fingerprint: string;
  /** Its comment. */
  readonly comment?: string;
  /** no-pty, command="...", from="..."; what environment is set to is left out. */
  readonly options: ReadonlyArray<string>;
}

export interface GetInspectionOperatingSystemAccessHostKeyResult {
  /** The private key. */
  readonly file: string;
  /** ssh-ed25519, ssh-rsa. */
  readonly type: string;
  /** Its length; null of a type that is not known. */
  readonly bits?: number;
  /** As ssh-keygen -l tells it: SHA256:... */
  readonly fingerprint: string;
  /** Its comment. */
  readonly comment?: string;
}

export interface GetInspectionOperatingSystemAccessSshdSettingResult {
  /** Setting, in small letters: permitrootlogin. */
  readonly keyword: string;
  /** As sshd -T prints it; a setting of several values has one entry each. */
  readonly value: string;
  /** Where it is said; null of a default. */
  readonly file?: string;
}

export interface GetInspectionOperatingSystemAccessSshdMatcheSettingResult {
  /** Setting. */
  readonly keyword: string;
  /** As written. */
  readonly value: string;
}

export interface GetInspectionOperatingSystemAccessSshdMatcheResult {
  /** The file that says it. */
  readonly file: string;
  /** For whom: user git, address 10.0.0.0/8. */
  readonly criteria: string;
  /** What is otherwise for them. */
  readonly settings: ReadonlyArray<GetInspectionOperatingSystemAccessSshdMatcheSettingResult>;
}

export interface GetInspectionOperatingSystemAccessSshdResult {
  /** What counts for everybody; defaults where all releases have the same. */
  readonly settings: ReadonlyArray<GetInspectionOperatingSystemAccessSshdSettingResult>;
  /** Match blocks. */
  readonly matches: ReadonlyArray<GetInspectionOperatingSystemAccessSshdMatcheResult>;
}

export interface GetInspectionOperatingSystemAccessResult {
  /** State and ages of each account's password. */
  readonly passwords?: ReadonlyArray<GetInspectionOperatingSystemAccessPasswordResult>;
  /** What sudoers says; null where there is none. */
  readonly sudo?: GetInspectionOperatingSystemAccessSudoResult;
  /** What doas.conf says. */
  readonly doas: ReadonlyArray<GetInspectionOperatingSystemAccessDoaResult>;
  /** Keys that let somebody in by SSH. The keys themselves are not told. */
  readonly authorizedKeys: ReadonlyArray<GetInspectionOperatingSystemAccessAuthorizedKeyResult>;
  /** Host keys. */
  readonly hostKeys: ReadonlyArray<GetInspectionOperatingSystemAccessHostKeyResult>;
  /** Settings of the SSH server; null where it has no configuration. */
  readonly sshd?: GetInspectionOperatingSystemAccessSshdResult;
}

export interface GetInspectionOperatingSystemLanguageResult {
  /** Its kind, as package URLs name it: cargo, gem, golang, maven, npm or pypi. */
  readonly ecosystem: "cargo" | "gem" | "golang" | "maven" | "npm" | "pypi";
  /** Name, as its ecosystem spells it: @scope/name, group:artifact, github.com/a/b. */
  readonly name: string;
  /** Version; null where none is told. */
  readonly version?: string;
  /** What tells of it: metadata, or the program that it is part of. */
  readonly path: string;
  /** Package URL: pkg:npm/%40scope/name@1.0.0; null where none would find it. */
  readonly purl?: string;
}

export interface GetInspectionOperatingSystemScheduleCronResult {
  /** The crontab, or the script of /etc/cron.daily and its like. */
  readonly file: string;
  /** When: 17 * * * *, @reboot, @daily. */
  readonly schedule: string;
  /** Whom it runs as; null where that is not said. */
  readonly user?: string;
  /** What is run, without the passwords and tokens that show in it. */
  readonly command: string;
}

export interface GetInspectionOperatingSystemScheduleTimerResult {
  /** The timer: apt-daily.timer. */
  readonly name: string;
  /** What it starts. */
  readonly unit: string;
  /** When: OnCalendar=daily, OnBootSec=15min. */
  readonly triggers: ReadonlyArray<string>;
  /** It starts with the system. */
  readonly enabled: boolean;
}

export interface GetInspectionOperatingSystemScheduleResult {
  /** Jobs of cron. */
  readonly cron: ReadonlyArray<GetInspectionOperatingSystemScheduleCronResult>;
  /** Timers of systemd. */
  readonly timers: ReadonlyArray<GetInspectionOperatingSystemScheduleTimerResult>;
}

export interface GetInspectionOperatingSystemSecuritySelinuxResult {
  /** enforcing, permissive or disabled, by /etc/selinux/config. */
  readonly mode: string;
  /** Kind of policy: targeted, default, mls. */
  readonly type?: string;
  /** The compiled policy of that kind, the newest; null where none is installed. */
  readonly policy?: string;
  /** The next boot labels every file anew (/.autorelabel). */
  readonly relabel: boolean;
}

export interface GetInspectionOperatingSystemSecurityApparmorResult {
  /** Its name: /usr/sbin/cupsd; one within another stands behind that and //. */
  readonly name: string;
  /** The file of /etc/apparmor.d that says it. */
  readonly file: string;
  /** What becomes of what it does not allow; disabled where a link says so. */
  readonly mode: "enforce" | "complain" | "kill" | "unconfined" | "prompt" | "default_allow" | "disabled";
}

export interface GetInspectionOperatingSystemSecurityFirewallFileResult {
  /** The file. */
  readonly path: string;
  /** Whose rules. */
  readonly kind: "nftables" | "iptables" | "ip6tables";
  /** A unit that loads it starts with the system; null where that is not known. */
  readonly enabled?: boolean;
  /** Rules in all chains. */
  readonly rules: number;
  /** What becomes of what no rule of input names: accept, drop; null where none looks at what comes in. */
  readonly input?: string;
}

export interface GetInspectionOperatingSystemSecurityFirewallFirewalldZoneResult {
  /** Its name. */
  readonly name: string;
  /** The file that says it. */
  readonly file: string;
  /** What becomes of what it does not name: default, ACCEPT, DROP, %%REJECT%%. */
  readonly target: string;
  /** Interfaces in it. */
  readonly interfaces: ReadonlyArray<string>;
  /** Addresses in it. */
  readonly sources: ReadonlyArray<string>;
  /** Services that it lets in. */
  readonly services: ReadonlyArray<string>;
  /** Ports that it lets in: 8080/tcp. */
  readonly ports: ReadonlyArray<string>;
}

export interface GetInspectionOperatingSystemSecurityFirewallFirewalldResult {
  /** Its unit starts with the system; null where that is not known. */
  readonly enabled?: boolean;
  /** The zone of interfaces that no other names. */
  readonly defaultZone: string;
  /** Zones that the administrator has written, and the default one. */
  readonly zones: ReadonlyArray<GetInspectionOperatingSystemSecurityFirewallFirewalldZoneResult>;
}

export interface GetInspectionOperatingSystemSecurityFirewallUfwResult {
  /** By its own setting, without which its unit does nothing. */
  readonly enabled: boolean;
  /** What becomes of what no rule names: drop, reject, accept. */
  readonly input?: string;
}

export interface GetInspectionOperatingSystemSecurityFirewallResult {
  /** Files of rules of nftables and iptables. */
  readonly files: ReadonlyArray<GetInspectionOperatingSystemSecurityFirewallFileResult>;
  /** Settings of firewalld; null where there are none. */
  readonly firewalld?: GetInspectionOperatingSystemSecurityFirewallFirewalldResult;
  /** Settings of ufw; null where there are none. */
  readonly ufw?: GetInspectionOperatingSystemSecurityFirewallUfwResult;
}

export interface GetInspectionOperatingSystemSecurityCertificateResult {
  /** The file; a chain's certificates have the same one. */
  readonly path: string;
  /** Whose it is, as RFC 4514 writes a name: CN=web,O=Example,C=DE. */
  readonly subject: string;
  /** Who signed it. */
  readonly issuer: string;
  /** Its number in hexadecimal digits. */
  readonly serial: string;
  /** From when on it is good (RFC 3339, UTC). */
  readonly notBefore: string;
  /** Until when it is good (RFC 3339, UTC). */
  readonly notAfter: string;
  /** DNS names and addresses that it is good for. */
  readonly hosts: ReadonlyArray<string>;
  /** It may sign others. */
  readonly isCa: boolean;
  /** It names itself as its issuer, and no other key. */
  readonly selfSigned: boolean;
  /** rsa, ec, ed25519, dsa; an object identifier of what is none of those. */
  readonly keyType: string;
  /** Bits of the modulus or the curve; null where that is not known. */
  readonly keyBits?: number;
  /** SHA-256 of the whole, in hexadecimal digits. */
  readonly sha256: string;
}

export interface GetInspectionOperatingSystemSecurityBundleResult {
  /** The file. */
  readonly path: string;
  /** How many are in it. */
  readonly certificates: number;
}

export interface GetInspectionOperatingSystemSecurityPrivateKeyResult {
  /** The file. */
  readonly path: string;
  /** How it is written. */
  readonly kind: "rsa" | "dsa" | "ec" | "pkcs8" | "openssh" | "pgp" | "gnupg" | "putty" | "pkcs12" | "wireguard";
  /** A passphrase keeps it; null where that does not show. */
  readonly encrypted?: boolean;
  /** Its permissions in octal digits: 0600. */
  readonly mode: string;
  /** Number of its owner. */
  readonly uid: number;
}

export interface GetInspectionOperatingSystemSecurityCredentialResult {
  /** The file. */
  readonly path: string;
  /** Whose it is: aws, docker, kubeconfig, netrc. */
  readonly kind: string;
  /** There are credentials in it. */
  readonly filled: boolean;
  /** Its permissions in octal digits: 0600. */
  readonly mode: string;
  /** Number of its owner. */
  readonly uid: number;
}

export interface GetInspectionOperatingSystemSecurityResult {
  /** SELinux; null where nothing is set. */
  readonly selinux?: GetInspectionOperatingSystemSecuritySelinuxResult;
  /** Profiles of AppArmor; null without /etc/apparmor.d. */
  readonly apparmor?: ReadonlyArray<GetInspectionOperatingSystemSecurityApparmorResult>;
  /** What keeps packets out. */
  readonly firewall: GetInspectionOperatingSystemSecurityFirewallResult;
  /** Certificates in the usual places, without a distribution's own roots. */
  readonly certificates: ReadonlyArray<GetInspectionOperatingSystemSecurityCertificateResult>;
  /** Files of more than 16 certificates, which are not told one by one: trust stores. */
  readonly bundles: ReadonlyArray<GetInspectionOperatingSystemSecurityBundleResult>;
  /** Private keys in the usual places; nothing of what is in them. */
  readonly privateKeys: ReadonlyArray<GetInspectionOperatingSystemSecurityPrivateKeyResult>;
  /** Files in which programs keep credentials; never what they are. */
  readonly credentials: ReadonlyArray<GetInspectionOperatingSystemSecurityCredentialResult>;
}

export interface GetInspectionOperatingSystemStorageFstabResult {
  /** As it is written: UUID=..., /dev/sda1, tmpfs, server:/export; (secret) for a password in it. */
  readonly device: string;
  /** Where it goes; none for swap. */
  readonly target: string;
  /** File system, or swap. */
  readonly type: string;
  /** Options; (secret) for passwords in them. */
  readonly options: ReadonlyArray<string>;
  /** What it names is in this image, and was mounted for this report. */
  readonly mounted: boolean;
}

export interface GetInspectionOperatingSystemStorageCrypttabResult {
  /** Its name below /dev/mapper. */
  readonly name: string;
  /** What is opened: UUID=..., /dev/sda3. */
  readonly device: string;
  /** Path of its key, never the key; null where a passphrase is asked for, or a program gives it. */
  readonly keyFile?: string;
  /** The key lies in the image. */
  readonly keyInImage: boolean;
  /** Options. */
  readonly options: ReadonlyArray<string>;
}

export interface GetInspectionOperatingSystemStorageSwapResult {
  /** As its file names it: UUID=..., /swapfile, /dev/zram0. */
  readonly device: string;
  /** partition, file or zram (compressed memory). */
  readonly kind: "partition" | "file" | "zram";
  /** What names it: /etc/fstab, a unit; null for swap space that nothing names. */
  readonly configuredIn?: string;
  /** The device of this image that it is; null for none. */
  readonly found?: string;
  /** Bytes, as the swap space says; null where it is not in the image. */
  readonly size?: number;
  /** How its size is reckoned when the system starts: min(ram / 2, 4096); null otherwise. */
  readonly sizeRule?: string;
  /** Its priority; null where none is said. */
  readonly priority?: number;
}

export interface GetInspectionOperatingSystemStorageArrayResult {
  /** What the array is to be called: /dev/md0. */
  readonly device: string;
  /** Its id: 32 hexadecimal digits. */
  readonly uuid: string;
}

export interface GetInspectionOperatingSystemStorageResult {
  /** Lines of fstab, whatever is here of what they name. */
  readonly fstab: ReadonlyArray<GetInspectionOperatingSystemStorageFstabResult>;
  /** Lines of crypttab: what is opened when the system starts. */
  readonly crypttab: ReadonlyArray<GetInspectionOperatingSystemStorageCrypttabResult>;
  /** Swap by fstab and units, in compressed memory, and on devices that nothing names. */
  readonly swap: ReadonlyArray<GetInspectionOperatingSystemStorageSwapResult>;
  /** Arrays that mdadm.conf names. */
  readonly arrays: ReadonlyArray<GetInspectionOperatingSystemStorageArrayResult>;
}

export interface GetInspectionOperatingSystemServiceResult {
  /** Unit or script: ssh.service, getty@tty1.service, sshd. */
  readonly name: string;
  /** Whose it is. */
  readonly kind: "systemd" | "sysv" | "openrc" | "runit";
  /** As systemctl is-enabled says it; scripts are enabled or disabled. */
  readonly state: "enabled" | "enabled-runtime" | "linked" | "linked-runtime" | "alias" | "masked" | "masked-runtime" | "static" | "indirect" | "disabled" | "generated" | "transient" | "bad";
  /** What presets say; null where there is nothing to enable. */
  readonly preset?: "enabled" | "disabled";
  /** What pulls it in: multi-user.target, a runlevel. */
  readonly wantedBy: ReadonlyArray<string>;
  /** Its file, before links are followed. */
  readonly file: string;
}

export interface GetInspectionOperatingSystemResult {
  /** Kind of operating system. */
  readonly osType: "linux";
  /** ID of os-release: debian. */
  readonly distro?: string;
  /** VERSION_ID of os-release: 12. */
  readonly version?: string;
  /** Full name: Debian GNU/Linux 12 (bookworm). */
  readonly productName?: string;
  /** VARIANT_ID of os-release: server, silverblue. */
  readonly productVariant?: string;
  /** VERSION_CODENAME of os-release: bookworm. */
  readonly codename?: string;
  /** libosinfo's short id: debian12, rhel9.4; null where it has none. */
  readonly osinfo?: string;
  /** Host name. */
  readonly hostname?: string;
  /** machine-id; null in an image for cloning. */
  readonly machineId?: string;
  /** Architecture of its programs: x86_64. */
  readonly arch?: string;
  /** Device of its root file system. */
  readonly root: string;
  /** How packages come: of nix, what the system's profile needs. */
  readonly packageFormat?: "deb" | "rpm" | "apk" | "pacman" | "ebuild" | "nix" | "xbps" | "opkg" | "slackware";
  /** What installs them: apt, dnf, yum, zypper, pacman, apk, portage, nix; rpm-ostree or bootc where a system is deployed as a whole. */
  readonly packageManagement?: string;
  /** Packages. Null where it could not be read; a warning says why. */
  readonly packages?: ReadonlyArray<GetInspectionOperatingSystemPackageResult>;
  /** File systems as the guest would mount them. */
  readonly mounts: ReadonlyArray<GetInspectionOperatingSystemMountResult>;
  /** Accounts, without passwords. Null where it could not be read; a warning says why. */
  readonly users?: ReadonlyArray<GetInspectionOperatingSystemUserResult>;
  /** Groups. Null where it could not be read; a warning says why. */
  readonly groups?: ReadonlyArray<GetInspectionOperatingSystemGroupResult>;
  /** Time zone: Europe/Berlin. */
  readonly timezone?: string;
  /** LANG: C.UTF-8. */
  readonly locale?: string;
  /** Kernels. Null where it could not be read; a warning says why. */
  readonly kernels?: ReadonlyArray<GetInspectionOperatingSystemKernelResult>;
  /** What is enabled in systemd. Null where it could not be read; a warning says why. */
  readonly units?: GetInspectionOperatingSystemUnitsResult;
  /** Network configuration. Null where it could not be read; a warning says why. */
  readonly network?: ReadonlyArray<GetInspectionOperatingSystemNetworkResult>;
  /** What starts the system. Null where it could not be read; a warning says why. */
  readonly bootloader?: GetInspectionOperatingSystemBootloaderResult;
  /** cloud-init. Null where it could not be read; a warning says why. */
  readonly cloudInit?: GetInspectionOperatingSystemCloudInitResult;
  /** QEMU's guest agent. Null where it could not be read; a warning says why. */
  readonly guestAgent?: GetInspectionOperatingSystemGuestAgentResult;
  /** Applications and runtimes that flatpak has installed. Null unless facts names flatpaks, or where it could not be read. */
  readonly flatpaks?: ReadonlyArray<GetInspectionOperatingSystemFlatpakResult>;
  /** What runs containers, and what they are made of. Null unless facts names containers, or where it could not be read. */
  readonly containers?: GetInspectionOperatingSystemContainersResult;
  /** Who was there and when the system ran. Null unless facts names history, or where it could not be read. */
  readonly history?: GetInspectionOperatingSystemHistoryResult;
  /** How the system starts, by the files of its boot loaders. Null unless facts names boot, or where it could not be read. */
  readonly boot?: GetInspectionOperatingSystemBootResult;
  /** Who gets in, and who may do what another one may. Null unless facts names access, or where it could not be read. */
  readonly access?: GetInspectionOperatingSystemAccessResult;
  /** Packages of languages: Python, npm, RubyGems, Go, Rust, Maven. Null unless facts names languages, or where it could not be read. */
  readonly languages?: ReadonlyArray<GetInspectionOperatingSystemLanguageResult>;
  /** What runs by the clock. Null unless facts names schedule, or where it could not be read. */
  readonly schedule?: GetInspectionOperatingSystemScheduleResult;
  /** What confines programs, what keeps packets out, and what lies about that lets somebody in. Null unless facts names security, or where it could not be read. */
  readonly security?: GetInspectionOperatingSystemSecurityResult;
  /** What the system's own files say of mounts, swap, encrypted devices and arrays. Null unless facts names storage, or where it could not be read. */
  readonly storage?: GetInspectionOperatingSystemStorageResult;
  /** What starts with the system, and what could. Null unless facts names services, or where it could not be read. */
  readonly services?: ReadonlyArray<GetInspectionOperatingSystemServiceResult>;
}

export interface GetInspectionFailedCheckResult {
  /** Name of the rule. */
  readonly check: string;
  /** How bad it is where the rule does not hold. */
  readonly severity: "info" | "low" | "medium" | "high" | "critical";
  /** What the rule asks for. */
  readonly title?: string;
  /** Which of the image's systems it is about, from 0. */
  readonly system: number;
  /** What was found instead. */
  readonly reasons: ReadonlyArray<string>;
  /** It does not hold, or that cannot be told. */
  readonly state: "failed" | "error";
}

export interface GetInspectionResult {
  /** The image: a path on the host, or the id of a diskImage. */
  readonly diskImage: string;
  /** The image's own format; what is recorded of it, else what it looks like where left out. Never seen by itself: split (a raw disk in files disk.001, disk.002, ...) and luks. */
  readonly imageFormat?: "qcow2" | "raw" | "vmdk" | "vhd" | "vhdx" | "vdi" | "qed" | "parallels" | "qcow" | "luks" | "split" | "ova";
  /** Further disks of the same machine, in its order (sdb, sdc): what lies on several disks is read as a whole. */
  readonly with?: ReadonlyArray<string>;
  /** Number of the image's partition to look into; the system's root, or the only file system, where left out. */
  readonly partition?: number;
  /** The file system to look into, by any name of its device: /dev/sda1, /dev/vg0/root, btrfsvol:/dev/sda3/root. */
  readonly filesystem?: string;
  /** An internal snapshot's id or name, instead of the present state. */
  readonly snapshot?: string;
  /** Groups of facts to gather beside those that always are: all, or their names. */
  readonly facts?: ReadonlyArray<"access" | "boot" | "containers" | "flatpaks" | "history" | "languages" | "schedule" | "security" | "services" | "storage" | "all">;
  /** Rules over what is in the image. */
  readonly checks?: GetInspectionChecksResult;
  /** Version of this shape. */
  readonly formatVersion: number;
  /** Kind of operating system; null where there is none. */
  readonly osType?: "linux";
  /** ID of os-release: debian. */
  readonly distro?: string;
  /** VERSION_ID of os-release: 12. */
  readonly version?: string;
  /** Full name: Debian GNU/Linux 12 (bookworm). */
  readonly productName?: string;
  /** VARIANT_ID of os-release: server, silverblue. */
  readonly productVariant?: string;
  /** VERSION_CODENAME of os-release: bookworm. */
  readonly codename?: string;
  /** libosinfo's short id: debian12, rhel9.4; null where it has none. */
  readonly osinfo?: string;
  /** Host name. */
  readonly hostname?: string;
  /** machine-id; null in an image for cloning. */
  readonly machineId?: string;
  /** Architecture of its programs: x86_64. */
  readonly arch?: string;
  /** Device of the first system's root; null where there is none. */
  readonly root?: string;
  /** How packages come: of nix, what the system's profile needs. */
  readonly packageFormat?: "deb" | "rpm" | "apk" | "pacman" | "ebuild" | "nix" | "xbps" | "opkg" | "slackware";
  /** What installs them: apt, dnf, yum, zypper, pacman, apk, portage, nix; rpm-ostree or bootc where a system is deployed as a whole. */
  readonly packageManagement?: string;
  /** Packages. Null where it could not be read; a warning says why. */
  readonly packages?: ReadonlyArray<GetInspectionPackageResult>;
  /** File systems as the guest would mount them. */
  readonly mounts: ReadonlyArray<GetInspectionMountResult>;
  /** Accounts, without passwords. Null where it could not be read; a warning says why. */
  readonly users?: ReadonlyArray<GetInspectionUserResult>;
  /** Groups. Null where it could not be read; a warning says why. */
  readonly groups?: ReadonlyArray<GetInspectionGroupResult>;
  /** Time zone: Europe/Berlin. */
  readonly timezone?: string;
  /** LANG: C.UTF-8. */
  readonly locale?: string;
  /** Kernels. Null where it could not be read; a warning says why. */
  readonly kernels?: ReadonlyArray<GetInspectionKernelResult>;
  /** What is enabled in systemd. Null where it could not be read; a warning says why. */
  readonly units?: GetInspectionUnitsResult;
  /** Network configuration. Null where it could not be read; a warning says why. */
  readonly network?: ReadonlyArray<GetInspectionNetworkResult>;
  /** What starts the system. Null where it could not be read; a warning says why. */
  readonly bootloader?: GetInspectionBootloaderResult;
  /** cloud-init. Null where it could not be read; a warning says why. */
  readonly cloudInit?: GetInspectionCloudInitResult;
  /** QEMU's guest agent. Null where it could not be read; a warning says why. */
  readonly guestAgent?: GetInspectionGuestAgentResult;
  /** Applications and runtimes that flatpak has installed. Null unless facts names flatpaks, or where it could not be read. */
  readonly flatpaks?: ReadonlyArray<GetInspectionFlatpakResult>;
  /** What runs containers, and what they are made of. Null unless facts names containers, or where it could not be read. */
  readonly containers?: GetInspectionContainersResult;
  /** Who was there and when the system ran. Null unless facts names history, or where it could not be read. */
  readonly history?: GetInspectionHistoryResult;
  /** How the system starts, by the files of its boot loaders. Null unless facts names boot, or where it could not be read. */
  readonly boot?: GetInspectionBootResult;
  /** Who gets in, and who may do what another one may. Null unless facts names access, or where it could not be read. */
  readonly access?: GetInspectionAccessResult;
  /** Packages of languages: Python, npm, RubyGems, Go, Rust, Maven. Null unless facts names languages, or where it could not be read. */
  readonly languages?: ReadonlyArray<GetInspectionLanguageResult>;
  /** What runs by the clock. Null unless facts names schedule, or where it could not be read. */
  readonly schedule?: GetInspectionScheduleResult;
  /** What confines programs, what keeps packets out, and what lies about that lets somebody in. Null unless facts names security, or where it could not be read. */
  readonly security?: GetInspectionSecurityResult;
  /** What the system's own files say of mounts, swap, encrypted devices and arrays. Null unless facts names storage, or where it could not be read. */
  readonly storage?: GetInspectionStorageResult;
  /** What starts with the system, and what could. Null unless facts names services, or where it could not be read. */
  readonly services?: ReadonlyArray<GetInspectionServiceResult>;
  /** What every partition holds, recognised or not. */
  readonly filesystems: ReadonlyArray<GetInspectionFilesystemResult>;
  /** Every system that was found; the first is the one above. */
  readonly operatingSystems: ReadonlyArray<GetInspectionOperatingSystemResult>;
  /** What was odd while reading. */
  readonly warnings: ReadonlyArray<string>;
  /** Rules of checks that do not hold; null where none were given. */
  readonly failedChecks?: ReadonlyArray<GetInspectionFailedCheckResult>;
}

/** What is inside an image: operating system, packages, users, file systems.
 *
 * Opens the image without mounting it, finds the operating systems in it and gathers their facts. An image without one is an answer, not an error: the same fields, null or empty.
  */
export function getInspection(args: GetInspectionArgs, where: HostOptions = {}): Promise<GetInspectionResult> {
  return query("inspection", args, where) as Promise<GetInspectionResult>;
}

/** getInspection with outputs as arguments; a preview asks only when what they come from is there. */
export function getInspectionOutput(
  args: GetInspectionOutputArgs,
  where: HostOptions = {},
): pulumi.Output<GetInspectionResult> {
  return queryOutput("inspection", args, where) as pulumi.Output<GetInspectionResult>;
}

export interface GetImageInfoArgs {
  /** The image: a path on the host, or the id of a diskImage. */
  readonly diskImage: string;
  /** The image's own format; what is recorded of it, else what it looks like where left out. Never seen by itself: split (a raw disk in files disk.001, disk.002, ...) and luks. */
  readonly imageFormat?: "qcow2" | "raw" | "vmdk" | "vhd" | "vhdx" | "vdi" | "qed" | "parallels" | "qcow" | "luks" | "split" | "ova";
  /** Further disks of the same machine, in its order (sdb, sdc): what lies on several disks is read as a whole. */
  readonly with?: ReadonlyArray<string>;
}

export interface GetImageInfoOutputArgs {
  /** The image: a path on the host, or the id of a diskImage. */
  readonly diskImage: pulumi.Input<string>;
  /** The image's own format; what is recorded of it, else what it looks like where left out. Never seen by itself: split (a raw disk in files disk.001, disk.002, ...) and luks. */
  readonly imageFormat?: pulumi.Input<"qcow2" | "raw" | "vmdk" | "vhd" | "vhdx" | "vdi" | "qed" | "parallels" | "qcow" | "luks" | "split" | "ova">;
  /** Further disks of the same machine, in its order (sdb, sdc): what lies on several disks is read as a whole. */
  readonly with?: pulumi.Input<ReadonlyArray<pulumi.Input<string>>>;
}

export interface GetImageInfoSnapshotResult {
  /** Number in the image. */
  readonly id: string;
  /** Name. */
  readonly name: string;
  /** When it was taken, ISO 8601. */
  readonly createdAt: string;
  /** Bytes that the guest saw. */
  readonly virtualSize: number;
  /** Bytes of the guest's memory; 0 where only the disk was taken. */
  readonly vmStateSize: number;
}

export interface GetImageInfoPartitionResult {
  /** Number as the kernel counts. */
  readonly number: number;
  /** Name as libguestfs gives it: /dev/sda1. */
  readonly device: string;
  /** GPT partition name. */
  readonly name?: string;
  /** Type GUID or MBR type. */
  readonly type: string;
  /** PARTUUID. */
  readonly uuid?: string;
  /** First byte. */
  readonly start: number;
  /** Bytes. */
  readonly size: number;
  /** Marked active. */
  readonly bootable: boolean;
  /** What it holds. */
  readonly filesystem?: string;
  /** Label of the file system. */
  readonly label?: string;
  /** UUID of the file system. */
  readonly filesystemUuid?: string;
}

export interface GetImageInfoDiskResult {
  /** Name in the machine: /dev/sda for the first. */
  readonly device: string;
  /** The image. */
  readonly path: string;
  /** Disk format. */
  readonly format: string;
  /** Bytes that the guest sees. */
  readonly virtualSize: number;
  /** gpt or mbr; null without a table. */
  readonly partitionTable?: string;
}

export interface GetImageInfoDeviceResult {
  /** What it is: a mapping is what an encrypted device opens to. */
  readonly kind: "disk" | "partition" | "array" | "mapping" | "logical_volume" | "subvolume";
  /** Name as libguestfs and the kernel give it: /dev/sda2, /dev/vg0/root, /dev/md127. */
  readonly device: string;
  /** Its other names: /dev/mapper/vg0-root. */
  readonly aliases: ReadonlyArray<string>;
  /** Bytes. */
  readonly size: number;
  /** The devices that it is made of. */
  readonly standsOn: ReadonlyArray<string>;
  /** What it holds: ext4, swap, LVM2_member; null where nothing is recognised, or a partition table. */
  readonly filesystem?: string;
  /** Label of what it holds. */
  readonly label?: string;
  /** UUID of what it holds. */
  readonly filesystemUuid?: string;
  /** Its own UUID: a partition's, an array's, a logical volume's. */
  readonly uuid?: string;
  /** GPT partition name. */
  readonly partitionName?: string;
  /** A snapshot within a file system. */
  readonly isSnapshot: boolean;
  /** What it says of itself: level, layout, cipher. */
  readonly details: { readonly [key: string]: string };
  /** Why what it holds cannot be read: code and text. */
  readonly error?: string;
}

export interface GetImageInfoResult {
  /** The image: a path on the host, or the id of a diskImage. */
  readonly diskImage: string;
  /** The image's own format; what is recorded of it, else what it looks like where left out. Never seen by itself: split (a raw disk in files disk.001, disk.002, ...) and luks. */
  readonly imageFormat?: "qcow2" | "raw" | "vmdk" | "vhd" | "vhdx" | "vdi" | "qed" | "parallels" | "qcow" | "luks" | "split" | "ova";
  /** Further disks of the same machine, in its order (sdb, sdc): what lies on several disks is read as a whole. */
  readonly with?: ReadonlyArray<string>;
  /** Disk format. */
  readonly format: string;
  /** Bytes that the guest sees. */
  readonly virtualSize: number;
  /** Bytes that the image takes on the host. */
  readonly actualSize: number;
  /** Host files it is made of, its own first. */
  readonly files: ReadonlyArray<string>;
  /** Parents, nearest first. */
  readonly backingChain: ReadonlyArray<string>;
  /** Internal snapshots. */
  readonly snapshots: ReadonlyArray<GetImageInfoSnapshotResult>;
  /** gpt or mbr; null without a table. */
  readonly partitionTable?: string;
  /** Partitions in the table's order. */
  readonly partitions: ReadonlyArray<GetImageInfoPartitionResult>;
  /** What the whole disk holds where it has no partition table. */
  readonly filesystem?: string;
  /** What the format says of itself: cluster_size, compat. */
  readonly details: { readonly [key: string]: string };
  /** The machine's disks: the image, and what with adds to it. */
  readonly disks: ReadonlyArray<GetImageInfoDiskResult>;
  /** Every device in them, each after those that it is made of. */
  readonly devices: ReadonlyArray<GetImageInfoDeviceResult>;
  /** Whose it is, FACE:PROJECT (guestkit.yaml:shop, terraform:1b2c...); null where nobody in particular owns it. */
  readonly owner?: string;
  /** The project file of an owner that has no name but a UUID. */
  readonly ownerFile?: string;
  /** What was odd while reading. */
  readonly warnings: ReadonlyArray<string>;
}

/** What an image is: format, sizes, parents, snapshots, partitions and what is made of them.
 *
 * Reads the image's own headers and partition table, and finds the arrays, logical volumes, encrypted devices and subvolumes in it. Nothing is mounted and nothing is changed.
  */
export function getImageInfo(args: GetImageInfoArgs, where: HostOptions = {}): Promise<GetImageInfoResult> {
  return query("image_info", args, where) as Promise<GetImageInfoResult>;
}

/** getImageInfo with outputs as arguments; a preview asks only when what they come from is there. */
export function getImageInfoOutput(
  args: GetImageInfoOutputArgs,
  where: HostOptions = {},
): pulumi.Output<GetImageInfoResult> {
  return queryOutput("image_info", args, where) as pulumi.Output<GetImageInfoResult>;
}

export interface GetFileContentArgs {
  /** The image: a path on the host, or the id of a diskImage. */
  readonly diskImage: string;
  /** Absolute path inside the image. */
  readonly path?: string;
  /** The path in base64, for one that is no UTF-8; goes before path. */
  readonly pathBase64?: string;
  /** The image's own format; what is recorded of it, else what it looks like where left out. Never seen by itself: split (a raw disk in files disk.001, disk.002, ...) and luks. */
  readonly imageFormat?: "qcow2" | "raw" | "vmdk" | "vhd" | "vhdx" | "vdi" | "qed" | "parallels" | "qcow" | "luks" | "split" | "ova";
  /** Further disks of the same machine, in its order (sdb, sdc): what lies on several disks is read as a whole. */
  readonly with?: ReadonlyArray<string>;
  /** Number of the image's partition to look into; the system's root, or the only file system, where left out. */
  readonly partition?: number;
  /** The file system to look into, by any name of its device: /dev/sda1, /dev/vg0/root, btrfsvol:/dev/sda3/root. */
  readonly filesystem?: string;
  /** An internal snapshot's id or name, instead of the present state. */
  readonly snapshot?: string;
  /** A file that is larger is refused. Default: `"16M"`. */
  readonly limit?: string | number;
}

export interface GetFileContentOutputArgs {
  /** The image: a path on the host, or the id of a diskImage. */
  readonly diskImage: pulumi.Input<string>;
  /** Absolute path inside the image. */
  readonly path?: pulumi.Input<string>;
  /** The path in base64, for one that is no UTF-8; goes before path. */
  readonly pathBase64?: pulumi.Input<string>;
  /** The image's own format; what is recorded of it, else what it looks like where left out. Never seen by itself: split (a raw disk in files disk.001, disk.002, ...) and luks. */
  readonly imageFormat?: pulumi.Input<"qcow2" | "raw" | "vmdk" | "vhd" | "vhdx" | "vdi" | "qed" | "parallels" | "qcow" | "luks" | "split" | "ova">;
  /** Further disks of the same machine, in its order (sdb, sdc): what lies on several disks is read as a whole. */
  readonly with?: pulumi.Input<ReadonlyArray<pulumi.Input<string>>>;
  /** Number of the image's partition to look into; the system's root, or the only file system, where left out. */
  readonly partition?: pulumi.Input<number>;
  /** The file system to look into, by any name of its device: /dev/sda1, /dev/vg0/root, btrfsvol:/dev/sda3/root. */
  readonly filesystem?: pulumi.Input<string>;
  /** An internal snapshot's id or name, instead of the present state. */
  readonly snapshot?: pulumi.Input<string>;
  /** A file that is larger is refused. Default: `"16M"`. */
  readonly limit?: pulumi.Input<string | number>;
}

export interface GetFileContentResult {
  /** The image: a path on the host, or the id of a diskImage. */
  readonly diskImage: string;
  /** Absolute path inside the image. */
  readonly path?: string;
  /** The path in base64, for one that is no UTF-8; goes before path. */
  readonly pathBase64?: string;
  /** The image's own format; what is recorded of it, else what it looks like where left out. Never seen by itself: split (a raw disk in files disk.001, disk.002, ...) and luks. */
  readonly imageFormat?: "qcow2" | "raw" | "vmdk" | "vhd" | "vhdx" | "vdi" | "qed" | "parallels" | "qcow" | "luks" | "split" | "ova";
  /** Further disks of the same machine, in its order (sdb, sdc): what lies on several disks is read as a whole. */
  readonly with?: ReadonlyArray<string>;
  /** Number of the image's partition to look into; the system's root, or the only file system, where left out. */
  readonly partition?: number;
  /** The file system to look into, by any name of its device: /dev/sda1, /dev/vg0/root, btrfsvol:/dev/sda3/root. */
  readonly filesystem?: string;
  /** An internal snapshot's id or name, instead of the present state. */
  readonly snapshot?: string;
  /** A file that is larger is refused. Default: `"16M"`. */
  readonly limit?: string | number;
  /** The text; null where the bytes are no UTF-8. */
  readonly content?: string;
  /** The bytes in base64. */
  readonly contentBase64: string;
  /** Digest of the bytes, in hex. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
  /** Permission bits in octal: 0644. */
  readonly mode: string;
  /** Owner. */
  readonly uid: number;
  /** Group. */
  readonly gid: number;
  /** Last change, ISO 8601 with nanoseconds. */
  readonly mtime: string;
}

/** A file inside an image: its bytes and what is known of it.
 *
 * Reads one regular file out of an image without mounting it. Symbolic links are followed as the guest would follow them and never lead to the host. A file that is not there, or past the limit, is an error.
  */
export function getFileContent(args: GetFileContentArgs, where: HostOptions = {}): Promise<GetFileContentResult> {
  return query("file_content", args, where) as Promise<GetFileContentResult>;
}

/** getFileContent with outputs as arguments; a preview asks only when what they come from is there. */
export function getFileContentOutput(
  args: GetFileContentOutputArgs,
  where: HostOptions = {},
): pulumi.Output<GetFileContentResult> {
  return queryOutput("file_content", args, where) as pulumi.Output<GetFileContentResult>;
}

export interface GetImageDiffArgs {
  /** The image as it was: a path on the host, or the id of a disk_image. */
  readonly before: string;
  /** The image as it is. */
  readonly after: string;
  /** The image's own format; what is recorded of it, else what it looks like where left out. Never seen by itself: split (a raw disk in files disk.001, disk.002, ...) and luks. */
  readonly imageFormat?: "qcow2" | "raw" | "vmdk" | "vhd" | "vhdx" | "vdi" | "qed" | "parallels" | "qcow" | "luks" | "split" | "ova";
  /** Further disks of the same machine, in its order (sdb, sdc): what lies on several disks is read as a whole. */
  readonly with?: ReadonlyArray<string>;
  /** Number of the image's partition to look into; the system's root, or the only file system, where left out. */
  readonly partition?: number;
  /** The file system to look into, by any name of its device: /dev/sda1, /dev/vg0/root, btrfsvol:/dev/sda3/root. */
  readonly filesystem?: string;
  /** An internal snapshot's id or name, instead of the present state. */
  readonly snapshot?: string;
  /** Of before alone, in the place of imageFormat. The image's own format; what is recorded of it, else what it looks like where left out. Never seen by itself: split (a raw disk in files disk.001, disk.002, ...) and luks. */
  readonly beforeImageFormat?: "qcow2" | "raw" | "vmdk" | "vhd" | "vhdx" | "vdi" | "qed" | "parallels" | "qcow" | "luks" | "split" | "ova";
  /** Of before alone, in the place of with. Further disks of the same machine, in its order (sdb, sdc): what lies on several disks is read as a whole. */
  readonly beforeWith?: ReadonlyArray<string>;
  /** Of before alone, in the place of partition. Number of the image's partition to look into; the system's root, or the only file system, where left out. */
  readonly beforePartition?: number;
  /** Of before alone, in the place of filesystem. The file system to look into, by any name of its device: /dev/sda1, /dev/vg0/root, btrfsvol:/dev/sda3/root. */
  readonly beforeFilesystem?: string;
  /** Of before alone, in the place of snapshot. An internal snapshot's id or name, instead of the present state. */
  readonly beforeSnapshot?: string;
  /** Of after alone, in the place of imageFormat. The image's own format; what is recorded of it, else what it looks like where left out. Never seen by itself: split (a raw disk in files disk.001, disk.002, ...) and luks. */
  readonly afterImageFormat?: "qcow2" | "raw" | "vmdk" | "vhd" | "vhdx" | "vdi" | "qed" | "parallels" | "qcow" | "luks" | "split" | "ova";
  /** Of after alone, in the place of with. Further disks of the same machine, in its order (sdb, sdc): what lies on several disks is read as a whole. */
  readonly afterWith?: ReadonlyArray<string>;
  /** Of after alone, in the place of partition. Number of the image's partition to look into; the system's root, or the only file system, where left out. */
  readonly afterPartition?: number;
  /** Of after alone, in the place of filesystem. The file system to look into, by any name of its device: /dev/sda1, /dev/vg0/root, btrfsvol:/dev/sda3/root. */
  readonly afterFilesystem?: string;
  /** Of after alone, in the place of snapshot. An internal snapshot's id or name, instead of the present state. */
  readonly afterSnapshot?: string;
  /** Compare this file, or files below this folder, alone. */
  readonly path?: string;
  /** Modification times of files count as well. */
  readonly times?: boolean;
}

export interface GetImageDiffOutputArgs {
  /** The image as it was: a path on the host, or the id of a disk_image. */
  readonly before: pulumi.Input<string>;
  /** The image as it is. */
  readonly after: pulumi.Input<string>;
  /** The image's own format; what is recorded of it, else what it looks like where left out. Never seen by itself: split (a raw disk in files disk.001, disk.002, ...) and luks. */
  readonly imageFormat?: pulumi.Input<"qcow2" | "raw" | "vmdk" | "vhd" | "vhdx" | "vdi" | "qed" | "parallels" | "qcow" | "luks" | "split" | "ova">;
  /** Further disks of the same machine, in its order (sdb, sdc): what lies on several disks is read as a whole. */
  readonly with?: pulumi.Input<ReadonlyArray<pulumi.Input<string>>>;
  /** Number of the image's partition to look into; the system's root, or the only file system, where left out. */
  readonly partition?: pulumi.Input<number>;
  /** The file system to look into, by any name of its device: /dev/sda1, /dev/vg0/root, btrfsvol:/dev/sda3/root. */
  readonly filesystem?: pulumi.Input<string>;
  /** An internal snapshot's id or name, instead of the present state. */
  readonly snapshot?: pulumi.Input<string>;
  /** Of before alone, in the place of imageFormat. The image's own format; what is recorded of it, else what it looks like where left out. Never seen by itself: split (a raw disk in files disk.001, disk.002, ...) and luks. */
  readonly beforeImageFormat?: pulumi.Input<"qcow2" | "raw" | "vmdk" | "vhd" | "vhdx" | "vdi" | "qed" | "parallels" | "qcow" | "luks" | "split" | "ova">;
  /** Of before alone, in the place of with. Further disks of the same machine, in its order (sdb, sdc): what lies on several disks is read as a whole. */
  readonly beforeWith?: pulumi.Input<ReadonlyArray<pulumi.Input<string>>>;
  /** Of before alone, in the place of partition. Number of the image's partition to look into; the system's root, or the only file system, where left out. */
  readonly beforePartition?: pulumi.Input<number>;
  /** Of before alone, in the place of filesystem. The file system to look into, by any name of its device: /dev/sda1, /dev/vg0/root, btrfsvol:/dev/sda3/root. */
  readonly beforeFilesystem?: pulumi.Input<string>;
  /** Of before alone, in the place of snapshot. An internal snapshot's id or name, instead of the present state. */
  readonly beforeSnapshot?: pulumi.Input<string>;
  /** Of after alone, in the place of imageFormat. The image's own format; what is recorded of it, else what it looks like where left out. Never seen by itself: split (a raw disk in files disk.001, disk.002, ...) and luks. */
  readonly afterImageFormat?: pulumi.Input<"qcow2" | "raw" | "vmdk" | "vhd" | "vhdx" | "vdi" | "qed" | "parallels" | "qcow" | "luks" | "split" | "ova">;
  /** Of after alone, in the place of with. Further disks of the same machine, in its order (sdb, sdc): what lies on several disks is read as a whole. */
  readonly afterWith?: pulumi.Input<ReadonlyArray<pulumi.Input<string>>>;
  /** Of after alone, in the place of partition. Number of the image's partition to look into; the system's root, or the only file system, where left out. */
  readonly afterPartition?: pulumi.Input<number>;
  /** Of after alone, in the place of filesystem. The file system to look into, by any name of its device: /dev/sda1, /dev/vg0/root, btrfsvol:/dev/sda3/root. */
  readonly afterFilesystem?: pulumi.Input<string>;
  /** Of after alone, in the place of snapshot. An internal snapshot's id or name, instead of the present state. */
  readonly afterSnapshot?: pulumi.Input<string>;
  /** Compare this file, or files below this folder, alone. */
  readonly path?: pulumi.Input<string>;
  /** Modification times of files count as well. */
  readonly times?: pulumi.Input<boolean>;
}

export interface GetImageDiffChangeDifferenceResult {
  /** What differs: version, mode, owner, content, target, xattr NAME; error: why it could not be read. */
  readonly field: string;
  /** As it was; null where it was not there. */
  readonly before?: string;
  /** As it is; null where it is not there. */
  readonly after?: string;
}

export interface GetImageDiffChangeResult {
  /** What it is one of. */
  readonly group: "system" | "packages" | "users" | "groups" | "services" | "kernels" | "network" | "filesystems" | "files";
  /** What happened to it; unread: it could not be compared, since it could not be read in one of them. */
  readonly change: "added" | "removed" | "modified" | "renamed" | "unread";
  /** Which of the image's systems it is in, from 0; null for what is in none. */
  readonly system?: number;
  /** A package, a user, a path, a field of the system. */
  readonly name: string;
  /** The path that a renamed file had. */
  readonly from?: string;
  /** What of it differs; of a content its size. */
  readonly differences: ReadonlyArray<GetImageDiffChangeDifferenceResult>;
}

export interface GetImageDiffResult {
  /** The image as it was: a path on the host, or the id of a disk_image. */
  readonly before: string;
  /** The image as it is. */
  readonly after: string;
  /** The image's own format; what is recorded of it, else what it looks like where left out. Never seen by itself: split (a raw disk in files disk.001, disk.002, ...) and luks. */
  readonly imageFormat?: "qcow2" | "raw" | "vmdk" | "vhd" | "vhdx" | "vdi" | "qed" | "parallels" | "qcow" | "luks" | "split" | "ova";
  /** Further disks of the same machine, in its order (sdb, sdc): what lies on several disks is read as a whole. */
  readonly with?: ReadonlyArray<string>;
  /** Number of the image's partition to look into; the system's root, or the only file system, where left out. */
  readonly partition?: number;
  /** The file system to look into, by any name of its device: /dev/sda1, /dev/vg0/root, btrfsvol:/dev/sda3/root. */
  readonly filesystem?: string;
  /** An internal snapshot's id or name, instead of the present state. */
  readonly snapshot?: string;
  /** Of before alone, in the place of imageFormat. The image's own format; what is recorded of it, else what it looks like where left out. Never seen by itself: split (a raw disk in files disk.001, disk.002, ...) and luks. */
  readonly beforeImageFormat?: "qcow2" | "raw" | "vmdk" | "vhd" | "vhdx" | "vdi" | "qed" | "parallels" | "qcow" | "luks" | "split" | "ova";
  /** Of before alone, in the place of with. Further disks of the same machine, in its order (sdb, sdc): what lies on several disks is read as a whole. */
  readonly beforeWith?: ReadonlyArray<string>;
  /** Of before alone, in the place of partition. Number of the image's partition to look into; the system's root, or the only file system, where left out. */
  readonly beforePartition?: number;
  /** Of before alone, in the place of filesystem. The file system to look into, by any name of its device: /dev/sda1, /dev/vg0/root, btrfsvol:/dev/sda3/root. */
  readonly beforeFilesystem?: string;
  /** Of before alone, in the place of snapshot. An internal snapshot's id or name, instead of the present state. */
  readonly beforeSnapshot?: string;
  /** Of after alone, in the place of imageFormat. The image's own format; what is recorded of it, else what it looks like where left out. Never seen by itself: split (a raw disk in files disk.001, disk.002, ...) and luks. */
  readonly afterImageFormat?: "qcow2" | "raw" | "vmdk" | "vhd" | "vhdx" | "vdi" | "qed" | "parallels" | "qcow" | "luks" | "split" | "ova";
  /** Of after alone, in the place of with. Further disks of the same machine, in its order (sdb, sdc): what lies on several disks is read as a whole. */
  readonly afterWith?: ReadonlyArray<string>;
  /** Of after alone, in the place of partition. Number of the image's partition to look into; the system's root, or the only file system, where left out. */
  readonly afterPartition?: number;
  /** Of after alone, in the place of filesystem. The file system to look into, by any name of its device: /dev/sda1, /dev/vg0/root, btrfsvol:/dev/sda3/root. */
  readonly afterFilesystem?: string;
  /** Of after alone, in the place of snapshot. An internal snapshot's id or name, instead of the present state. */
  readonly afterSnapshot?: string;
  /** Compare this file, or files below this folder, alone. */
  readonly path?: string;
  /** Modification times of files count as well. */
  readonly times?: boolean;
  /** Whether anything differs; null where something could not be read, and nothing else differs. */
  readonly isDifferent?: boolean;
  /** How many changes there are, with those that are unread. */
  readonly total: number;
  /** How many of them are unread: with any of these, the images may differ in more. */
  readonly unread: number;
  /** The first 10000 of them. */
  readonly changes: ReadonlyArray<GetImageDiffChangeResult>;
  /** What was odd while reading, behind before or after. */
  readonly warnings: ReadonlyArray<string>;
}

/** What differs between two images: packages, users, services, files.
 *
 * Compares what is inside, without a boot: systems are paired by their order, files by their paths; one that went and came elsewhere with the same content is renamed. What both images keep at one place of the same base is not read.
  */
export function getImageDiff(args: GetImageDiffArgs, where: HostOptions = {}): Promise<GetImageDiffResult> {
  return query("image_diff", args, where) as Promise<GetImageDiffResult>;
}

/** getImageDiff with outputs as arguments; a preview asks only when what they come from is there. */
export function getImageDiffOutput(
  args: GetImageDiffOutputArgs,
  where: HostOptions = {},
): pulumi.Output<GetImageDiffResult> {
  return queryOutput("image_diff", args, where) as pulumi.Output<GetImageDiffResult>;
}

export interface GetImageSbomArgs {
  /** The image: a path on the host, or the id of a diskImage. */
  readonly diskImage: string;
  /** CycloneDX 1.6 or SPDX 2.3, as JSON. Default: `"cyclonedx"`. */
  readonly format?: "cyclonedx" | "spdx";
  /** Packages of Python, npm, RubyGems, Go, Rust and Maven as well, for which whole trees are walked through. Default: `false`. */
  readonly languages?: boolean;
  /** The image's own format; what is recorded of it, else what it looks like where left out. Never seen by itself: split (a raw disk in files disk.001, disk.002, ...) and luks. */
  readonly imageFormat?: "qcow2" | "raw" | "vmdk" | "vhd" | "vhdx" | "vdi" | "qed" | "parallels" | "qcow" | "luks" | "split" | "ova";
  /** Further disks of the same machine, in its order (sdb, sdc): what lies on several disks is read as a whole. */
  readonly with?: ReadonlyArray<string>;
  /** Number of the image's partition to look into; the system's root, or the only file system, where left out. */
  readonly partition?: number;
  /** The file system to look into, by any name of its device: /dev/sda1, /dev/vg0/root, btrfsvol:/dev/sda3/root. */
  readonly filesystem?: string;
  /** An internal snapshot's id or name, instead of the present state. */
  readonly snapshot?: string;
}

export interface GetImageSbomOutputArgs {
  /** The image: a path on the host, or the id of a diskImage. */
  readonly diskImage: pulumi.Input<string>;
  /** CycloneDX 1.6 or SPDX 2.3, as JSON. Default: `"cyclonedx"`. */
  readonly format?: pulumi.Input<"cyclonedx" | "spdx">;
  /** Packages of Python, npm, RubyGems, Go, Rust and Maven as well, for which whole trees are walked through. Default: `false`. */
  readonly languages?: pulumi.Input<boolean>;
  /** The image's own format; what is recorded of it, else what it looks like where left out. Never seen by itself: split (a raw disk in files disk.001, disk.002, ...) and luks. */
  readonly imageFormat?: pulumi.Input<"qcow2" | "raw" | "vmdk" | "vhd" | "vhdx" | "vdi" | "qed" | "parallels" | "qcow" | "luks" | "split" | "ova">;
  /** Further disks of the same machine, in its order (sdb, sdc): what lies on several disks is read as a whole. */
  readonly with?: pulumi.Input<ReadonlyArray<pulumi.Input<string>>>;
  /** Number of the image's partition to look into; the system's root, or the only file system, where left out. */
  readonly partition?: pulumi.Input<number>;
  /** The file system to look into, by any name of its device: /dev/sda1, /dev/vg0/root, btrfsvol:/dev/sda3/root. */
  readonly filesystem?: pulumi.Input<string>;
  /** An internal snapshot's id or name, instead of the present state. */
  readonly snapshot?: pulumi.Input<string>;
}

export interface GetImageSbomResult {
  /** The image: a path on the host, or the id of a diskImage. */
  readonly diskImage: string;
  /** CycloneDX 1.6 or SPDX 2.3, as JSON. Default: `"cyclonedx"`. */
  readonly format?: "cyclonedx" | "spdx";
  /** Packages of Python, npm, RubyGems, Go, Rust and Maven as well, for which whole trees are walked through. Default: `false`. */
  readonly languages?: boolean;
  /** The image's own format; what is recorded of it, else what it looks like where left out. Never seen by itself: split (a raw disk in files disk.001, disk.002, ...) and luks. */
  readonly imageFormat?: "qcow2" | "raw" | "vmdk" | "vhd" | "vhdx" | "vdi" | "qed" | "parallels" | "qcow" | "luks" | "split" | "ova";
  /** Further disks of the same machine, in its order (sdb, sdc): what lies on several disks is read as a whole. */
  readonly with?: ReadonlyArray<string>;
  /** Number of the image's partition to look into; the system's root, or the only file system, where left out. */
  readonly partition?: number;
  /** The file system to look into, by any name of its device: /dev/sda1, /dev/vg0/root, btrfsvol:/dev/sda3/root. */
  readonly filesystem?: string;
  /** An internal snapshot's id or name, instead of the present state. */
  readonly snapshot?: string;
  /** The document, as it is to be written to a file. */
  readonly content: string;
  /** urn:uuid: and a UUID of version 5: the same software has the same one. */
  readonly serialNumber: string;
  /** How many packages are on it. */
  readonly total: number;
  /** What was odd while reading. */
  readonly warnings: ReadonlyArray<string>;
}

/** A list of the software in an image, as CycloneDX or SPDX.
 *
 * Reads the package managers' own lists without a boot: name, version, architecture, licence, vendor, source package and package URL of each, under the operating system that it is installed in. The same image gives the same bytes. Refused where a part of the image cannot be read, since what is not on a list counts as absent.
  */
export function getImageSbom(args: GetImageSbomArgs, where: HostOptions = {}): Promise<GetImageSbomResult> {
  return query("image_sbom", args, where) as Promise<GetImageSbomResult>;
}

/** getImageSbom with outputs as arguments; a preview asks only when what they come from is there. */
export function getImageSbomOutput(
  args: GetImageSbomOutputArgs,
  where: HostOptions = {},
): pulumi.Output<GetImageSbomResult> {
  return queryOutput("image_sbom", args, where) as pulumi.Output<GetImageSbomResult>;
}

export interface VirtualMachineDiskArgs {
  /** The image: a path on the host, or the id of a disk_image. It is never removed with the machine. */
  readonly image: pulumi.Input<string>;
  /** Format of the image. Left out: what is recorded of it, else what it looks like at its first use, which that use fixes. */
  readonly format?: pulumi.Input<"qcow2" | "raw">;
  /** Let the image lean on files outside its own folder that no record of guestkit's names. Only for images that you know. Default: `false`. */
  readonly allowBackingFiles?: pulumi.Input<boolean>;
  /** The machine writes into a thin copy of its own, kept and removed with it; the image stays as it is. Default: `false`. */
  readonly overlay?: pulumi.Input<boolean>;
  /** Virtual size of the overlay, grown in place; its image's where left out. Only with overlay. */
  readonly size?: pulumi.Input<string | number>;
  /** How the guest sees it: virtio-blk, virtio-scsi, AHCI, IDE (machine pc), NVMe or USB storage. Default: `"virtio"`. */
  readonly bus?: pulumi.Input<"virtio" | "scsi" | "sata" | "ide" | "nvme" | "usb">;
  /** Bytes of a sector as the guest sees the disk, 512 or 4096: partition tables count in it. 4096 with the buses virtio, scsi and nvme alone. Default: `512`. */
  readonly sectorSize?: pulumi.Input<number>;
  /** The guest may not write to it. Default: `false`. */
  readonly readOnly?: pulumi.Input<boolean>;
  /** Whether discarded blocks are given back to the host. Default: `"unmap"`. */
  readonly discard?: pulumi.Input<"unmap" | "ignore">;
  /** QEMU's cache mode. Default: `"writeback"`. */
  readonly cache?: pulumi.Input<"writeback" | "none" | "writethrough" | "directsync" | "unsafe">;
  /** Place in the firmware's order. Where no disk has one: the disk named root, then the others by their names. */
  readonly bootOrder?: pulumi.Input<number>;
  /** Serial number in the guest; the disk's name where left out. */
  readonly serial?: pulumi.Input<string>;
}

export interface VirtualMachineCdromArgs {
  /** The medium: an ISO on the host, or the id of a cloud_init_seed; none is an empty drive. */
  readonly image?: pulumi.Input<string>;
  /** Place in the firmware's order. */
  readonly bootOrder?: pulumi.Input<number>;
}

export interface VirtualMachineNetworkForwardArgs {
  /** Port in the guest. */
  readonly guestPort: pulumi.Input<number>;
  /** Port on the host; 0 picks a free one, which is kept and shown in forwards. Default: `0`. */
  readonly hostPort?: pulumi.Input<number>;
  /** Address on the host that is listened on. Default: `"127.0.0.1"`. */
  readonly hostAddress?: pulumi.Input<string>;
  /** Transport of the forward. Default: `"tcp"`. */
  readonly protocol?: pulumi.Input<"tcp" | "udp">;
}

export interface VirtualMachineNetworkArgs {
  /** user: QEMU's own NAT without privileges; passt: the same by passt; bridge and tap: the host's; link: a private cable to one other machine of this user; socket: a multicast group that any machine of this host may join; stream: a cable over a socket of your own. Default: `"user"`. */
  readonly kind?: pulumi.Input<"user" | "passt" | "bridge" | "tap" | "link" | "socket" | "stream">;
  /** Network card that the guest sees. Default: `"virtio-net-pci"`. */
  readonly model?: pulumi.Input<"virtio-net-pci" | "e1000" | "e1000e" | "rtl8139">;
  /** Hardware address (52:54:00:12:34:56); made from the machine's and the network's name where left out, so that it never changes. */
  readonly mac?: pulumi.Input<string>;
  /** Static addresses with prefix length (10.0.0.2/24), given to the guest by cloud-init; DHCP where empty. On a link one is chosen for each side where empty. Default: `[]`. */
  readonly addresses?: pulumi.Input<ReadonlyArray<pulumi.Input<string>>>;
  /** Ports of the host that lead into the guest, by name (user and passt). Default: `{}`. */
  readonly forwards?: pulumi.Input<{ readonly [key: string]: pulumi.Input<VirtualMachineNetworkForwardArgs> }>;
  /** The guest reaches neither the host nor the outside; forwards still lead in (user). Default: `false`. */
  readonly isolated?: pulumi.Input<boolean>;
  /** Name of the host's bridge (bridge), through QEMU's bridge helper. */
  readonly bridge?: pulumi.Input<string>;
  /** Name of a tap device that exists (tap). */
  readonly tap?: pulumi.Input<string>;
  /** Name of the machine at the other end (link), which names this one in turn; order of starts does not matter. */
  readonly peer?: pulumi.Input<string>;
  /** Multicast address and port (socket): 230.0.0.1:1234; bound to the loopback device. */
  readonly group?: pulumi.Input<string>;
  /** Unix socket (stream). */
  readonly path?: pulumi.Input<string>;
  /** This side waits for the other one to connect (stream). Default: `false`. */
  readonly listen?: pulumi.Input<boolean>;
}

export interface VirtualMachineShareArgs {
  /** Folder on the host. */
  readonly path: pulumi.Input<string>;
  /** How it is carried: 9p and virtiofs by QEMU's devices; sshfs, nfs and smb by a server on the host that this machine alone reaches, through a network of kind user. What host and guest both can where left out. */
  readonly kind?: pulumi.Input<"9p" | "virtiofs" | "sshfs" | "nfs" | "smb">;
  /** Where the guest mounts it (by cloud-init or agent); /mnt/NAME where left out. */
  readonly mount?: pulumi.Input<string>;
  /** The guest may not write to it. Default: `false`. */
  readonly readOnly?: pulumi.Input<boolean>;
  /** Further mount options in the guest (mount -o): noatime. Default: `[]`. */
  readonly options?: pulumi.Input<ReadonlyArray<pulumi.Input<string>>>;
  /** squash: files are the host user's own; map: the guest's owners are kept beside them (9p: mapped-xattr). Default: `"squash"`. */
  readonly ownership?: pulumi.Input<"squash" | "map">;
}

export interface VirtualMachineGraphicsArgs {
  /** How the screen can be reached. A screenshot needs none. Default: `"none"`. */
  readonly kind?: pulumi.Input<"none" | "vnc" | "spice">;
  /** Address on the host; a Unix socket in the machine's own folder, for this user alone, where left out. */
  readonly listen?: pulumi.Input<string>;
  /** TCP port; with listen alone 5900 or the next free one. */
  readonly port?: pulumi.Input<number>;
  /** Password of the screen. Kept as a secret. */
  readonly password?: pulumi.Input<string>;
  /** Raise it when password changed: the secret itself is stored nowhere and cannot be compared. */
  readonly passwordVersion?: pulumi.Input<number>;
}

export interface VirtualMachineSshArgs {
  /** Who logs in; the first user that cloudInit creates, or the image's own where left out. */
  readonly user?: pulumi.Input<string>;
  /** Port in the guest. Default: `22`. */
  readonly port?: pulumi.Input<number>;
  /** Key file; the machine's own, which cloudInit lets in, where left out. Where the engine works on another host, it is read on the machine that asks; host:/PATH is the host's own. */
  readonly privateKey?: pulumi.Input<string>;
  /** The network to go by; the first with a forward to the port where left out. */
  readonly network?: pulumi.Input<string>;
}

export interface VirtualMachineCloudInitUserArgs {
  /** Public keys that may log in. Default: `[]`. */
  readonly sshAuthorizedKeys?: pulumi.Input<ReadonlyArray<pulumi.Input<string>>>;
  /** Groups beside the user's own, by name. Default: `[]`. */
  readonly groups?: pulumi.Input<ReadonlyArray<pulumi.Input<string>>>;
  /** Login shell; the distribution's own where left out. */
  readonly shell?: pulumi.Input<string>;
  /** May become root without a password. Default: `false`. */
  readonly sudo?: pulumi.Input<boolean>;
  /** crypt(3) hash of the password. Kept as a secret. */
  readonly passwordHash?: pulumi.Input<string>;
  /** Raise it when passwordHash changed: the secret itself is stored nowhere and cannot be compared. */
  readonly passwordHashVersion?: pulumi.Input<number>;
  /** Refuse to log in by password; true where left out and there is no passwordHash. */
  readonly lockPasswd?: pulumi.Input<boolean>;
}

export interface VirtualMachineCloudInitWriteFileArgs {
  /** Absolute path inside the guest. */
  readonly path: pulumi.Input<string>;
  /** The file's text. */
  readonly content?: pulumi.Input<string>;
  /** The file's text where it must be stored nowhere else. Kept as a secret. */
  readonly secretContent?: pulumi.Input<string>;
  /** Raise it when secretContent changed: the secret itself is stored nowhere and cannot be compared. */
  readonly secretContentVersion?: pulumi.Input<number>;
  /** Permission bits in octal. Default: `"0644"`. */
  readonly permissions?: pulumi.Input<string>;
  /** user:group. A file that is not root's is written after users are made and packages installed. Default: `"root:root"`. */
  readonly owner?: pulumi.Input<string>;
  /** Add to a file that is there instead of replacing it. Default: `false`. */
  readonly append?: pulumi.Input<boolean>;
}

export interface VirtualMachineCloudInitArgs {
  /** The user-data document as it is (#cloud-config, a script, MIME), instead of the short form. */
  readonly userData?: pulumi.Input<string>;
  /** The user-data document where it holds secrets and must be stored nowhere else. Kept as a secret. */
  readonly secretUserData?: pulumi.Input<string>;
  /** Raise it when secretUserData changed: the secret itself is stored nowhere and cannot be compared. */
  readonly secretUserDataVersion?: pulumi.Input<number>;
  /** The meta-data document as it is (YAML). An instance-id is added where it has none. */
  readonly metaData?: pulumi.Input<string>;
  /** The network-config document as it is (YAML, version 1 or 2); the image's own default where left out. */
  readonly networkConfig?: pulumi.Input<string>;
  /** Host name of the guest: letters, digits, - and dots. */
  readonly hostname?: pulumi.Input<string>;
  /** Identity by which cloud-init tells a first boot from a later one. Left out, it follows from what is declared, so that a change makes cloud-init run anew at the next boot. */
  readonly instanceId?: pulumi.Input<string>;
  /** Users to create, by name. The image's default user is made as well only for sshAuthorizedKeys. */
  readonly users?: pulumi.Input<{ readonly [key: string]: pulumi.Input<VirtualMachineCloudInitUserArgs> }>;
  /** Public keys that may log in as the image's default user. */
  readonly sshAuthorizedKeys?: pulumi.Input<ReadonlyArray<pulumi.Input<string>>>;
  /** Packages to install at the first boot. */
  readonly packages?: pulumi.Input<ReadonlyArray<pulumi.Input<string>>>;
  /** Refresh the package lists first. */
  readonly packageUpdate?: pulumi.Input<boolean>;
  /** Files to write at the first boot, in this order, before packages are installed. */
  readonly writeFiles?: pulumi.Input<ReadonlyArray<pulumi.Input<VirtualMachineCloudInitWriteFileArgs>>>;
  /** Shell commands run in this order at the end of the first boot. The first one that fails ends it. */
  readonly runcmd?: pulumi.Input<ReadonlyArray<pulumi.Input<string>>>;
  /** Time zone: Europe/Berlin. */
  readonly timezone?: pulumi.Input<string>;
  /** Locale: C.UTF-8. */
  readonly locale?: pulumi.Input<string>;
}

export interface VirtualMachineProvisionArgs {
  /** What the step is called in progress and errors. */
  readonly name: pulumi.Input<string>;
  /** Lines of a shell script, run with set -e. Default: `[]`. */
  readonly inline?: pulumi.Input<ReadonlyArray<pulumi.Input<string>>>;
  /** A script, run in the guest as it is. Where the engine works on another host, it is read on the machine that asks; host:/PATH is the host's own. */
  readonly file?: pulumi.Input<string>;
  /** Variables of the step's environment. Default: `{}`. */
  readonly environment?: pulumi.Input<{ readonly [key: string]: pulumi.Input<string> }>;
  /** Variables that are secrets; a step that needs them runs in applies alone. Kept as a secret. */
  readonly secretEnvironment?: pulumi.Input<{ readonly [key: string]: pulumi.Input<string> }>;
  /** Raise it when secretEnvironment changed: the secret itself is stored nowhere and cannot be compared. */
  readonly secretEnvironmentVersion?: pulumi.Input<number>;
  /** How the guest is reached. Default: `"auto"`. */
  readonly via?: pulumi.Input<"auto" | "ssh" | "agent">;
  /** As whom it runs; root where left out. */
  readonly user?: pulumi.Input<string>;
  /** Once, or at every start. Default: `"create"`. */
  readonly when?: pulumi.Input<"create" | "always">;
  /** Seconds that the step may take. Default: `1800`. */
  readonly timeout?: pulumi.Input<number>;
}

export interface VirtualMachineWaitForArgs {
  /** What tells that the machine is ready: its guest agent answers, one can log in, cloud-init is done, a port answers, the console shows a text. */
  readonly condition: pulumi.Input<"agent" | "ssh" | "cloud_init" | "port" | "console" | "none">;
  /** Seconds from the start. Default: `600`. */
  readonly timeout?: pulumi.Input<number>;
  /** Port in the guest that must answer (port). */
  readonly port?: pulumi.Input<number>;
  /** Text that the console must show (console). */
  readonly text?: pulumi.Input<string>;
}

export interface VirtualMachineTimeoutsArgs {
  /** Seconds until QEMU runs. Default: `60`. */
  readonly start?: pulumi.Input<number>;
  /** Seconds after asking the guest to shut down (agent or power button). Default: `60`. */
  readonly stop?: pulumi.Input<number>;
  /** Seconds after telling QEMU to quit, before it is killed. Default: `10`. */
  readonly quit?: pulumi.Input<number>;
}

export interface VirtualMachineArgs {
  /** Name, unique among this user's machines: letters, digits, - and _. It is the guest's host name, with - for _, unless cloudInit says otherwise. A change replaces the resource. */
  readonly name: pulumi.Input<string>;
  /** Whether it is to run. Default: `true`. */
  readonly running?: pulumi.Input<boolean>;
  /** Virtual processors. Default: `1`. */
  readonly cpus?: pulumi.Input<number>;
  /** Memory of the guest. Default: `"1G"`. */
  readonly memory?: pulumi.Input<string | number>;
  /** Memory that the guest is to keep, at most memory; the rest goes back to the host. */
  readonly balloon?: pulumi.Input<string | number>;
  /** Machine type; its version is that of the QEMU which made it, and is kept. Default: `"q35"`. */
  readonly machine?: pulumi.Input<"q35" | "pc">;
  /** Processor as QEMU names it; max is all that the host or TCG has. Default: `"max"`. */
  readonly cpuModel?: pulumi.Input<string>;
  /** Firmware; what the image can boot by where left out. UEFI keeps its variables in a file of the machine's own. */
  readonly firmware?: pulumi.Input<"bios" | "uefi">;
  /** UEFI that starts signed loaders alone. Default: `false`. */
  readonly secureBoot?: pulumi.Input<boolean>;
  /** Kernel on the host that is started directly. */
  readonly kernel?: pulumi.Input<string>;
  /** Initial RAM disk on the host for kernel. */
  readonly initrd?: pulumi.Input<string>;
  /** Command line of kernel. */
  readonly cmdline?: pulumi.Input<string>;
  /** A TPM 2.0 by swtpm, whose state is kept with the machine. Default: `false`. */
  readonly tpm?: pulumi.Input<boolean>;
  /** Disks of the machine, by name. Default: `{}`. */
  readonly disks?: pulumi.Input<{ readonly [key: string]: pulumi.Input<VirtualMachineDiskArgs> }>;
  /** Another machine whose written disks this one starts from, by their names; it must not run meanwhile. Disks declared beside them are the machine's own data. */
  readonly templateVm?: pulumi.Input<string>;
  /** An image (path, or id of a disk_image) that the disk named root starts from. It stays as it is. */
  readonly base?: pulumi.Input<string>;
  /** Whether disks of templateVm or base are thin overlays; false copies them whole. Default: `true`. */
  readonly backingFile?: pulumi.Input<boolean>;
  /** always: the machine's own copies of disks are thrown away and made anew at every start; never: they are kept. Left out: always with templateVm or base, never otherwise. */
  readonly recreateOverlay?: pulumi.Input<"always" | "never">;
  /** Whatever the guest writes to any disk is forgotten when it stops (QEMU's -snapshot). Default: `false`. */
  readonly snapshotMode?: pulumi.Input<boolean>;
  /** CD-ROM drives by name. Default: `{}`. */
  readonly cdroms?: pulumi.Input<{ readonly [key: string]: pulumi.Input<VirtualMachineCdromArgs> }>;
  /** Network cards by name. Left out: one named default, of kind user, with a forward named ssh to port 22; an empty map is none. */
  readonly networks?: pulumi.Input<{ readonly [key: string]: pulumi.Input<VirtualMachineNetworkArgs> }>;
  /** Host folders in the guest, by name (the mount tag). Default: `{}`. */
  readonly shares?: pulumi.Input<{ readonly [key: string]: pulumi.Input<VirtualMachineShareArgs> }>;
  /** How the screen can be reached. */
  readonly graphics?: pulumi.Input<VirtualMachineGraphicsArgs>;
  /** How guestkit logs in. */
  readonly ssh?: pulumi.Input<VirtualMachineSshArgs>;
  /** What cloud-init does at the first boot; given to the guest as a NoCloud medium. */
  readonly cloudInit?: pulumi.Input<VirtualMachineCloudInitArgs>;
  /** Scripts run in the guest when it is ready, in order. Default: `[]`. */
  readonly provision?: pulumi.Input<ReadonlyArray<pulumi.Input<VirtualMachineProvisionArgs>>>;
  /** Run every provisioning step at every start, whatever its when says. Default: `false`. */
  readonly provisionAlways?: pulumi.Input<boolean>;
  /** Lines of a shell script run as root in the guest at every start, when it is ready and provisioned. Default: `[]`. */
  readonly startupCommands?: pulumi.Input<ReadonlyArray<pulumi.Input<string>>>;
  /** Lines of a shell script run as root in the guest before it is asked to shut down; within timeouts.stop. What fails is told, and does not keep it from stopping. Default: `[]`. */
  readonly shutdownCommands?: pulumi.Input<ReadonlyArray<pulumi.Input<string>>>;
  /** What vm upgrade runs in the guest as root: apt-get update && apt-get -y dist-upgrade. */
  readonly upgradeCommand?: pulumi.Input<string>;
  /** When the machine is ready, all of it in order; the most that the image can tell where left out. */
  readonly waitFor?: pulumi.Input<ReadonlyArray<pulumi.Input<VirtualMachineWaitForArgs>>>;
  /** A machine that does not become ready: fail makes the apply fail (the machine stays for a look); keep makes it a warning. Default: `"fail"`. */
  readonly onFailure?: pulumi.Input<"fail" | "keep">;
  /** What happens when the guest's kernel panics. Default: `"pause"`. */
  readonly onPanic?: pulumi.Input<"pause" | "poweroff" | "ignore">;
  /** Longest console log; the next command on the machine cuts what is older. Default: `"16M"`. */
  readonly consoleLogSize?: pulumi.Input<string | number>;
  /** Words of your own, for choosing machines. Default: `{}`. */
  readonly labels?: pulumi.Input<{ readonly [key: string]: pulumi.Input<string> }>;
  /** Further arguments of QEMU. Never put a secret here. Default: `[]`. */
  readonly extraArgs?: pulumi.Input<ReadonlyArray<pulumi.Input<string>>>;
  /** Start it with this user's systemd. Default: `false`. */
  readonly autostart?: pulumi.Input<boolean>;
  /** Refuse to destroy or replace the machine. Default: `false`. */
  readonly deleteProtection?: pulumi.Input<boolean>;
  /** What the plan does with a fault that it finds in the image. Default: `"error"`. */
  readonly preflight?: pulumi.Input<"error" | "warn" | "off">;
  /** What the plan does with a fault, rule by rule, by their codes (P_NO_KERNEL). Default: `{}`. */
  readonly preflightRules?: pulumi.Input<{ readonly [key: string]: pulumi.Input<"error" | "warn" | "off"> }>;
  /** Seconds to wait. */
  readonly timeouts?: pulumi.Input<VirtualMachineTimeoutsArgs>;
}

export interface VirtualMachineDisk {
  /** The image: a path on the host, or the id of a disk_image. It is never removed with the machine. */
  readonly image: string;
  /** Format of the image. Left out: what is recorded of it, else what it looks like at its first use, which that use fixes. */
  readonly format?: "qcow2" | "raw";
  /** Let the image lean on files outside its own folder that no record of guestkit's names. Only for images that you know. Default: `false`. */
  readonly allowBackingFiles?: boolean;
  /** The machine writes into a thin copy of its own, kept and removed with it; the image stays as it is. Default: `false`. */
  readonly overlay?: boolean;
  /** Virtual size of the overlay, grown in place; its image's where left out. Only with overlay. */
  readonly size?: string | number;
  /** How the guest sees it: virtio-blk, virtio-scsi, AHCI, IDE (machine pc), NVMe or USB storage. Default: `"virtio"`. */
  readonly bus?: "virtio" | "scsi" | "sata" | "ide" | "nvme" | "usb";
  /** Bytes of a sector as the guest sees the disk, 512 or 4096: partition tables count in it. 4096 with the buses virtio, scsi and nvme alone. Default: `512`. */
  readonly sectorSize?: number;
  /** The guest may not write to it. Default: `false`. */
  readonly readOnly?: boolean;
  /** Whether discarded blocks are given back to the host. Default: `"unmap"`. */
  readonly discard?: "unmap" | "ignore";
  /** QEMU's cache mode. Default: `"writeback"`. */
  readonly cache?: "writeback" | "none" | "writethrough" | "directsync" | "unsafe";
  /** Place in the firmware's order. Where no disk has one: the disk named root, then the others by their names. */
  readonly bootOrder?: number;
  /** Serial number in the guest; the disk's name where left out. */
  readonly serial?: string;
}

export interface VirtualMachineCdrom {
  /** The medium: an ISO on the host, or the id of a cloud_init_seed; none is an empty drive. */
  readonly image?: string;
  /** Place in the firmware's order. */
  readonly bootOrder?: number;
}

export interface VirtualMachineNetworkForward {
  /** Port in the guest. */
  readonly guestPort: number;
  /** Port on the host; 0 picks a free one, which is kept and shown in forwards. Default: `0`. */
  readonly hostPort?: number;
  /** Address on the host that is listened on. Default: `"127.0.0.1"`. */
  readonly hostAddress?: string;
  /** Transport of the forward. Default: `"tcp"`. */
  readonly protocol?: "tcp" | "udp";
}

export interface VirtualMachineNetwork {
  /** user: QEMU's own NAT without privileges; passt: the same by passt; bridge and tap: the host's; link: a private cable to one other machine of this user; socket: a multicast group that any machine of this host may join; stream: a cable over a socket of your own. Default: `"user"`. */
  readonly kind?: "user" | "passt" | "bridge" | "tap" | "link" | "socket" | "stream";
  /** Network card that the guest sees. Default: `"virtio-net-pci"`. */
  readonly model?: "virtio-net-pci" | "e1000" | "e1000e" | "rtl8139";
  /** Hardware address (52:54:00:12:34:56); made from the machine's and the network's name where left out, so that it never changes. */
  readonly mac?: string;
  /** Static addresses with prefix length (10.0.0.2/24), given to the guest by cloud-init; DHCP where empty. On a link one is chosen for each side where empty. Default: `[]`. */
  readonly addresses?: ReadonlyArray<string>;
  /** Ports of the host that lead into the guest, by name (user and passt). Default: `{}`. */
  readonly forwards?: { readonly [key: string]: VirtualMachineNetworkForward };
  /** The guest reaches neither the host nor the outside; forwards still lead in (user). Default: `false`. */
  readonly isolated?: boolean;
  /** Name of the host's bridge (bridge), through QEMU's bridge helper. */
  readonly bridge?: string;
  /** Name of a tap device that exists (tap). */
  readonly tap?: string;
  /** Name of the machine at the other end (link), which names this one in turn; order of starts does not matter. */
  readonly peer?: string;
  /** Multicast address and port (socket): 230.0.0.1:1234; bound to the loopback device. */
  readonly group?: string;
  /** Unix socket (stream). */
  readonly path?: string;
  /** This side waits for the other one to connect (stream). Default: `false`. */
  readonly listen?: boolean;
}

export interface VirtualMachineShare {
  /** Folder on the host. */
  readonly path: string;
  /** How it is carried: 9p and virtiofs by QEMU's devices; sshfs, nfs and smb by a server on the host that this machine alone reaches, through a network of kind user. What host and guest both can where left out. */
  readonly kind?: "9p" | "virtiofs" | "sshfs" | "nfs" | "smb";
  /** Where the guest mounts it (by cloud-init or agent); /mnt/NAME where left out. */
  readonly mount?: string;
  /** The guest may not write to it. Default: `false`. */
  readonly readOnly?: boolean;
  /** Further mount options in the guest (mount -o): noatime. Default: `[]`. */
  readonly options?: ReadonlyArray<string>;
  /** squash: files are the host user's own; map: the guest's owners are kept beside them (9p: mapped-xattr). Default: `"squash"`. */
  readonly ownership?: "squash" | "map";
}

export interface VirtualMachineGraphics {
  /** How the screen can be reached. A screenshot needs none. Default: `"none"`. */
  readonly kind?: "none" | "vnc" | "spice";
  /** Address on the host; a Unix socket in the machine's own folder, for this user alone, where left out. */
  readonly listen?: string;
  /** TCP port; with listen alone 5900 or the next free one. */
  readonly port?: number;
  /** Password of the screen. Kept as a secret. */
  readonly password?: string;
  /** Raise it when password changed: the secret itself is stored nowhere and cannot be compared. */
  readonly passwordVersion?: number;
}

export interface VirtualMachineSsh {
  /** Who logs in; the first user that cloudInit creates, or the image's own where left out. */
  readonly user?: string;
  /** Port in the guest. Default: `22`. */
  readonly port?: number;
  /** Key file; the machine's own, which cloudInit lets in, where left out. Where the engine works on another host, it is read on the machine that asks; host:/PATH is the host's own. */
  readonly privateKey?: string;
  /** The network to go by; the first with a forward to the port where left out. */
  readonly network?: string;
}

export interface VirtualMachineCloudInitUser {
  /** Public keys that may log in. Default: `[]`. */
  readonly sshAuthorizedKeys?: ReadonlyArray<string>;
  /** Groups beside the user's own, by name. Default: `[]`. */
  readonly groups?: ReadonlyArray<string>;
  /** Login shell; the distribution's own where left out. */
  readonly shell?: string;
  /** May become root without a password. Default: `false`. */
  readonly sudo?: boolean;
  /** crypt(3) hash of the password. Kept as a secret. */
  readonly passwordHash?: string;
  /** Raise it when passwordHash changed: the secret itself is stored nowhere and cannot be compared. */
  readonly passwordHashVersion?: number;
  /** Refuse to log in by password; true where left out and there is no passwordHash. */
  readonly lockPasswd?: boolean;
}

export interface VirtualMachineCloudInitWriteFile {
  /** Absolute path inside the guest. */
  readonly path: string;
  /** The file's text. */
  readonly content?: string;
  /** The file's text where it must be stored nowhere else. Kept as a secret. */
  readonly secretContent?: string;
  /** Raise it when secretContent changed: the secret itself is stored nowhere and cannot be compared. */
  readonly secretContentVersion?: number;
  /** Permission bits in octal. Default: `"0644"`. */
  readonly permissions?: string;
  /** user:group. A file that is not root's is written after users are made and packages installed. Default: `"root:root"`. */
  readonly owner?: string;
  /** Add to a file that is there instead of replacing it. Default: `false`. */
  readonly append?: boolean;
}

export interface VirtualMachineCloudInit {
  /** The user-data document as it is (#cloud-config, a script, MIME), instead of the short form. */
  readonly userData?: string;
  /** The user-data document where it holds secrets and must be stored nowhere else. Kept as a secret. */
  readonly secretUserData?: string;
  /** Raise it when secretUserData changed: the secret itself is stored nowhere and cannot be compared. */
  readonly secretUserDataVersion?: number;
  /** The meta-data document as it is (YAML). An instance-id is added where it has none. */
  readonly metaData?: string;
  /** The network-config document as it is (YAML, version 1 or 2); the image's own default where left out. */
  readonly networkConfig?: string;
  /** Host name of the guest: letters, digits, - and dots. */
  readonly hostname?: string;
  /** Identity by which cloud-init tells a first boot from a later one. Left out, it follows from what is declared, so that a change makes cloud-init run anew at the next boot. */
  readonly instanceId?: string;
  /** Users to create, by name. The image's default user is made as well only for sshAuthorizedKeys. */
  readonly users?: { readonly [key: string]: VirtualMachineCloudInitUser };
  /** Public keys that may log in as the image's default user. */
  readonly sshAuthorizedKeys?: ReadonlyArray<string>;
  /** Packages to install at the first boot. */
  readonly packages?: ReadonlyArray<string>;
  /** Refresh the package lists first. */
  readonly packageUpdate?: boolean;
  /** Files to write at the first boot, in this order, before packages are installed. */
  readonly writeFiles?: ReadonlyArray<VirtualMachineCloudInitWriteFile>;
  /** Shell commands run in this order at the end of the first boot. The first one that fails ends it. */
  readonly runcmd?: ReadonlyArray<string>;
  /** Time zone: Europe/Berlin. */
  readonly timezone?: string;
  /** Locale: C.UTF-8. */
  readonly locale?: string;
}

export interface VirtualMachineProvision {
  /** What the step is called in progress and errors. */
  readonly name: string;
  /** Lines of a shell script, run with set -e. Default: `[]`. */
  readonly inline?: ReadonlyArray<string>;
  /** A script, run in the guest as it is. Where the engine works on another host, it is read on the machine that asks; host:/PATH is the host's own. */
  readonly file?: string;
  /** Variables of the step's environment. Default: `{}`. */
  readonly environment?: { readonly [key: string]: string };
  /** Variables that are secrets; a step that needs them runs in applies alone. Kept as a secret. */
  readonly secretEnvironment?: { readonly [key: string]: string };
  /** Raise it when secretEnvironment changed: the secret itself is stored nowhere and cannot be compared. */
  readonly secretEnvironmentVersion?: number;
  /** How the guest is reached. Default: `"auto"`. */
  readonly via?: "auto" | "ssh" | "agent";
  /** As whom it runs; root where left out. */
  readonly user?: string;
  /** Once, or at every start. Default: `"create"`. */
  readonly when?: "create" | "always";
  /** Seconds that the step may take. Default: `1800`. */
  readonly timeout?: number;
}

export interface VirtualMachineWaitFor {
  /** What tells that the machine is ready: its guest agent answers, one can log in, cloud-init is done, a port answers, the console shows a text. */
  readonly condition: "agent" | "ssh" | "cloud_init" | "port" | "console" | "none";
  /** Seconds from the start. Default: `600`. */
  readonly timeout?: number;
  /** Port in the guest that must answer (port). */
  readonly port?: number;
  /** Text that the console must show (console). */
  readonly text?: string;
}

export interface VirtualMachineTimeouts {
  /** Seconds until QEMU runs. Default: `60`. */
  readonly start?: number;
  /** Seconds after asking the guest to shut down (agent or power button). Default: `60`. */
  readonly stop?: number;
  /** Seconds after telling QEMU to quit, before it is killed. Default: `10`. */
  readonly quit?: number;
}

export interface VirtualMachineForward {
  /** The network's name. */
  readonly network: string;
  /** The forward's name. */
  readonly name: string;
  /** tcp or udp. */
  readonly protocol: string;
  /** Address on the host. */
  readonly hostAddress: string;
  /** Port on the host, the picked one where none was declared. */
  readonly hostPort: number;
  /** Port in the guest. */
  readonly guestPort: number;
}

export interface VirtualMachineDrift {
  /** The declared field that it concerns. */
  readonly path: string;
  /** What was found. */
  readonly why: string;
  /** What mends it. */
  readonly action: "update" | "replace";
}

/** A QEMU virtual machine, without root and without a daemon.
 *
 * Makes, starts and keeps a machine on QEMU alone. The plan reads the image that is to boot and refuses what cannot come up; the apply ends when the machine is truthfully ready. What can be changed in place is; what needs a restart is announced. The machine outlives the program that started it, and is seen again by what QEMU itself says.
  */
export class VirtualMachine extends GuestkitResource {
  /** Name, unique among this user's machines: letters, digits, - and _. It is the guest's host name, with - for _, unless cloudInit says otherwise. A change replaces the resource. */
  declare readonly name: pulumi.Output<string>;
  /** Whether it is to run. Default: `true`. */
  declare readonly running: pulumi.Output<boolean | undefined>;
  /** Virtual processors. Default: `1`. */
  declare readonly cpus: pulumi.Output<number | undefined>;
  /** Memory of the guest. Default: `"1G"`. */
  declare readonly memory: pulumi.Output<string | number | undefined>;
  /** Memory that the guest is to keep, at most memory; the rest goes back to the host. */
  declare readonly balloon: pulumi.Output<string | number | undefined>;
  /** Machine type; its version is that of the QEMU which made it, and is kept. Default: `"q35"`. */
  declare readonly machine: pulumi.Output<"q35" | "pc" | undefined>;
  /** Processor as QEMU names it; max is all that the host or TCG has. Default: `"max"`. */
  declare readonly cpuModel: pulumi.Output<string | undefined>;
  /** Firmware; what the image can boot by where left out. UEFI keeps its variables in a file of the machine's own. */
  declare readonly firmware: pulumi.Output<"bios" | "uefi" | undefined>;
  /** UEFI that starts signed loaders alone. Default: `false`. */
  declare readonly secureBoot: pulumi.Output<boolean | undefined>;
  /** Kernel on the host that is started directly. */
  declare readonly kernel: pulumi.Output<string | undefined>;
  /** Initial RAM disk on the host for kernel. */
  declare readonly initrd: pulumi.Output<string | undefined>;
  /** Command line of kernel. */
  declare readonly cmdline: pulumi.Output<string | undefined>;
  /** A TPM 2.0 by swtpm, whose state is kept with the machine. Default: `false`. */
  declare readonly tpm: pulumi.Output<boolean | undefined>;
  /** Disks of the machine, by name. Default: `{}`. */
  declare readonly disks: pulumi.Output<{ readonly [key: string]: VirtualMachineDisk } | undefined>;
  /** Another machine whose written disks this one starts from, by their names; it must not run meanwhile. Disks declared beside them are the machine's own data. */
  declare readonly templateVm: pulumi.Output<string | undefined>;
  /** An image (path, or id of a disk_image) that the disk named root starts from. It stays as it is. */
  declare readonly base: pulumi.Output<string | undefined>;
  /** Whether disks of templateVm or base are thin overlays; false copies them whole. Default: `true`. */
  declare readonly backingFile: pulumi.Output<boolean | undefined>;
  /** always: the machine's own copies of disks are thrown away and made anew at every start; never: they are kept. Left out: always with templateVm or base, never otherwise. */
  declare readonly recreateOverlay: pulumi.Output<"always" | "never" | undefined>;
  /** Whatever the guest writes to any disk is forgotten when it stops (QEMU's -snapshot). Default: `false`. */
  declare readonly snapshotMode: pulumi.Output<boolean | undefined>;
  /** CD-ROM drives by name. Default: `{}`. */
  declare readonly cdroms: pulumi.Output<{ readonly [key: string]: VirtualMachineCdrom } | undefined>;
  /** Network cards by name. Left out: one named default, of kind user, with a forward named ssh to port 22; an empty map is none. */
  declare readonly networks: pulumi.Output<{ readonly [key: string]: VirtualMachineNetwork } | undefined>;
  /** Host folders in the guest, by name (the mount tag). Default: `{}`. */
  declare readonly shares: pulumi.Output<{ readonly [key: string]: VirtualMachineShare } | undefined>;
  /** How the screen can be reached. */
  declare readonly graphics: pulumi.Output<VirtualMachineGraphics | undefined>;
  /** How guestkit logs in. */
  declare readonly ssh: pulumi.Output<VirtualMachineSsh | undefined>;
  /** What cloud-init does at the first boot; given to the guest as a NoCloud medium. */
  declare readonly cloudInit: pulumi.Output<VirtualMachineCloudInit | undefined>;
  /** Scripts run in the guest when it is ready, in order. Default: `[]`. */
  declare readonly provision: pulumi.Output<ReadonlyArray<VirtualMachineProvision> | undefined>;
  /** Run every provisioning step at every start, whatever its when says. Default: `false`. */
  declare readonly provisionAlways: pulumi.Output<boolean | undefined>;
  /** Lines of a shell script run as root in the guest at every start, when it is ready and provisioned. Default: `[]`. */
  declare readonly startupCommands: pulumi.Output<ReadonlyArray<string> | undefined>;
  /** Lines of a shell script run as root in the guest before it is asked to shut down; within timeouts.stop. What fails is told, and does not keep it from stopping. Default: `[]`. */
  declare readonly shutdownCommands: pulumi.Output<ReadonlyArray<string> | undefined>;
  /** What vm upgrade runs in the guest as root: apt-get update && apt-get -y dist-upgrade. */
  declare readonly upgradeCommand: pulumi.Output<string | undefined>;
  /** When the machine is ready, all of it in order; the most that the image can tell where left out. */
  declare readonly waitFor: pulumi.Output<ReadonlyArray<VirtualMachineWaitFor> | undefined>;
  /** A machine that does not become ready: fail makes the apply fail (the machine stays for a look); keep makes it a warning. Default: `"fail"`. */
  declare readonly onFailure: pulumi.Output<"fail" | "keep" | undefined>;
  /** What happens when the guest's kernel panics. Default: `"pause"`. */
  declare readonly onPanic: pulumi.Output<"pause" | "poweroff" | "ignore" | undefined>;
  /** Longest console log; the next command on the machine cuts what is older. Default: `"16M"`. */
  declare readonly consoleLogSize: pulumi.Output<string | number | undefined>;
  /** Words of your own, for choosing machines. Default: `{}`. */
  declare readonly labels: pulumi.Output<{ readonly [key: string]: string } | undefined>;
  /** Further arguments of QEMU. Never put a secret here. Default: `[]`. */
  declare readonly extraArgs: pulumi.Output<ReadonlyArray<string> | undefined>;
  /** Start it with this user's systemd. Default: `false`. */
  declare readonly autostart: pulumi.Output<boolean | undefined>;
  /** Refuse to destroy or replace the machine. Default: `false`. */
  declare readonly deleteProtection: pulumi.Output<boolean | undefined>;
  /** What the plan does with a fault that it finds in the image. Default: `"error"`. */
  declare readonly preflight: pulumi.Output<"error" | "warn" | "off" | undefined>;
  /** What the plan does with a fault, rule by rule, by their codes (P_NO_KERNEL). Default: `{}`. */
  declare readonly preflightRules: pulumi.Output<{ readonly [key: string]: "error" | "warn" | "off" } | undefined>;
  /** Seconds to wait. */
  declare readonly timeouts: pulumi.Output<VirtualMachineTimeouts | undefined>;
  /** What QEMU says of it. */
  declare readonly status: pulumi.Output<"running" | "paused" | "stopped" | "crashed" | "panicked">;
  /** QEMU's process; null where it does not run. */
  declare readonly pid: pulumi.Output<number | undefined>;
  /** kvm, hvf or tcg. */
  declare readonly accelerator: pulumi.Output<string | undefined>;
  /** Machine type with its version: pc-q35-7.2. */
  declare readonly machineType: pulumi.Output<string | undefined>;
  /** Addresses that the guest's agent tells, else those that are declared. */
  declare readonly ipAddresses: pulumi.Output<ReadonlyArray<string>>;
  /** Hardware addresses by network. */
  declare readonly macs: pulumi.Output<{ readonly [key: string]: string }>;
  /** Ports of the host that lead into the guest. */
  declare readonly forwards: pulumi.Output<ReadonlyArray<VirtualMachineForward>>;
  /** Where SSH is reached, on its host; null where it cannot be. */
  declare readonly sshHost: pulumi.Output<string | undefined>;
  /** Port of it. */
  declare readonly sshPort: pulumi.Output<number | undefined>;
  /** Who logs in. */
  declare readonly sshUser: pulumi.Output<string | undefined>;
  /** Private key. Of a machine of another host a copy here. */
  declare readonly sshKeyFile: pulumi.Output<string | undefined>;
  /** File with the guest's host keys. */
  declare readonly sshKnownHosts: pulumi.Output<string | undefined>;
  /** The guest's host keys, as seen at its first start. */
  declare readonly sshHostKeys: pulumi.Output<ReadonlyArray<string>>;
  /** File for ssh -F that leads to a machine of another host, by its name; null on this one. */
  declare readonly sshConfig: pulumi.Output<string | undefined>;
  /** A command that logs in. */
  declare readonly sshCommand: pulumi.Output<string | undefined>;
  /** Where the screen is reached: vnc://..., spice+unix://... */
  declare readonly display: pulumi.Output<string | undefined>;
  /** Whether what its disks start from was changed since its last start; the next start takes it up. */
  declare readonly templateUpgraded: pulumi.Output<boolean>;
  /** File with everything that the serial console showed. */
  declare readonly consoleLog: pulumi.Output<string>;
  /** Where the machine lives. */
  declare readonly directory: pulumi.Output<string>;
  /** Where the machine departs from its declaration; empty when all is as declared. */
  declare readonly drift: pulumi.Output<ReadonlyArray<VirtualMachineDrift>>;

  constructor(name: string, args: VirtualMachineArgs, options: ResourceOptions = {}) {
    super("virtual_machine", name, args, options);
  }

  /** Looks one up that is there already, without taking it into this program's care. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, options: ResourceOptions = {}): VirtualMachine {
    return new VirtualMachine(name, {} as VirtualMachineArgs, { ...options, id });
  }
}

export interface GetVirtualMachineInfoArgs {
  /** The machine's name. */
  readonly name: string;
}

export interface GetVirtualMachineInfoOutputArgs {
  /** The machine's name. */
  readonly name: pulumi.Input<string>;
}

export interface GetVirtualMachineInfoForwardResult {
  /** The network's name. */
  readonly network: string;
  /** The forward's name. */
  readonly name: string;
  /** tcp or udp. */
  readonly protocol: string;
  /** Address on the host. */
  readonly hostAddress: string;
  /** Port on the host, the picked one where none was declared. */
  readonly hostPort: number;
  /** Port in the guest. */
  readonly guestPort: number;
}

export interface GetVirtualMachineInfoMountResult {
  /** Folder on the host. */
  readonly path: string;
  /** Folder in the guest. */
  readonly mount?: string;
  /** How it is carried. */
  readonly kind: string;
  /** The guest may not write to it. */
  readonly readOnly: boolean;
  /** By the declaration; otherwise by vm mount, for this run alone. */
  readonly declared: boolean;
}

export interface GetVirtualMachineInfoResult {
  /** The machine's name. */
  readonly name: string;
  /** What QEMU says of it. */
  readonly status: "running" | "paused" | "stopped" | "crashed" | "panicked";
  /** QEMU's process; null where it does not run. */
  readonly pid?: number;
  /** kvm, hvf or tcg. */
  readonly accelerator?: string;
  /** Machine type with its version: pc-q35-7.2. */
  readonly machineType?: string;
  /** Virtual processors. */
  readonly cpus: number;
  /** Memory of the guest in bytes. */
  readonly memory: number;
  /** Seconds since QEMU was started. */
  readonly uptime?: number;
  /** Addresses that the guest's agent tells now. */
  readonly ipAddresses: ReadonlyArray<string>;
  /** Host name that the agent tells. */
  readonly hostname?: string;
  /** Operating system that the agent tells. */
  readonly os?: string;
  /** Whether the guest agent answers. */
  readonly agent: boolean;
  /** Ports of the host that lead into the guest. */
  readonly forwards: ReadonlyArray<GetVirtualMachineInfoForwardResult>;
  /** Where SSH is reached, on its host; null where it cannot be. */
  readonly sshHost?: string;
  /** Port of it. */
  readonly sshPort?: number;
  /** Who logs in. */
  readonly sshUser?: string;
  /** A command that logs in. */
  readonly sshCommand?: string;
  /** Whether what its disks start from was changed since its last start; the next start takes it up. */
  readonly templateUpgraded: boolean;
  /** File with everything that the serial console showed. */
  readonly consoleLog: string;
  /** Where the machine lives. */
  readonly directory: string;
  /** QEMU's arguments as it was, or would be, started. */
  readonly commandLine: ReadonlyArray<string>;
  /** Host folders that the guest has now. */
  readonly mounts: ReadonlyArray<GetVirtualMachineInfoMountResult>;
  /** Whose it is, FACE:PROJECT (guestkit.yaml:shop, terraform:1b2c...); null where nobody in particular owns it. */
  readonly owner?: string;
  /** The project file of an owner that has no name but a UUID. */
  readonly ownerFile?: string;
  /** Why it did not become ready, where that was kept. */
  readonly failure?: string;
  /** What was odd. */
  readonly warnings: ReadonlyArray<string>;
}

/** A machine as it is now: state, addresses, ways in.
 *
 * What QEMU, the guest's agent and the machine's own files tell. Nothing is started or changed.
  */
export function getVirtualMachineInfo(args: GetVirtualMachineInfoArgs, where: HostOptions = {}): Promise<GetVirtualMachineInfoResult> {
  return query("virtual_machine_info", args, where) as Promise<GetVirtualMachineInfoResult>;
}

/** getVirtualMachineInfo with outputs as arguments; a preview asks only when what they come from is there. */
export function getVirtualMachineInfoOutput(
  args: GetVirtualMachineInfoOutputArgs,
  where: HostOptions = {},
): pulumi.Output<GetVirtualMachineInfoResult> {
  return queryOutput("virtual_machine_info", args, where) as pulumi.Output<GetVirtualMachineInfoResult>;
}

export interface GetVirtualMachineCheckArgs {
  /** A machine that is there. */
  readonly name?: string;
  /** An image to judge instead: a path, or the id of a disk_image. */
  readonly image?: string;
  /** Firmware that is to boot it; what it can boot by where left out. */
  readonly firmware?: "bios" | "uefi";
  /** UEFI that starts signed loaders alone. Default: `false`. */
  readonly secureBoot?: boolean;
  /** Processor as QEMU names it. Default: `"max"`. */
  readonly cpuModel?: string;
  /** How the guest is to see the disk. Default: `"virtio"`. */
  readonly bus?: "virtio" | "scsi" | "sata" | "ide" | "nvme" | "usb";
  /** Bytes of a sector of the disk, 512 or 4096. Default: `512`. */
  readonly sectorSize?: number;
  /** Who is to log in. */
  readonly user?: string;
  /** cloud-init is going to be told something. Default: `false`. */
  readonly cloudInit?: boolean;
  /** What is going to be waited for. Default: `[]`. */
  readonly waitFor?: ReadonlyArray<"agent" | "ssh" | "cloud_init" | "console">;
  /** How host folders are to be shared. */
  readonly shareKind?: "9p" | "virtiofs";
}

export interface GetVirtualMachineCheckOutputArgs {
  /** A machine that is there. */
  readonly name?: pulumi.Input<string>;
  /** An image to judge instead: a path, or the id of a disk_image. */
  readonly image?: pulumi.Input<string>;
  /** Firmware that is to boot it; what it can boot by where left out. */
  readonly firmware?: pulumi.Input<"bios" | "uefi">;
  /** UEFI that starts signed loaders alone. Default: `false`. */
  readonly secureBoot?: pulumi.Input<boolean>;
  /** Processor as QEMU names it. Default: `"max"`. */
  readonly cpuModel?: pulumi.Input<string>;
  /** How the guest is to see the disk. Default: `"virtio"`. */
  readonly bus?: pulumi.Input<"virtio" | "scsi" | "sata" | "ide" | "nvme" | "usb">;
  /** Bytes of a sector of the disk, 512 or 4096. Default: `512`. */
  readonly sectorSize?: pulumi.Input<number>;
  /** Who is to log in. */
  readonly user?: pulumi.Input<string>;
  /** cloud-init is going to be told something. Default: `false`. */
  readonly cloudInit?: pulumi.Input<boolean>;
  /** What is going to be waited for. Default: `[]`. */
  readonly waitFor?: pulumi.Input<ReadonlyArray<pulumi.Input<"agent" | "ssh" | "cloud_init" | "console">>>;
  /** How host folders are to be shared. */
  readonly shareKind?: pulumi.Input<"9p" | "virtiofs">;
}

export interface GetVirtualMachineCheckFindingResult {
  /** error or warning. */
  readonly severity: string;
  /** The rule: docs/preflight.md tells of it, preflight_rules turns it off. */
  readonly code: string;
  /** The declared field that it concerns. */
  readonly field: string;
  /** What is so. */
  readonly message: string;
  /** The way out. */
  readonly help: string;
}

export interface GetVirtualMachineCheckResult {
  /** A machine that is there. */
  readonly name?: string;
  /** An image to judge instead: a path, or the id of a disk_image. */
  readonly image?: string;
  /** UEFI that starts signed loaders alone. Default: `false`. */
  readonly secureBoot?: boolean;
  /** Processor as QEMU names it. Default: `"max"`. */
  readonly cpuModel?: string;
  /** How the guest is to see the disk. Default: `"virtio"`. */
  readonly bus?: "virtio" | "scsi" | "sata" | "ide" | "nvme" | "usb";
  /** Bytes of a sector of the disk, 512 or 4096. Default: `512`. */
  readonly sectorSize?: number;
  /** Who is to log in. */
  readonly user?: string;
  /** cloud-init is going to be told something. Default: `false`. */
  readonly cloudInit?: boolean;
  /** What is going to be waited for. Default: `[]`. */
  readonly waitFor?: ReadonlyArray<"agent" | "ssh" | "cloud_init" | "console">;
  /** How host folders are to be shared. */
  readonly shareKind?: "9p" | "virtiofs";
  /** Faults; empty where none is known. */
  readonly findings: ReadonlyArray<GetVirtualMachineCheckFindingResult>;
  /** Firmware that it would boot by. */
  readonly firmware?: string;
  /** What would be waited for where nothing is said. */
  readonly readyBy: ReadonlyArray<string>;
  /** Who would log in. */
  readonly sshUser?: string;
  /** 2 where a finding is an error, else 0. */
  readonly exitCode: number;
}

/** What would keep a machine from coming up, as its image tells.
 *
 * Reads what is to boot, as a plan does, and names every fault that it can know of beforehand: of a machine that is there, or of an image with what is said beside it. Nothing is started or changed.
  */
export function getVirtualMachineCheck(args: GetVirtualMachineCheckArgs, where: HostOptions = {}): Promise<GetVirtualMachineCheckResult> {
  return query("virtual_machine_check", args, where) as Promise<GetVirtualMachineCheckResult>;
}

/** getVirtualMachineCheck with outputs as arguments; a preview asks only when what they come from is there. */
export function getVirtualMachineCheckOutput(
  args: GetVirtualMachineCheckOutputArgs,
  where: HostOptions = {},
): pulumi.Output<GetVirtualMachineCheckResult> {
  return queryOutput("virtual_machine_check", args, where) as pulumi.Output<GetVirtualMachineCheckResult>;
}

export interface GetVirtualMachinesArgs {
}

export interface GetVirtualMachinesOutputArgs {
}

export interface GetVirtualMachinesMachineResult {
  /** Name. */
  readonly name: string;
  /** What QEMU says of it. */
  readonly status: string;
  /** QEMU's process. */
  readonly pid?: number;
  /** Virtual processors. */
  readonly cpus: number;
  /** Bytes. */
  readonly memory: number;
  /** kvm, hvf or tcg. */
  readonly accelerator?: string;
  /** An address of its own, else where its SSH server is forwarded to on this host (HOST:PORT). */
  readonly address?: string;
  /** Seconds since QEMU was started. */
  readonly uptime?: number;
  /** Port of the host that leads to its SSH server. */
  readonly sshPort?: number;
  /** Whether what its disks start from was changed since its last start; the next start takes it up. */
  readonly templateUpgraded: boolean;
  /** Whether nothing of it remains when the command that made it ends. */
  readonly disposable: boolean;
  /** In words: disposable, template upgraded. */
  readonly notes: ReadonlyArray<string>;
  /** What is odd: logs that have outgrown their limits. */
  readonly warnings: ReadonlyArray<string>;
  /** Whose it is, FACE:PROJECT (guestkit.yaml:shop, terraform:1b2c...); null where nobody in particular owns it. */
  readonly owner?: string;
  /** The project file of an owner that has no name but a UUID. */
  readonly ownerFile?: string;
  /** Words of its owner. */
  readonly labels: { readonly [key: string]: string };
}

export interface GetVirtualMachinesResult {
  /** Machines by name. */
  readonly machines: ReadonlyArray<GetVirtualMachinesMachineResult>;
}

/** This user's machines
 *
 * Every machine with what QEMU says of it.
  */
export function getVirtualMachines(args: GetVirtualMachinesArgs, where: HostOptions = {}): Promise<GetVirtualMachinesResult> {
  return query("virtual_machines", args, where) as Promise<GetVirtualMachinesResult>;
}

/** getVirtualMachines with outputs as arguments; a preview asks only when what they come from is there. */
export function getVirtualMachinesOutput(
  args: GetVirtualMachinesOutputArgs,
  where: HostOptions = {},
): pulumi.Output<GetVirtualMachinesResult> {
  return queryOutput("virtual_machines", args, where) as pulumi.Output<GetVirtualMachinesResult>;
}

export interface GetVmSnapshotsArgs {
  /** The machine's name. */
  readonly name: string;
}

export interface GetVmSnapshotsOutputArgs {
  /** The machine's name. */
  readonly name: pulumi.Input<string>;
}

export interface GetVmSnapshotsSnapshotResult {
  /** Name. */
  readonly name: string;
  /** When it was taken, ISO 8601. */
  readonly createdAt: string;
  /** Whether the guest's memory is in it. */
  readonly memory: boolean;
  /** Bytes of the memory; 0 without. */
  readonly vmStateSize: number;
}

export interface GetVmSnapshotsResult {
  /** The machine's name. */
  readonly name: string;
  /** Snapshots, the oldest first. */
  readonly snapshots: ReadonlyArray<GetVmSnapshotsSnapshotResult>;
}

/** The snapshots of a machine
 *
 * Those that all of its written disks have.
  */
export function getVmSnapshots(args: GetVmSnapshotsArgs, where: HostOptions = {}): Promise<GetVmSnapshotsResult> {
  return query("vm_snapshots", args, where) as Promise<GetVmSnapshotsResult>;
}

/** getVmSnapshots with outputs as arguments; a preview asks only when what they come from is there. */
export function getVmSnapshotsOutput(
  args: GetVmSnapshotsOutputArgs,
  where: HostOptions = {},
): pulumi.Output<GetVmSnapshotsResult> {
  return queryOutput("vm_snapshots", args, where) as pulumi.Output<GetVmSnapshotsResult>;
}

export interface GetVmUsageArgs {
  /** Machines; all that run where left out. Default: `[]`. */
  readonly names?: ReadonlyArray<string>;
  /** Seconds over which is measured. Default: `1`. */
  readonly interval?: number;
}

export interface GetVmUsageOutputArgs {
  /** Machines; all that run where left out. Default: `[]`. */
  readonly names?: pulumi.Input<ReadonlyArray<pulumi.Input<string>>>;
  /** Seconds over which is measured. Default: `1`. */
  readonly interval?: pulumi.Input<number>;
}

export interface GetVmUsageMachineResult {
  /** Name. */
  readonly name: string;
  /** When it was measured, ISO 8601. */
  readonly time: string;
  /** What QEMU says of it; not answering where QEMU says nothing. */
  readonly status: string;
  /** Seconds since QEMU was started. */
  readonly uptime?: number;
  /** Processor time of QEMU's process; 100 is one processor of the host; null where nothing tells. */
  readonly cpuPercent?: number;
  /** The same of each virtual processor's thread; null where several share one. */
  readonly vcpuPercent: ReadonlyArray<number>;
  /** Bytes that it was started with. */
  readonly memory?: number;
  /** Bytes of the host's memory that QEMU's process occupies. */
  readonly residentMemory?: number;
  /** Bytes that the balloon leaves to the guest. */
  readonly balloonMemory?: number;
  /** Bytes that the guest cannot do without, as its balloon driver tells. */
  readonly guestUsedMemory?: number;
  /** Bytes a second that the guest reads from its disks; null where nothing tells. */
  readonly diskReadBytes?: number;
  /** Bytes a second that it writes; null where nothing tells. */
  readonly diskWriteBytes?: number;
  /** Reads a second; null where nothing tells. */
  readonly diskReads?: number;
  /** Writes a second; null where nothing tells. */
  readonly diskWrites?: number;
  /** Bytes a second that the guest receives; null where nothing tells. */
  readonly networkReceivedBytes?: number;
  /** Bytes a second that it sends; null where nothing tells. */
  readonly networkSentBytes?: number;
  /** Who tells of the network: host (its tap devices) or guest (its agent). */
  readonly networkSource?: string;
}

export interface GetVmUsageResult {
  /** Machines; all that run where left out. Default: `[]`. */
  readonly names?: ReadonlyArray<string>;
  /** Seconds over which is measured. Default: `1`. */
  readonly interval?: number;
  /** Machines that run, by name. */
  readonly machines: ReadonlyArray<GetVmUsageMachineResult>;
}

/** What machines use
 *
 * Processor time, memory, disk and network of the machines that run, measured over a moment: from QEMU's process, its monitor, and what the guest tells of itself. guestkit vm top on the command line shows it live.
  */
export function getVmUsage(args: GetVmUsageArgs, where: HostOptions = {}): Promise<GetVmUsageResult> {
  return query("vm_usage", args, where) as Promise<GetVmUsageResult>;
}

/** getVmUsage with outputs as arguments; a preview asks only when what they come from is there. */
export function getVmUsageOutput(
  args: GetVmUsageOutputArgs,
  where: HostOptions = {},
): pulumi.Output<GetVmUsageResult> {
  return queryOutput("vm_usage", args, where) as pulumi.Output<GetVmUsageResult>;
}

export interface GetCiJobsArgs {
}

export interface GetCiJobsOutputArgs {
}

export interface GetCiJobsJobResult {
  /** Name. */
  readonly name: string;
  /** Where it comes from; null where the file cannot be read. */
  readonly repository?: string;
  /** Branch or tag. */
  readonly ref?: string;
  /** When its timer fires; null without one. */
  readonly onCalendar?: string;
  /** passed, unchanged, failed, refused, interrupted, running; null before the first run. */
  readonly result?: string;
  /** The commit. */
  readonly commit?: string;
  /** When it ended, ISO 8601. */
  readonly endedAt?: string;
}

export interface GetCiJobsResult {
  /** Jobs by name. */
  readonly jobs: ReadonlyArray<GetCiJobsJobResult>;
}

/** The CI jobs of this host
 *
 * Every job that is declared in the configuration folder, with its timer and its last run.
  */
export function getCiJobs(args: GetCiJobsArgs, where: HostOptions = {}): Promise<GetCiJobsResult> {
  return query("ci_jobs", args, where) as Promise<GetCiJobsResult>;
}

/** getCiJobs with outputs as arguments; a preview asks only when what they come from is there. */
export function getCiJobsOutput(
  args: GetCiJobsOutputArgs,
  where: HostOptions = {},
): pulumi.Output<GetCiJobsResult> {
  return queryOutput("ci_jobs", args, where) as pulumi.Output<GetCiJobsResult>;
}

export interface GetCiStatusArgs {
  /** The job's name on this host. */
  readonly job?: string;
  /** The job's file; guestkit/ci/JOB.yaml in the configuration folder where left out. */
  readonly config?: string;
}

export interface GetCiStatusOutputArgs {
  /** The job's name on this host. */
  readonly job?: pulumi.Input<string>;
  /** The job's file; guestkit/ci/JOB.yaml in the configuration folder where left out. */
  readonly config?: pulumi.Input<string>;
}

export interface GetCiStatusStepResult {
  /** fetch, verify, check out, plan, apply, recycle web, provision web. */
  readonly name: string;
  /** passed, failed, refused, unchanged, skipped or interrupted. */
  readonly result: string;
  /** How long it took. */
  readonly seconds: number;
  /** What it did, or why it failed. */
  readonly detail: string;
}

export interface GetCiStatusResult {
  /** The job's name on this host. */
  readonly job?: string;
  /** The job's file; guestkit/ci/JOB.yaml in the configuration folder where left out. */
  readonly config?: string;
  /** passed, unchanged, failed, refused, interrupted, running; null before the first run. */
  readonly result?: string;
  /** The commit. */
  readonly commit?: string;
  /** When it ended, ISO 8601. */
  readonly endedAt?: string;
  /** Why it failed or was refused. */
  readonly reason?: string;
  /** Whose signature the commit has. */
  readonly signer?: string;
  /** When it started, ISO 8601. */
  readonly startedAt?: string;
  /** What was done, in order. */
  readonly steps: ReadonlyArray<GetCiStatusStepResult>;
  /** The page of the report. */
  readonly report: string;
  /** The run's log. */
  readonly log?: string;
}

/** The last run of a CI job
 *
 * What status.json in the job's report says.
  */
export function getCiStatus(args: GetCiStatusArgs, where: HostOptions = {}): Promise<GetCiStatusResult> {
  return query("ci_status", args, where) as Promise<GetCiStatusResult>;
}

/** getCiStatus with outputs as arguments; a preview asks only when what they come from is there. */
export function getCiStatusOutput(
  args: GetCiStatusOutputArgs,
  where: HostOptions = {},
): pulumi.Output<GetCiStatusResult> {
  return queryOutput("ci_status", args, where) as pulumi.Output<GetCiStatusResult>;
}
