/* Written by scripts/generate.ts from core/generated/schemas. */
/** What each schema that guestkit publishes describes, by the schema's name. */

export type FlatpaksReport = {
  /** An application, or what applications run in. */
  kind: "app" | "runtime";
  /** Its ID: org.gnome.Calculator. */
  name: string;
  /** Architecture: x86_64. */
  arch: string;
  /** Branch: stable, 23.08. */
  branch: string;
  /** Its makers' own version. */
  version: string | null;
  /** Its licence, as it says. */
  license: string | null;
  /** Of an application what it runs in: org.gnome.Platform/x86_64/46. */
  runtime: string | null;
  /** The remote that it came from. */
  origin: string | null;
  /** What is installed: 64 hexadecimal digits. */
  commit: string;
  /** Bytes installed, as flatpak says. */
  size: number | null;
  /** Whose installation it is in; null for the system's. */
  user: string | null;
}[];
export type LanguagesReport = {
  /** Its kind, as package URLs name it: cargo, gem, golang, maven, npm or pypi. */
  ecosystem: "cargo" | "gem" | "golang" | "maven" | "npm" | "pypi";
  /** Name, as its ecosystem spells it: @scope/name, group:artifact, github.com/a/b. */
  name: string;
  /** Version; null where none is told. */
  version: string | null;
  /** What tells of it: metadata, or the program that it is part of. */
  path: string;
  /** Package URL: pkg:npm/%40scope/name@1.0.0; null where none would find it. */
  purl: string | null;
}[];
export type ServicesReport = {
  /** Unit or script: ssh.service, getty@tty1.service, sshd. */
  name: string;
  /** Whose it is. */
  kind: "systemd" | "sysv" | "openrc" | "runit";
  /** As systemctl is-enabled says it; scripts are enabled or disabled. */
  state:
    | "enabled"
    | "enabled-runtime"
    | "linked"
    | "linked-runtime"
    | "alias"
    | "masked"
    | "masked-runtime"
    | "static"
    | "indirect"
    | "disabled"
    | "generated"
    | "transient"
    | "bad";
  /** What presets say; null where there is nothing to enable. */
  preset: ("enabled" | "disabled") | null;
  /** What pulls it in: multi-user.target, a runlevel. */
  wanted_by: string[];
  /** Its file, before links are followed. */
  file: string;
}[];
/** A package that is installed in an image: a line */
export type Package = PackageReport;
/**
 * One output of a project file
 *
 * Its value.
 */
export type Output = unknown;
/**
 * A message of guestkit rpc: a line
 *
 * An answer, a failure, progress of a request, or a question.
 */
export type RpcMessage = RpcAnswer | RpcFailure | RpcProgress | RpcQuestion;

export interface Documents {
  "guestkit.yaml": ProjectFile;
  "ci-job": CiJobFile;
  "check-rules": CheckRulesFile;
  failure: Failure;
  "log-line": LogLine;
  inspected: Inspected;
  package: Package;
  change: Change;
  "journal-entry": JournalEntry;
  "file-entry": FileEntry;
  copied: Copied;
  "sbom-file": SbomFile;
  check: Check;
  validation: Validation;
  plan: Plan;
  outputs: Outputs;
  output: Output;
  resource: Resource;
  "kvmxfile-import": KvmxfileImport;
  "ssh-config": SshConfig;
  "machine-result": MachineResult;
  "machine-summary": MachineSummary;
  "ci-report": CiReport;
  progress: Progress;
  doctor: Doctor;
  pruned: Pruned;
  version: Version;
  "rpc-request": RpcRequest;
  "rpc-message": RpcMessage;
  disk_image: DiskImage;
  cloud_init_seed: CloudInitSeed;
  inspection: Inspection;
  image_info: ImageInfo;
  file_content: FileContent;
  image_diff: ImageDiff;
  image_sbom: ImageSbom;
  copy: Copy;
  virtual_machine: VirtualMachine;
  virtual_machine_info: VirtualMachineInfo;
  virtual_machine_check: VirtualMachineCheck;
  vm_disposable: VmDisposable;
  vm_disposable_run: VmDisposableRun;
  virtual_machines: VirtualMachines;
  vm_up: VmUp;
  vm_stop: VmStop;
  vm_kill: VmKill;
  vm_restart: VmRestart;
  vm_suspend: VmSuspend;
  vm_resume: VmResume;
  vm_destroy: VmDestroy;
  vm_provision: VmProvision;
  vm_exec: VmExec;
  vm_screenshot: VmScreenshot;
  vm_mount: VmMount;
  vm_umount: VmUmount;
  vm_snapshot_take: VmSnapshotTake;
  vm_snapshots: VmSnapshots;
  vm_snapshot_revert: VmSnapshotRevert;
  vm_snapshot_delete: VmSnapshotDelete;
  vm_foreach: VmForeach;
  vm_usage: VmUsage;
  vm_recycle: VmRecycle;
  vm_run: VmRun;
  vm_upgrade: VmUpgrade;
  vm_rsync: VmRsync;
  vm_rename: VmRename;
  vm_mat: VmMat;
  vm_pdf_cleaner: VmPdfCleaner;
  vm_clamav: VmClamav;
  ci_job: CiJob;
  ci_run: CiRun;
  ci_jobs: CiJobs;
  ci_status: CiStatus;
  ci_install: CiInstall;
  ci_uninstall: CiUninstall;
  key_pair: KeyPair;
  password_hash: PasswordHash;
  file_secret: FileSecret;
  parse_size: ParseSize;
  mac_for: MacFor;
  file_digest: FileDigest;
}
/** guestkit.yaml */
export interface ProjectFile {
  /** Version of the file's format. */
  version: 1;
  /** Who owns the things, as records have it: a name of this project alone. */
  project?: string;
  /** Values that are given from outside: --var, --var-file, GUESTKIT_VAR_NAME. */
  variables?: {
    [k: string]: {
      /** That of the default where left out, else string. */
      type?: "string" | "number" | "bool" | "list" | "map";
      /** The value where none is given. Left out: one must be given. */
      default?: unknown;
      /** The value is shown nowhere. */
      sensitive?: boolean;
      /** What it is for. */
      description?: string;
    } | null;
  };
  /** What opens encrypted devices: by device, UUID or "*" for any. ${env.NAME} keeps it out of the file. */
  keys?: {
    [k: string]: {
      /** The passphrase. */
      passphrase?: string;
      /** A file that is the key, all of it. */
      file?: string;
      /** A file with the device's LUKS header, where that stands apart from it. */
      header?: string;
    };
  };
  /** Machines beside this one that the file has things on, reached by SSH; an entry names one by host. */
  hosts?: {
    [k: string]: {
      /** ssh://user@host:port, or a name of ssh_config; the host's own name where left out. */
      address?: string;
      /** Whether guestkit is brought there where it is not; false: it is installed there already. */
      remote_install?: boolean | string;
    } | null;
  };
  /** Things whose address has changed: each stays as it is, under its new one. */
  moved?: {
    /** The address before: virtual_machine.old. */
    from: string;
    /** The address now, which the file declares. */
    to: string;
  }[];
  resources?: {
    /**
     * A disk image: blank, copied from a source, layered over another, or built from packages.
     *
     * Makes and keeps a disk image without root and without a daemon. What is declared inside it (files, packages) is read back from the image itself, so that tampering is seen by the next plan. Growing is in place; shrinking is refused; an immutable field that changes replaces the image.
     */
    disk_image?: {
      [k: string]: {
        /** Where the image lies on the host. */
        path: string;
        /** Disk format: qcow2 grows as it is written, raw is the bytes themselves. */
        format?: ("qcow2" | "raw") | string;
        /** Virtual size. Left out, it is what the source, backing file or bootstrap needs. */
        size?: (string | number) | string;
        /** The image starts as a copy of this. */
        source?:
          | {
              /** A path, or a file:, http: or https: address without name and password. Another signature, or with the same sha256 another place, is no change. Where the engine works on another host, it is read on the machine that asks; host:/PATH is the host's own. */
              url: string;
              /** SHA-256 of the bytes that are fetched, checked while they stream: in hexadecimal, or the path or address of a file of checksums that lists the source by its name (SHA256SUMS), read at create. Where the engine works on another host, it is read on the machine that asks; host:/PATH is the host's own. */
              sha256?: string;
              /** SHA-512 of the bytes that are fetched: in hexadecimal, or a file of checksums (SHA512SUMS). Where the engine works on another host, it is read on the machine that asks; host:/PATH is the host's own. */
              sha512?: string;
              /** SHA-256 of what a compressed source (gzip, xz, zstd, bzip2) holds: in hexadecimal, or a file of checksums that lists the source by its name without .gz, .xz, .zst or .bz2. Where the engine works on another host, it is read on the machine that asks; host:/PATH is the host's own. */
              unpacked_sha256?: string;
              /** Public keys (gpg --export) one of which must have signed the file of checksums, in itself or beside it (.gpg, .asc, .sig, .sign). Where the engine works on another host, it is read on the machine that asks; host:/PATH is the host's own. */
              keyring?: string;
              /** Format of the source, or of the disk in it where that is an archive. Left out: what is recorded of it, else what it looks like at its first use, which that use fixes. */
              format?:
                | ("qcow2" | "raw" | "vmdk" | "vhd" | "vhdx" | "vdi" | "qed" | "parallels" | "qcow" | "split" | "ova")
                | string;
              /** Name of the member that is the disk, where the source is an archive (OVA, tar). Left out: the only disk that its OVF names. */
              member?: string;
              /** Let the source lean on files outside its own folder that no record of guestkit's names; they become part of the image. Only for sources that you know. */
              allow_backing_files?: boolean | string;
              /** HTTP headers sent with the request. */
              headers?:
                | {
                    [k: string]: string;
                  }
                | string;
              /** Raise it when headers changed: the secret itself is stored nowhere and cannot be compared. */
              headers_version?: number | string;
              /** Proxy address without name and password; the environment's (https_proxy) where left out. */
              proxy?: string;
              /** What the proxy is to let us in for: its Proxy-Authorization header (Basic ...). */
              proxy_authorization?: string;
              /** Raise it when proxy_authorization changed: the secret itself is stored nowhere and cannot be compared. */
              proxy_authorization_version?: number | string;
              /** PEM file of further certificate authorities. Where the engine works on another host, it is read on the machine that asks; host:/PATH is the host's own. */
              ca_file?: string;
            }
          | string;
        /** The image is a thin overlay over this one (qcow2 only). */
        backing_file?: string;
        /** Format of backing_file. Left out: what is recorded of it, else what it looks like at its first use, which that use fixes. */
        backing_format?: ("qcow2" | "raw") | string;
        /** Let backing_file lean on files outside its own folder that no record of guestkit's names. Only for images that you know. */
        allow_backing_files?: boolean | string;
        /** The image is built from a distribution's packages by an ordinary user. */
        bootstrap?:
          | {
              /** The family that is built. */
              distribution?: "debian" | string;
              /** Release by code name or suite. */
              release?: string;
              /** How much of the base system is installed (mmdebstrap's variants). */
              variant?: ("apt" | "minbase" | "important" | "standard") | string;
              /** Packages installed beside the variant's. One that is missing from the image later is drift. */
              packages?: string[] | string;
              /** Host name written to /etc/hostname: letters, digits, - and dots. */
              hostname?: string;
              /** Users to create, by name. */
              users?:
                | {
                    [k: string]:
                      | {
                          /** Public keys that may log in. */
                          ssh_authorized_keys?: string[] | string;
                          /** Groups beside the user's own, by name. */
                          groups?: string[] | string;
                          /** Login shell: a path in the image. */
                          shell?: string;
                          /** May become root without a password (installs sudo). */
                          sudo?: boolean | string;
                          /** crypt(3) hash of the password; none locks it. */
                          password_hash?: string;
                          /** Raise it when password_hash changed: the secret itself is stored nowhere and cannot be compared. */
                          password_hash_version?: number | string;
                        }
                      | string;
                  }
                | string;
              /** Kernel package, or "none" for an image that does not boot by itself. */
              kernel?: string;
              /** Kernel command line besides root= and ro. */
              cmdline?: string;
              /** Debian architecture. */
              architecture?: "amd64" | string;
              /** Archive components. */
              components?: string[] | string;
              /** Archive address; the host's own apt sources where left out. No name or password: docs/disk-image.md. */
              mirror?: string;
              /** Keyring that signs the archive; Debian's own where left out. Where the engine works on another host, it is read on the machine that asks; host:/PATH is the host's own. */
              keyring?: string;
              /** Date of the archive (20261101T000000Z), through a snapshot mirror given as mirror with {snapshot} in it. */
              snapshot?: string;
            }
          | string;
        /** Partitions and file systems of a blank image. */
        layout?:
          | {
              /** Partition table. */
              scheme?: ("gpt" | "mbr") | string;
              /** Partitions in disk order. */
              partitions:
                | (
                    | {
                        /** The partition's name, unique in the layout; written as GPT partition name. */
                        name: string;
                        /** Size; the last partition may leave it out and takes the rest of the disk. */
                        size?: (string | number) | string;
                        /** What it is for: sets the GPT type GUID or the MBR type byte. */
                        type?:
                          | ("linux" | "root" | "home" | "esp" | "bios_boot" | "swap" | "xbootldr" | "lvm" | "raid")
                          | string;
                        /** File system made in it; none leaves it blank. */
                        filesystem?: ("ext4" | "vfat" | "swap" | "xfs" | "btrfs") | string;
                        /** Label of the file system. */
                        label?: string;
                        /** UUID of the file system; chosen at create where left out. */
                        uuid?: string;
                        /** What the file system holds from the start (ext4 and vfat). */
                        content?:
                          | {
                              /** A directory copied into the file system. Where the engine works on another host, it is read on the machine that asks; host:/PATH is the host's own. */
                              directory?: string;
                              /** A tar archive unpacked into the file system. Where the engine works on another host, it is read on the machine that asks; host:/PATH is the host's own. */
                              tar?: string;
                            }
                          | string;
                      }
                    | string
                  )[]
                | string;
            }
          | string;
        /** Files to add to the image or to change in it. One that is no longer declared stays. */
        files?:
          | (
              | {
                  /** Absolute path inside the image. */
                  path: string;
                  /** The file's text. */
                  content?: string;
                  /** A file whose bytes it gets. Where the engine works on another host, it is read on the machine that asks; host:/PATH is the host's own. */
                  source?: string;
                  /** The file's text where it must be stored nowhere else. */
                  secret_content?: string;
                  /** Raise it when secret_content changed: the secret itself is stored nowhere and cannot be compared. */
                  secret_content_version?: number | string;
                  /** Permission bits in octal. */
                  mode?: string;
                  /** Number of the user that owns it. */
                  uid?: number | string;
                  /** Number of its group. */
                  gid?: number | string;
                }
              | string
            )[]
          | string;
        /** Rules over what is in the image. What it is made of is judged by the plan where it is there, the image after each apply that makes or changes it. */
        checks?:
          | {
              /** Sets of rules that guestkit brings along; a rule of the same name stands above theirs. */
              profiles?: (("golden-image" | "hardened") | string)[] | string;
              /** What has to hold, each rule by a name of its own. */
              rules?:
                | {
                    [k: string]:
                      | {
                          /** What it asks for, in a sentence; told where it is not so. */
                          title?: string;
                          /** How bad it is where it does not hold; info is told and stops nothing. */
                          severity?: ("info" | "low" | "medium" | "high" | "critical") | string;
                          /** A package, its presence and version. */
                          package?:
                            | {
                                /** Name of the package; * and ? stand for other characters. */
                                name: string;
                                /** Whether it is to be there; optional says what holds of it where it is. */
                                state?: ("present" | "absent" | "optional") | string;
                                /** Versions that are right, in the order of the system's own package manager: ">= 3.0.15", ">= 1:9.2, < 1:10". Of several that are installed each has to be right. */
                                version?: string;
                              }
                            | string;
                          /** A file: whether it is there, whose it is, what is in it. */
                          file?:
                            | {
                                /** Absolute path inside the image; links are followed. */
                                path: string;
                                /** Whether the file is to be there. */
                                state?: ("present" | "absent" | "optional") | string;
                                /** What it has to be; a symlink is not followed. */
                                type?: ("file" | "directory" | "symlink") | string;
                                /** Name or number of the user who has to own it. */
                                owner?: string;
                                /** Name or number of its group. */
                                group?: string;
                                /** Permission bits in octal, all of them: 0644. */
                                mode?: string;
                                /** Permission bits in octal of which it may have none but these: 0640. */
                                mode_at_most?: string;
                                /** Digest of the whole content: 64 hexadecimal digits. */
                                sha256?: string;
                                /** Text that has to be in it. */
                                contains?: string;
                                /** Text that must not be in it. */
                                lacks?: string;
                                /** Regular expression that a line has to match; without back references and looking around. */
                                matches?: string;
                                /** Regular expression that no line may match. */
                                matches_not?: string;
                              }
                            | string;
                          /** A service, and whether it starts by itself. */
                          service?:
                            | {
                                /** Name of the service: sshd, fstrim.timer. */
                                name: string;
                                /** What it is to be at the next start; masked is disabled as well. */
                                state: ("enabled" | "disabled" | "masked") | string;
                              }
                            | string;
                          /** A user: whether there is one, and how. */
                          user?:
                            | {
                                /** Name of the user. */
                                name: string;
                                /** Whether the user is to be there. */
                                state?: ("present" | "absent" | "optional") | string;
                                /** Number that the user has to have. */
                                uid?: number | string;
                                /** Shell that the user has to have: /usr/sbin/nologin. */
                                shell?: string;
                                /** Whether a password lets nobody in as this user. */
                                locked?: boolean | string;
                                /** Names of groups that the user has to be in. */
                                groups?: string[] | string;
                              }
                            | string;
                          /** A setting of the SSH server. */
                          sshd?:
                            | {
                                /** Keyword of sshd_config: PermitRootLogin. What a Match block says for some counts as well. */
                                setting: string;
                                /** Values of which the effective one has to be one, in any case. */
                                allowed: string[] | string;
                              }
                            | string;
                          /** Certificates in the usual places of servers, and for how long they are good. */
                          certificates?:
                            | {
                                /** Path of the certificate inside the image; * and ? stand for other characters. Left out: all that are found. */
                                path?: string;
                                /** Days for which each has to be good, from today on. */
                                days?: number | string;
                              }
                            | string;
                          /** What must not be left in an image that is copied: keys, tokens, history, logs. */
                          leftovers?:
                            | {
                                /** What must not be left of the system that the image came from. */
                                kinds:
                                  | (
                                      | (
                                          | "host_keys"
                                          | "private_keys"
                                          | "authorized_keys"
                                          | "tokens"
                                          | "history"
                                          | "machine_id"
                                          | "random_seed"
                                          | "logs"
                                          | "leases"
                                          | "cloud_init"
                                          | "caches"
                                          | "temporary"
                                        )
                                      | string
                                    )[]
                                  | string;
                                /** Paths that may be there all the same; * and ? stand for other characters. */
                                allowed?: string[] | string;
                              }
                            | string;
                        }
                      | string;
                  }
                | string;
              /** Rules that need not hold for a while, and why. */
              waivers?:
                | (
                    | {
                        /** Name of the rule that need not hold. */
                        check: string;
                        /** Why it need not. */
                        reason: string;
                        /** Last day on which the waiver counts, in UTC: 2027-01-31. */
                        until: string;
                      }
                    | string
                  )[]
                | string;
              /** File with more rules and waivers, as guestkit check takes it. Where the engine works on another host, it is read on the machine that asks; host:/PATH is the host's own. */
              file?: string;
              /** A rule that does not hold: fail makes the apply fail (the image stays for a look, and the next apply makes it anew); keep makes it a warning. */
              on_failure?: ("fail" | "keep") | string;
            }
          | string;
        /** Permission bits of the file in octal, for those who share it; by the umask where left out, and 0600 where the image holds secrets. */
        mode?: string;
        /** Replace a file at path that guestkit did not make. */
        overwrite?: boolean | string;
        /** Refuse to destroy or replace the image. */
        delete_protection?: boolean | string;
        /** A thing for each name of a list, or key of a map: ${each.key} and ${each.value} are there for each. */
        for_each?: (string | number)[] | {} | string;
        /** The host of the section hosts that it is on; this one where left out. ${each.key} may name it. */
        host?: string;
      };
    };
    /**
     * A medium from which cloud-init reads what a new machine is to be (NoCloud).
     *
     * Writes an ISO 9660 image labelled cidata with user-data, meta-data and network-config, readable by its owner alone. The same declaration makes the same bytes on every host, and the file is not touched while they are equal. A change of what is declared changes the instance-id, so that cloud-init runs anew at the next boot. A virtual_machine makes a seed of its own from cloud_init: this resource is for other hypervisors and for seeds that several machines share.
     */
    cloud_init_seed?: {
      [k: string]: {
        /** Where the image lies on the host. */
        path: string;
        /** The user-data document as it is (#cloud-config, a script, MIME), instead of the short form. */
        user_data?: string;
        /** The user-data document where it holds secrets and must be stored nowhere else. */
        secret_user_data?: string;
        /** Raise it when secret_user_data changed: the secret itself is stored nowhere and cannot be compared. */
        secret_user_data_version?: number | string;
        /** The meta-data document as it is (YAML). An instance-id is added where it has none. */
        meta_data?: string;
        /** The network-config document as it is (YAML, version 1 or 2); the image's own default where left out. */
        network_config?: string;
        /** Host name of the guest: letters, digits, - and dots. */
        hostname?: string;
        /** Identity by which cloud-init tells a first boot from a later one. Left out, it follows from what is declared, so that a change makes cloud-init run anew at the next boot. */
        instance_id?: string;
        /** Users to create, by name. The image's default user is made as well only for ssh_authorized_keys. */
        users?:
          | {
              [k: string]:
                | {
                    /** Public keys that may log in. */
                    ssh_authorized_keys?: string[] | string;
                    /** Groups beside the user's own, by name. */
                    groups?: string[] | string;
                    /** Login shell; the distribution's own where left out. */
                    shell?: string;
                    /** May become root without a password. */
                    sudo?: boolean | string;
                    /** crypt(3) hash of the password. */
                    password_hash?: string;
                    /** Raise it when password_hash changed: the secret itself is stored nowhere and cannot be compared. */
                    password_hash_version?: number | string;
                    /** Refuse to log in by password; true where left out and there is no password_hash. */
                    lock_passwd?: boolean | string;
                  }
                | string;
            }
          | string;
        /** Public keys that may log in as the image's default user. */
        ssh_authorized_keys?: string[] | string;
        /** Packages to install at the first boot. */
        packages?: string[] | string;
        /** Refresh the package lists first. */
        package_update?: boolean | string;
        /** Files to write at the first boot, in this order, before packages are installed. */
        write_files?:
          | (
              | {
                  /** Absolute path inside the guest. */
                  path: string;
                  /** The file's text. */
                  content?: string;
                  /** The file's text where it must be stored nowhere else. */
                  secret_content?: string;
                  /** Raise it when secret_content changed: the secret itself is stored nowhere and cannot be compared. */
                  secret_content_version?: number | string;
                  /** Permission bits in octal. */
                  permissions?: string;
                  /** user:group. A file that is not root's is written after users are made and packages installed. */
                  owner?: string;
                  /** Add to a file that is there instead of replacing it. */
                  append?: boolean | string;
                }
              | string
            )[]
          | string;
        /** Shell commands run in this order at the end of the first boot. The first one that fails ends it. */
        runcmd?: string[] | string;
        /** Time zone: Europe/Berlin. */
        timezone?: string;
        /** Locale: C.UTF-8. */
        locale?: string;
        /** Replace a file at path that guestkit did not make. */
        overwrite?: boolean | string;
        /** A thing for each name of a list, or key of a map: ${each.key} and ${each.value} are there for each. */
        for_each?: (string | number)[] | {} | string;
        /** The host of the section hosts that it is on; this one where left out. ${each.key} may name it. */
        host?: string;
      };
    };
    /**
     * A QEMU virtual machine, without root and without a daemon.
     *
     * Makes, starts and keeps a machine on QEMU alone. The plan reads the image that is to boot and refuses what cannot come up; the apply ends when the machine is truthfully ready. What can be changed in place is; what needs a restart is announced. The machine outlives the program that started it, and is seen again by what QEMU itself says.
     */
    virtual_machine?: {
      [k: string]: {
        /** Name, unique among this user's machines: letters, digits, - and _. It is the guest's host name, with - for _, unless cloud_init says otherwise. */
        name: string;
        /** Whether it is to run. */
        running?: boolean | string;
        /** Virtual processors. */
        cpus?: number | string;
        /** Memory of the guest. */
        memory?: (string | number) | string;
        /** Memory that the guest is to keep, at most memory; the rest goes back to the host. */
        balloon?: (string | number) | string;
        /** Machine type; its version is that of the QEMU which made it, and is kept. */
        machine?: ("q35" | "pc") | string;
        /** Processor as QEMU names it; max is all that the host or TCG has. */
        cpu_model?: string;
        /** Firmware; what the image can boot by where left out. UEFI keeps its variables in a file of the machine's own. */
        firmware?: ("bios" | "uefi") | string;
        /** UEFI that starts signed loaders alone. */
        secure_boot?: boolean | string;
        /** Kernel on the host that is started directly. */
        kernel?: string;
        /** Initial RAM disk on the host for kernel. */
        initrd?: string;
        /** Command line of kernel. */
        cmdline?: string;
        /** A TPM 2.0 by swtpm, whose state is kept with the machine. */
        tpm?: boolean | string;
        /** Disks of the machine, by name. */
        disks?:
          | {
              [k: string]:
                | {
                    /** The image: a path on the host, or the id of a disk_image. It is never removed with the machine. */
                    image: string;
                    /** Format of the image. Left out: what is recorded of it, else what it looks like at its first use, which that use fixes. */
                    format?: ("qcow2" | "raw") | string;
                    /** Let the image lean on files outside its own folder that no record of guestkit's names. Only for images that you know. */
                    allow_backing_files?: boolean | string;
                    /** The machine writes into a thin copy of its own, kept and removed with it; the image stays as it is. */
                    overlay?: boolean | string;
                    /** Virtual size of the overlay, grown in place; its image's where left out. Only with overlay. */
                    size?: (string | number) | string;
                    /** How the guest sees it: virtio-blk, virtio-scsi, AHCI, IDE (machine pc), NVMe or USB storage. */
                    bus?: ("virtio" | "scsi" | "sata" | "ide" | "nvme" | "usb") | string;
                    /** Bytes of a sector as the guest sees the disk, 512 or 4096: partition tables count in it. 4096 with the buses virtio, scsi and nvme alone. */
                    sector_size?: number | string;
                    /** The guest may not write to it. */
                    read_only?: boolean | string;
                    /** Whether discarded blocks are given back to the host. */
                    discard?: ("unmap" | "ignore") | string;
                    /** QEMU's cache mode. */
                    cache?: ("writeback" | "none" | "writethrough" | "directsync" | "unsafe") | string;
                    /** Place in the firmware's order. Where no disk has one: the disk named root, then the others by their names. */
                    boot_order?: number | string;
                    /** Serial number in the guest; the disk's name where left out. */
                    serial?: string;
                  }
                | string;
            }
          | string;
        /** Another machine whose written disks this one starts from, by their names; it must not run meanwhile. Disks declared beside them are the machine's own data. */
        template_vm?: string;
        /** An image (path, or id of a disk_image) that the disk named root starts from. It stays as it is. */
        base?: string;
        /** Whether disks of template_vm or base are thin overlays; false copies them whole. */
        backing_file?: boolean | string;
        /** always: the machine's own copies of disks are thrown away and made anew at every start; never: they are kept. Left out: always with template_vm or base, never otherwise. */
        recreate_overlay?: ("always" | "never") | string;
        /** Whatever the guest writes to any disk is forgotten when it stops (QEMU's -snapshot). */
        snapshot_mode?: boolean | string;
        /** CD-ROM drives by name. */
        cdroms?:
          | {
              [k: string]:
                | {
                    /** The medium: an ISO on the host, or the id of a cloud_init_seed; none is an empty drive. */
                    image?: string;
                    /** Place in the firmware's order. */
                    boot_order?: number | string;
                  }
                | string;
            }
          | string;
        /** Network cards by name. Left out: one named default, of kind user, with a forward named ssh to port 22; an empty map is none. */
        networks?:
          | {
              [k: string]:
                | {
                    /** user: QEMU's own NAT without privileges; passt: the same by passt; bridge and tap: the host's; link: a private cable to one other machine of this user; socket: a multicast group that any machine of this host may join; stream: a cable over a socket of your own. */
                    kind?: ("user" | "passt" | "bridge" | "tap" | "link" | "socket" | "stream") | string;
                    /** Network card that the guest sees. */
                    model?: ("virtio-net-pci" | "e1000" | "e1000e" | "rtl8139") | string;
                    /** Hardware address (52:54:00:12:34:56); made from the machine's and the network's name where left out, so that it never changes. */
                    mac?: string;
                    /** Static addresses with prefix length (10.0.0.2/24), given to the guest by cloud-init; DHCP where empty. On a link one is chosen for each side where empty. */
                    addresses?: string[] | string;
                    /** Ports of the host that lead into the guest, by name (user and passt). */
                    forwards?:
                      | {
                          [k: string]:
                            | {
                                /** Port in the guest. */
                                guest_port: number | string;
                                /** Port on the host; 0 picks a free one, which is kept and shown in forwards. */
                                host_port?: number | string;
                                /** Address on the host that is listened on. */
                                host_address?: string;
                                /** Transport of the forward. */
                                protocol?: ("tcp" | "udp") | string;
                              }
                            | string;
                        }
                      | string;
                    /** The guest reaches neither the host nor the outside; forwards still lead in (user). */
                    isolated?: boolean | string;
                    /** Name of the host's bridge (bridge), through QEMU's bridge helper. */
                    bridge?: string;
                    /** Name of a tap device that exists (tap). */
                    tap?: string;
                    /** Name of the machine at the other end (link), which names this one in turn; order of starts does not matter. */
                    peer?: string;
                    /** Multicast address and port (socket): 230.0.0.1:1234; bound to the loopback device. */
                    group?: string;
                    /** Unix socket (stream). */
                    path?: string;
                    /** This side waits for the other one to connect (stream). */
                    listen?: boolean | string;
                  }
                | string;
            }
          | string;
        /** Host folders in the guest, by name (the mount tag). */
        shares?:
          | {
              [k: string]:
                | {
                    /** Folder on the host. */
                    path: string;
                    /** How it is carried: 9p and virtiofs by QEMU's devices; sshfs, nfs and smb by a server on the host that this machine alone reaches, through a network of kind user. What host and guest both can where left out. */
                    kind?: ("9p" | "virtiofs" | "sshfs" | "nfs" | "smb") | string;
                    /** Where the guest mounts it (by cloud-init or agent); /mnt/NAME where left out. */
                    mount?: string;
                    /** The guest may not write to it. */
                    read_only?: boolean | string;
                    /** Further mount options in the guest (mount -o): noatime. */
                    options?: string[] | string;
                    /** squash: files are the host user's own; map: the guest's owners are kept beside them (9p: mapped-xattr). */
                    ownership?: ("squash" | "map") | string;
                  }
                | string;
            }
          | string;
        /** How the screen can be reached. */
        graphics?:
          | {
              /** How the screen can be reached. A screenshot needs none. */
              kind?: ("none" | "vnc" | "spice") | string;
              /** Address on the host; a Unix socket in the machine's own folder, for this user alone, where left out. */
              listen?: string;
              /** TCP port; with listen alone 5900 or the next free one. */
              port?: number | string;
              /** Password of the screen. */
              password?: string;
              /** Raise it when password changed: the secret itself is stored nowhere and cannot be compared. */
              password_version?: number | string;
            }
          | string;
        /** How guestkit logs in. */
        ssh?:
          | {
              /** Who logs in; the first user that cloud_init creates, or the image's own where left out. */
              user?: string;
              /** Port in the guest. */
              port?: number | string;
              /** Key file; the machine's own, which cloud_init lets in, where left out. Where the engine works on another host, it is read on the machine that asks; host:/PATH is the host's own. */
              private_key?: string;
              /** The network to go by; the first with a forward to the port where left out. */
              network?: string;
            }
          | string;
        /** What cloud-init does at the first boot; given to the guest as a NoCloud medium. */
        cloud_init?:
          | {
              /** The user-data document as it is (#cloud-config, a script, MIME), instead of the short form. */
              user_data?: string;
              /** The user-data document where it holds secrets and must be stored nowhere else. */
              secret_user_data?: string;
              /** Raise it when secret_user_data changed: the secret itself is stored nowhere and cannot be compared. */
              secret_user_data_version?: number | string;
              /** The meta-data document as it is (YAML). An instance-id is added where it has none. */
              meta_data?: string;
              /** The network-config document as it is (YAML, version 1 or 2); the image's own default where left out. */
              network_config?: string;
              /** Host name of the guest: letters, digits, - and dots. */
              hostname?: string;
              /** Identity by which cloud-init tells a first boot from a later one. Left out, it follows from what is declared, so that a change makes cloud-init run anew at the next boot. */
              instance_id?: string;
              /** Users to create, by name. The image's default user is made as well only for ssh_authorized_keys. */
              users?:
                | {
                    [k: string]:
                      | {
                          /** Public keys that may log in. */
                          ssh_authorized_keys?: string[] | string;
                          /** Groups beside the user's own, by name. */
                          groups?: string[] | string;
                          /** Login shell; the distribution's own where left out. */
                          shell?: string;
                          /** May become root without a password. */
                          sudo?: boolean | string;
                          /** crypt(3) hash of the password. */
                          password_hash?: string;
                          /** Raise it when password_hash changed: the secret itself is stored nowhere and cannot be compared. */
                          password_hash_version?: number | string;
                          /** Refuse to log in by password; true where left out and there is no password_hash. */
                          lock_passwd?: boolean | string;
                        }
                      | string;
                  }
                | string;
              /** Public keys that may log in as the image's default user. */
              ssh_authorized_keys?: string[] | string;
              /** Packages to install at the first boot. */
              packages?: string[] | string;
              /** Refresh the package lists first. */
              package_update?: boolean | string;
              /** Files to write at the first boot, in this order, before packages are installed. */
              write_files?:
                | (
                    | {
                        /** Absolute path inside the guest. */
                        path: string;
                        /** The file's text. */
                        content?: string;
                        /** The file's text where it must be stored nowhere else. */
                        secret_content?: string;
                        /** Raise it when secret_content changed: the secret itself is stored nowhere and cannot be compared. */
                        secret_content_version?: number | string;
                        /** Permission bits in octal. */
                        permissions?: string;
                        /** user:group. A file that is not root's is written after users are made and packages installed. */
                        owner?: string;
                        /** Add to a file that is there instead of replacing it. */
                        append?: boolean | string;
                      }
                    | string
                  )[]
                | string;
              /** Shell commands run in this order at the end of the first boot. The first one that fails ends it. */
              runcmd?: string[] | string;
              /** Time zone: Europe/Berlin. */
              timezone?: string;
              /** Locale: C.UTF-8. */
              locale?: string;
            }
          | string;
        /** Scripts run in the guest when it is ready, in order. */
        provision?:
          | (
              | {
                  /** What the step is called in progress and errors. */
                  name: string;
                  /** Lines of a shell script, run with set -e. */
                  inline?: string[] | string;
                  /** A script, run in the guest as it is. Where the engine works on another host, it is read on the machine that asks; host:/PATH is the host's own. */
                  file?: string;
                  /** Variables of the step's environment. */
                  environment?:
                    | {
                        [k: string]: string;
                      }
                    | string;
                  /** Variables that are secrets; a step that needs them runs in applies alone. */
                  secret_environment?:
                    | {
                        [k: string]: string;
                      }
                    | string;
                  /** Raise it when secret_environment changed: the secret itself is stored nowhere and cannot be compared. */
                  secret_environment_version?: number | string;
                  /** How the guest is reached. */
                  via?: ("auto" | "ssh" | "agent") | string;
                  /** As whom it runs; root where left out. */
                  user?: string;
                  /** Once, or at every start. */
                  when?: ("create" | "always") | string;
                  /** Seconds that the step may take. */
                  timeout?: number | string;
                }
              | string
            )[]
          | string;
        /** Run every provisioning step at every start, whatever its when says. */
        provision_always?: boolean | string;
        /** Lines of a shell script run as root in the guest at every start, when it is ready and provisioned. */
        startup_commands?: string[] | string;
        /** Lines of a shell script run as root in the guest before it is asked to shut down; within timeouts.stop. What fails is told, and does not keep it from stopping. */
        shutdown_commands?: string[] | string;
        /** What vm upgrade runs in the guest as root: apt-get update && apt-get -y dist-upgrade. */
        upgrade_command?: string;
        /** When the machine is ready, all of it in order; the most that the image can tell where left out. */
        wait_for?:
          | (
              | {
                  /** What tells that the machine is ready: its guest agent answers, one can log in, cloud-init is done, a port answers, the console shows a text. */
                  condition: ("agent" | "ssh" | "cloud_init" | "port" | "console" | "none") | string;
                  /** Seconds from the start. */
                  timeout?: number | string;
                  /** Port in the guest that must answer (port). */
                  port?: number | string;
                  /** Text that the console must show (console). */
                  text?: string;
                }
              | string
            )[]
          | string;
        /** A machine that does not become ready: fail makes the apply fail (the machine stays for a look); keep makes it a warning. */
        on_failure?: ("fail" | "keep") | string;
        /** What happens when the guest's kernel panics. */
        on_panic?: ("pause" | "poweroff" | "ignore") | string;
        /** Longest console log; the next command on the machine cuts what is older. */
        console_log_size?: (string | number) | string;
        /** Words of your own, for choosing machines. */
        labels?:
          | {
              [k: string]: string;
            }
          | string;
        /** Further arguments of QEMU. Never put a secret here. */
        extra_args?: string[] | string;
        /** Start it with this user's systemd. */
        autostart?: boolean | string;
        /** Refuse to destroy or replace the machine. */
        delete_protection?: boolean | string;
        /** What the plan does with a fault that it finds in the image. */
        preflight?: ("error" | "warn" | "off") | string;
        /** What the plan does with a fault, rule by rule, by their codes (P_NO_KERNEL). */
        preflight_rules?:
          | {
              [k: string]: "error" | "warn" | "off" | string;
            }
          | string;
        /** Seconds to wait. */
        timeouts?:
          | {
              /** Seconds until QEMU runs. */
              start?: number | string;
              /** Seconds after asking the guest to shut down (agent or power button). */
              stop?: number | string;
              /** Seconds after telling QEMU to quit, before it is killed. */
              quit?: number | string;
            }
          | string;
        /** A thing for each name of a list, or key of a map: ${each.key} and ${each.value} are there for each. */
        for_each?: (string | number)[] | {} | string;
        /** The host of the section hosts that it is on; this one where left out. ${each.key} may name it. */
        host?: string;
      };
    };
  };
  queries?: {
    /**
     * What is inside an image: operating system, packages, users, file systems.
     *
     * Opens the image without mounting it, finds the operating systems in it and gathers their facts. An image without one is an answer, not an error: the same fields, null or empty.
     */
    inspection?: {
      [k: string]: {
        /** The image: a path on the host, or the id of a disk_image. */
        disk_image: string;
        /** The image's own format; what is recorded of it, else what it looks like where left out. Never seen by itself: split (a raw disk in files disk.001, disk.002, ...) and luks. */
        image_format?:
          | (
              | "qcow2"
              | "raw"
              | "vmdk"
              | "vhd"
              | "vhdx"
              | "vdi"
              | "qed"
              | "parallels"
              | "qcow"
              | "luks"
              | "split"
              | "ova"
            )
          | string;
        /** Further disks of the same machine, in its order (sdb, sdc): what lies on several disks is read as a whole. */
        with?: string[] | string;
        /** Number of the image's partition to look into; the system's root, or the only file system, where left out. */
        partition?: number | string;
        /** The file system to look into, by any name of its device: /dev/sda1, /dev/vg0/root, btrfsvol:/dev/sda3/root. */
        filesystem?: string;
        /** An internal snapshot's id or name, instead of the present state. */
        snapshot?: string;
        /** Groups of facts to gather beside those that always are: all, or their names. */
        facts?:
          | (
              | (
                  | "access"
                  | "boot"
                  | "containers"
                  | "flatpaks"
                  | "history"
                  | "languages"
                  | "schedule"
                  | "security"
                  | "services"
                  | "storage"
                  | "all"
                )
              | string
            )[]
          | string;
        /** Rules over what is in the image. */
        checks?:
          | {
              /** Sets of rules that guestkit brings along; a rule of the same name stands above theirs. */
              profiles?: (("golden-image" | "hardened") | string)[] | string;
              /** What has to hold, each rule by a name of its own. */
              rules?:
                | {
                    [k: string]:
                      | {
                          /** What it asks for, in a sentence; told where it is not so. */
                          title?: string;
                          /** How bad it is where it does not hold; info is told and stops nothing. */
                          severity?: ("info" | "low" | "medium" | "high" | "critical") | string;
                          /** A package, its presence and version. */
                          package?:
                            | {
                                /** Name of the package; * and ? stand for other characters. */
                                name: string;
                                /** Whether it is to be there; optional says what holds of it where it is. */
                                state?: ("present" | "absent" | "optional") | string;
                                /** Versions that are right, in the order of the system's own package manager: ">= 3.0.15", ">= 1:9.2, < 1:10". Of several that are installed each has to be right. */
                                version?: string;
                              }
                            | string;
                          /** A file: whether it is there, whose it is, what is in it. */
                          file?:
                            | {
                                /** Absolute path inside the image; links are followed. */
                                path: string;
                                /** Whether the file is to be there. */
                                state?: ("present" | "absent" | "optional") | string;
                                /** What it has to be; a symlink is not followed. */
                                type?: ("file" | "directory" | "symlink") | string;
                                /** Name or number of the user who has to own it. */
                                owner?: string;
                                /** Name or number of its group. */
                                group?: string;
                                /** Permission bits in octal, all of them: 0644. */
                                mode?: string;
                                /** Permission bits in octal of which it may have none but these: 0640. */
                                mode_at_most?: string;
                                /** Digest of the whole content: 64 hexadecimal digits. */
                                sha256?: string;
                                /** Text that has to be in it. */
                                contains?: string;
                                /** Text that must not be in it. */
                                lacks?: string;
                                /** Regular expression that a line has to match; without back references and looking around. */
                                matches?: string;
                                /** Regular expression that no line may match. */
                                matches_not?: string;
                              }
                            | string;
                          /** A service, and whether it starts by itself. */
                          service?:
                            | {
                                /** Name of the service: sshd, fstrim.timer. */
                                name: string;
                                /** What it is to be at the next start; masked is disabled as well. */
                                state: ("enabled" | "disabled" | "masked") | string;
                              }
                            | string;
                          /** A user: whether there is one, and how. */
                          user?:
                            | {
                                /** Name of the user. */
                                name: string;
                                /** Whether the user is to be there. */
                                state?: ("present" | "absent" | "optional") | string;
                                /** Number that the user has to have. */
                                uid?: number | string;
                                /** Shell that the user has to have: /usr/sbin/nologin. */
                                shell?: string;
                                /** Whether a password lets nobody in as this user. */
                                locked?: boolean | string;
                                /** Names of groups that the user has to be in. */
                                groups?: string[] | string;
                              }
                            | string;
                          /** A setting of the SSH server. */
                          sshd?:
                            | {
                                /** Keyword of sshd_config: PermitRootLogin. What a Match block says for some counts as well. */
                                setting: string;
                                /** Values of which the effective one has to be one, in any case. */
                                allowed: string[] | string;
                              }
                            | string;
                          /** Certificates in the usual places of servers, and for how long they are good. */
                          certificates?:
                            | {
                                /** Path of the certificate inside the image; * and ? stand for other characters. Left out: all that are found. */
                                path?: string;
                                /** Days for which each has to be good, from today on. */
                                days?: number | string;
                              }
                            | string;
                          /** What must not be left in an image that is copied: keys, tokens, history, logs. */
                          leftovers?:
                            | {
                                /** What must not be left of the system that the image came from. */
                                kinds:
                                  | (
                                      | (
                                          | "host_keys"
                                          | "private_keys"
                                          | "authorized_keys"
                                          | "tokens"
                                          | "history"
                                          | "machine_id"
                                          | "random_seed"
                                          | "logs"
                                          | "leases"
                                          | "cloud_init"
                                          | "caches"
                                          | "temporary"
                                        )
                                      | string
                                    )[]
                                  | string;
                                /** Paths that may be there all the same; * and ? stand for other characters. */
                                allowed?: string[] | string;
                              }
                            | string;
                        }
                      | string;
                  }
                | string;
              /** Rules that need not hold for a while, and why. */
              waivers?:
                | (
                    | {
                        /** Name of the rule that need not hold. */
                        check: string;
                        /** Why it need not. */
                        reason: string;
                        /** Last day on which the waiver counts, in UTC: 2027-01-31. */
                        until: string;
                      }
                    | string
                  )[]
                | string;
              /** File with more rules and waivers, as guestkit check takes it. Where the engine works on another host, it is read on the machine that asks; host:/PATH is the host's own. */
              file?: string;
              /** A rule that does not hold: keep tells it in failed_checks; fail makes reading the image an error. */
              on_failure?: ("fail" | "keep") | string;
            }
          | string;
        /** A thing for each name of a list, or key of a map: ${each.key} and ${each.value} are there for each. */
        for_each?: (string | number)[] | {} | string;
        /** The host of the section hosts that it is on; this one where left out. ${each.key} may name it. */
        host?: string;
      };
    };
    /**
     * What an image is: format, sizes, parents, snapshots, partitions and what is made of them.
     *
     * Reads the image's own headers and partition table, and finds the arrays, logical volumes, encrypted devices and subvolumes in it. Nothing is mounted and nothing is changed.
     */
    image_info?: {
      [k: string]: {
        /** The image: a path on the host, or the id of a disk_image. */
        disk_image: string;
        /** The image's own format; what is recorded of it, else what it looks like where left out. Never seen by itself: split (a raw disk in files disk.001, disk.002, ...) and luks. */
        image_format?:
          | (
              | "qcow2"
              | "raw"
              | "vmdk"
              | "vhd"
              | "vhdx"
              | "vdi"
              | "qed"
              | "parallels"
              | "qcow"
              | "luks"
              | "split"
              | "ova"
            )
          | string;
        /** Further disks of the same machine, in its order (sdb, sdc): what lies on several disks is read as a whole. */
        with?: string[] | string;
        /** A thing for each name of a list, or key of a map: ${each.key} and ${each.value} are there for each. */
        for_each?: (string | number)[] | {} | string;
        /** The host of the section hosts that it is on; this one where left out. ${each.key} may name it. */
        host?: string;
      };
    };
    /**
     * A file inside an image: its bytes and what is known of it.
     *
     * Reads one regular file out of an image without mounting it. Symbolic links are followed as the guest would follow them and never lead to the host. A file that is not there, or past the limit, is an error.
     */
    file_content?: {
      [k: string]: {
        /** The image: a path on the host, or the id of a disk_image. */
        disk_image: string;
        /** Absolute path inside the image. */
        path?: string;
        /** The path in base64, for one that is no UTF-8; goes before path. */
        path_base64?: string;
        /** The image's own format; what is recorded of it, else what it looks like where left out. Never seen by itself: split (a raw disk in files disk.001, disk.002, ...) and luks. */
        image_format?:
          | (
              | "qcow2"
              | "raw"
              | "vmdk"
              | "vhd"
              | "vhdx"
              | "vdi"
              | "qed"
              | "parallels"
              | "qcow"
              | "luks"
              | "split"
              | "ova"
            )
          | string;
        /** Further disks of the same machine, in its order (sdb, sdc): what lies on several disks is read as a whole. */
        with?: string[] | string;
        /** Number of the image's partition to look into; the system's root, or the only file system, where left out. */
        partition?: number | string;
        /** The file system to look into, by any name of its device: /dev/sda1, /dev/vg0/root, btrfsvol:/dev/sda3/root. */
        filesystem?: string;
        /** An internal snapshot's id or name, instead of the present state. */
        snapshot?: string;
        /** A file that is larger is refused. */
        limit?: (string | number) | string;
        /** A thing for each name of a list, or key of a map: ${each.key} and ${each.value} are there for each. */
        for_each?: (string | number)[] | {} | string;
        /** The host of the section hosts that it is on; this one where left out. ${each.key} may name it. */
        host?: string;
      };
    };
    /**
     * What differs between two images: packages, users, services, files.
     *
     * Compares what is inside, without a boot: systems are paired by their order, files by their paths; one that went and came elsewhere with the same content is renamed. What both images keep at one place of the same base is not read.
     */
    image_diff?: {
      [k: string]: {
        /** The image as it was: a path on the host, or the id of a disk_image. */
        before: string;
        /** The image as it is. */
        after: string;
        /** The image's own format; what is recorded of it, else what it looks like where left out. Never seen by itself: split (a raw disk in files disk.001, disk.002, ...) and luks. */
        image_format?:
          | (
              | "qcow2"
              | "raw"
              | "vmdk"
              | "vhd"
              | "vhdx"
              | "vdi"
              | "qed"
              | "parallels"
              | "qcow"
              | "luks"
              | "split"
              | "ova"
            )
          | string;
        /** Further disks of the same machine, in its order (sdb, sdc): what lies on several disks is read as a whole. */
        with?: string[] | string;
        /** Number of the image's partition to look into; the system's root, or the only file system, where left out. */
        partition?: number | string;
        /** The file system to look into, by any name of its device: /dev/sda1, /dev/vg0/root, btrfsvol:/dev/sda3/root. */
        filesystem?: string;
        /** An internal snapshot's id or name, instead of the present state. */
        snapshot?: string;
        /** Of before alone, in the place of image_format. The image's own format; what is recorded of it, else what it looks like where left out. Never seen by itself: split (a raw disk in files disk.001, disk.002, ...) and luks. */
        before_image_format?:
          | (
              | "qcow2"
              | "raw"
              | "vmdk"
              | "vhd"
              | "vhdx"
              | "vdi"
              | "qed"
              | "parallels"
              | "qcow"
              | "luks"
              | "split"
              | "ova"
            )
          | string;
        /** Of before alone, in the place of with. Further disks of the same machine, in its order (sdb, sdc): what lies on several disks is read as a whole. */
        before_with?: string[] | string;
        /** Of before alone, in the place of partition. Number of the image's partition to look into; the system's root, or the only file system, where left out. */
        before_partition?: number | string;
        /** Of before alone, in the place of filesystem. The file system to look into, by any name of its device: /dev/sda1, /dev/vg0/root, btrfsvol:/dev/sda3/root. */
        before_filesystem?: string;
        /** Of before alone, in the place of snapshot. An internal snapshot's id or name, instead of the present state. */
        before_snapshot?: string;
        /** Of after alone, in the place of image_format. The image's own format; what is recorded of it, else what it looks like where left out. Never seen by itself: split (a raw disk in files disk.001, disk.002, ...) and luks. */
        after_image_format?:
          | (
              | "qcow2"
              | "raw"
              | "vmdk"
              | "vhd"
              | "vhdx"
              | "vdi"
              | "qed"
              | "parallels"
              | "qcow"
              | "luks"
              | "split"
              | "ova"
            )
          | string;
        /** Of after alone, in the place of with. Further disks of the same machine, in its order (sdb, sdc): what lies on several disks is read as a whole. */
        after_with?: string[] | string;
        /** Of after alone, in the place of partition. Number of the image's partition to look into; the system's root, or the only file system, where left out. */
        after_partition?: number | string;
        /** Of after alone, in the place of filesystem. The file system to look into, by any name of its device: /dev/sda1, /dev/vg0/root, btrfsvol:/dev/sda3/root. */
        after_filesystem?: string;
        /** Of after alone, in the place of snapshot. An internal snapshot's id or name, instead of the present state. */
        after_snapshot?: string;
        /** Compare this file, or files below this folder, alone. */
        path?: string;
        /** Modification times of files count as well. */
        times?: boolean | string;
        /** A thing for each name of a list, or key of a map: ${each.key} and ${each.value} are there for each. */
        for_each?: (string | number)[] | {} | string;
        /** The host of the section hosts that it is on; this one where left out. ${each.key} may name it. */
        host?: string;
      };
    };
    /**
     * A list of the software in an image, as CycloneDX or SPDX.
     *
     * Reads the package managers' own lists without a boot: name, version, architecture, licence, vendor, source package and package URL of each, under the operating system that it is installed in. The same image gives the same bytes. Refused where a part of the image cannot be read, since what is not on a list counts as absent.
     */
    image_sbom?: {
      [k: string]: {
        /** The image: a path on the host, or the id of a disk_image. */
        disk_image: string;
        /** CycloneDX 1.6 or SPDX 2.3, as JSON. */
        format?: ("cyclonedx" | "spdx") | string;
        /** Packages of Python, npm, RubyGems, Go, Rust and Maven as well, for which whole trees are walked through. */
        languages?: boolean | string;
        /** The image's own format; what is recorded of it, else what it looks like where left out. Never seen by itself: split (a raw disk in files disk.001, disk.002, ...) and luks. */
        image_format?:
          | (
              | "qcow2"
              | "raw"
              | "vmdk"
              | "vhd"
              | "vhdx"
              | "vdi"
              | "qed"
              | "parallels"
              | "qcow"
              | "luks"
              | "split"
              | "ova"
            )
          | string;
        /** Further disks of the same machine, in its order (sdb, sdc): what lies on several disks is read as a whole. */
        with?: string[] | string;
        /** Number of the image's partition to look into; the system's root, or the only file system, where left out. */
        partition?: number | string;
        /** The file system to look into, by any name of its device: /dev/sda1, /dev/vg0/root, btrfsvol:/dev/sda3/root. */
        filesystem?: string;
        /** An internal snapshot's id or name, instead of the present state. */
        snapshot?: string;
        /** A thing for each name of a list, or key of a map: ${each.key} and ${each.value} are there for each. */
        for_each?: (string | number)[] | {} | string;
        /** The host of the section hosts that it is on; this one where left out. ${each.key} may name it. */
        host?: string;
      };
    };
    /**
     * A machine as it is now: state, addresses, ways in.
     *
     * What QEMU, the guest's agent and the machine's own files tell. Nothing is started or changed.
     */
    virtual_machine_info?: {
      [k: string]: {
        /** The machine's name. */
        name: string;
        /** A thing for each name of a list, or key of a map: ${each.key} and ${each.value} are there for each. */
        for_each?: (string | number)[] | {} | string;
        /** The host of the section hosts that it is on; this one where left out. ${each.key} may name it. */
        host?: string;
      };
    };
    /**
     * What would keep a machine from coming up, as its image tells.
     *
     * Reads what is to boot, as a plan does, and names every fault that it can know of beforehand: of a machine that is there, or of an image with what is said beside it. Nothing is started or changed.
     */
    virtual_machine_check?: {
      [k: string]: {
        /** A machine that is there. */
        name?: string;
        /** An image to judge instead: a path, or the id of a disk_image. */
        image?: string;
        /** Firmware that is to boot it; what it can boot by where left out. */
        firmware?: ("bios" | "uefi") | string;
        /** UEFI that starts signed loaders alone. */
        secure_boot?: boolean | string;
        /** Processor as QEMU names it. */
        cpu_model?: string;
        /** How the guest is to see the disk. */
        bus?: ("virtio" | "scsi" | "sata" | "ide" | "nvme" | "usb") | string;
        /** Bytes of a sector of the disk, 512 or 4096. */
        sector_size?: number | string;
        /** Who is to log in. */
        user?: string;
        /** cloud-init is going to be told something. */
        cloud_init?: boolean | string;
        /** What is going to be waited for. */
        wait_for?: (("agent" | "ssh" | "cloud_init" | "console") | string)[] | string;
        /** How host folders are to be shared. */
        share_kind?: ("9p" | "virtiofs") | string;
        /** A thing for each name of a list, or key of a map: ${each.key} and ${each.value} are there for each. */
        for_each?: (string | number)[] | {} | string;
        /** The host of the section hosts that it is on; this one where left out. ${each.key} may name it. */
        host?: string;
      };
    };
    /**
     * This user's machines
     *
     * Every machine with what QEMU says of it.
     */
    virtual_machines?: {
      [k: string]: {
        /** A thing for each name of a list, or key of a map: ${each.key} and ${each.value} are there for each. */
        for_each?: (string | number)[] | {} | string;
        /** The host of the section hosts that it is on; this one where left out. ${each.key} may name it. */
        host?: string;
      };
    };
    /**
     * The snapshots of a machine
     *
     * Those that all of its written disks have.
     */
    vm_snapshots?: {
      [k: string]: {
        /** The machine's name. */
        name: string;
        /** A thing for each name of a list, or key of a map: ${each.key} and ${each.value} are there for each. */
        for_each?: (string | number)[] | {} | string;
        /** The host of the section hosts that it is on; this one where left out. ${each.key} may name it. */
        host?: string;
      };
    };
    /**
     * What machines use
     *
     * Processor time, memory, disk and network of the machines that run, measured over a moment: from QEMU's process, its monitor, and what the guest tells of itself. guestkit vm top on the command line shows it live.
     */
    vm_usage?: {
      [k: string]: {
        /** Machines; all that run where left out. */
        names?: string[] | string;
        /** Seconds over which is measured. */
        interval?: number | string;
        /** A thing for each name of a list, or key of a map: ${each.key} and ${each.value} are there for each. */
        for_each?: (string | number)[] | {} | string;
        /** The host of the section hosts that it is on; this one where left out. ${each.key} may name it. */
        host?: string;
      };
    };
    /**
     * The CI jobs of this host
     *
     * Every job that is declared in the configuration folder, with its timer and its last run.
     */
    ci_jobs?: {
      [k: string]: {
        /** A thing for each name of a list, or key of a map: ${each.key} and ${each.value} are there for each. */
        for_each?: (string | number)[] | {} | string;
        /** The host of the section hosts that it is on; this one where left out. ${each.key} may name it. */
        host?: string;
      };
    };
    /**
     * The last run of a CI job
     *
     * What status.json in the job's report says.
     */
    ci_status?: {
      [k: string]: {
        /** The job's name on this host. */
        job?: string;
        /** The job's file; guestkit/ci/JOB.yaml in the configuration folder where left out. */
        config?: string;
        /** A thing for each name of a list, or key of a map: ${each.key} and ${each.value} are there for each. */
        for_each?: (string | number)[] | {} | string;
        /** The host of the section hosts that it is on; this one where left out. ${each.key} may name it. */
        host?: string;
      };
    };
  };
  /** Values shown after an apply. */
  outputs?: {
    [k: string]: unknown;
  };
  /**
   * Parts that others name by alias or merge key.
   *
   * This interface was referenced by `ProjectFile`'s JSON-Schema definition
   * via the `patternProperty` "^x-".
   */
  [k: string]: unknown;
}
/** A CI job of guestkit */
export interface CiJobFile {
  /** Version of the file's format. */
  version: 1;
  /** URL (https, http, ssh, git, file) without a password, HOST:PATH, or a path of this host. */
  repository: string;
  /** Branch or tag: main, v1.2, refs/heads/main, refs/tags/v1.2. */
  ref?: string;
  /** Whose signature a commit or tag must have. Files of this host, never of the repository. */
  signers: {
    /** Keys whose SSH signatures count: ALLOWED SIGNERS of ssh-keygen(1). */
    allowed_signers?: string;
    /** Keys whose SSH signatures no longer count: KRL or public keys. */
    revoked_keys?: string;
    /** Keys whose OpenPGP signatures count, as gpg --export writes them. */
    keyring?: string;
    /** Those keys of the keyring that count; all where left out. */
    fingerprints?: string[];
  };
  /** Also take a commit that does not descend from the last accepted one. */
  allow_rewind?: boolean;
  /** The project file within the repository. */
  project?: string;
  /** Make everything as the project file declares it. */
  apply?: boolean;
  /** Machines of the project that are made anew when there is a new commit: names, or patterns (*, ?) of those that it owns. */
  recycle?: string[];
  /** Machines of the project whose steps run again when there is a new commit: likewise. */
  provision?: string[];
  /** Commands that tell whether all is well, in order. */
  checks?: {
    /** What the report calls it. */
    name: string;
    /**
     * Program and arguments; no shell.
     *
     * @minItems 1
     */
    command: string[];
    /** The machine in which it runs; on this host, in the check-out, where left out. */
    machine?: string;
    /** The exit code that it must have. */
    exit_code?: number;
    /** Seconds that the command may take. */
    timeout?: number;
  }[];
  /** Folder for status.json, index.html and the logs; in guestkit's data folder where left out. */
  report?: string;
  /** So many runs stay in the report. */
  keep?: number;
  /** How long the parts of a run may take. */
  timeouts?: {
    /** Seconds for fetching and verifying. */
    fetch?: number;
    /** Seconds for an apply. */
    apply?: number;
    /** Seconds for recycling or provisioning one machine. */
    machine?: number;
  };
}
/** Rules of guestkit check */
export interface CheckRulesFile {
  /** Version of the file's format. */
  version: 1;
  /** Sets of rules that guestkit brings along; a rule of the same name stands above theirs. */
  profiles?: ("golden-image" | "hardened")[];
  /** What has to hold, each rule by a name of its own. */
  rules?: {
    [k: string]: {
      /** What it asks for, in a sentence; told where it is not so. */
      title?: string;
      /** How bad it is where it does not hold; info is told and stops nothing. */
      severity?: "info" | "low" | "medium" | "high" | "critical";
      /** A package, its presence and version. */
      package?: {
        /** Name of the package; * and ? stand for other characters. */
        name: string;
        /** Whether it is to be there; optional says what holds of it where it is. */
        state?: "present" | "absent" | "optional";
        /** Versions that are right, in the order of the system's own package manager: ">= 3.0.15", ">= 1:9.2, < 1:10". Of several that are installed each has to be right. */
        version?: string;
      };
      /** A file: whether it is there, whose it is, what is in it. */
      file?: {
        /** Absolute path inside the image; links are followed. */
        path: string;
        /** Whether the file is to be there. */
        state?: "present" | "absent" | "optional";
        /** What it has to be; a symlink is not followed. */
        type?: "file" | "directory" | "symlink";
        /** Name or number of the user who has to own it. */
        owner?: string;
        /** Name or number of its group. */
        group?: string;
        /** Permission bits in octal, all of them: 0644. */
        mode?: string;
        /** Permission bits in octal of which it may have none but these: 0640. */
        mode_at_most?: string;
        /** Digest of the whole content: 64 hexadecimal digits. */
        sha256?: string;
        /** Text that has to be in it. */
        contains?: string;
        /** Text that must not be in it. */
        lacks?: string;
        /** Regular expression that a line has to match; without back references and looking around. */
        matches?: string;
        /** Regular expression that no line may match. */
        matches_not?: string;
      };
      /** A service, and whether it starts by itself. */
      service?: {
        /** Name of the service: sshd, fstrim.timer. */
        name: string;
        /** What it is to be at the next start; masked is disabled as well. */
        state: "enabled" | "disabled" | "masked";
      };
      /** A user: whether there is one, and how. */
      user?: {
        /** Name of the user. */
        name: string;
        /** Whether the user is to be there. */
        state?: "present" | "absent" | "optional";
        /** Number that the user has to have. */
        uid?: number;
        /** Shell that the user has to have: /usr/sbin/nologin. */
        shell?: string;
        /** Whether a password lets nobody in as this user. */
        locked?: boolean;
        /** Names of groups that the user has to be in. */
        groups?: string[];
      };
      /** A setting of the SSH server. */
      sshd?: {
        /** Keyword of sshd_config: PermitRootLogin. What a Match block says for some counts as well. */
        setting: string;
        /**
         * Values of which the effective one has to be one, in any case.
         *
         * @minItems 1
         */
        allowed: string[];
      };
      /** Certificates in the usual places of servers, and for how long they are good. */
      certificates?: {
        /** Path of the certificate inside the image; * and ? stand for other characters. Left out: all that are found. */
        path?: string;
        /** Days for which each has to be good, from today on. */
        days?: number;
      };
      /** What must not be left in an image that is copied: keys, tokens, history, logs. */
      leftovers?: {
        /**
         * What must not be left of the system that the image came from.
         *
         * @minItems 1
         */
        kinds: (
          | "host_keys"
          | "private_keys"
          | "authorized_keys"
          | "tokens"
          | "history"
          | "machine_id"
          | "random_seed"
          | "logs"
          | "leases"
          | "cloud_init"
          | "caches"
          | "temporary"
        )[];
        /** Paths that may be there all the same; * and ? stand for other characters. */
        allowed?: string[];
      };
    };
  };
  /** Rules that need not hold for a while, and why. */
  waivers?: {
    /** Name of the rule that need not hold. */
    check: string;
    /** Why it need not. */
    reason: string;
    /** Last day on which the waiver counts, in UTC: 2027-01-31. */
    until: string;
  }[];
}
/** Why a command failed: on standard error, with --json */
export interface Failure {
  /** The error. */
  error: ErrorReport;
}
export interface ErrorReport {
  /** Stable: E_QCOW2_L1_BOUNDS. */
  code: string;
  /** What is so: Cannot open ... */
  message: string;
  /** A next step that works. */
  help: string | null;
  /** Where the fault lies. */
  at: ErrorPlace | null;
  /** What was said of it by whatever failed first. */
  cause: string | null;
}
export interface ErrorPlace {
  /** A file of the host. */
  file?: string;
  /** Bytes from its start. */
  offset?: number;
  /** The way to a field of a declaration: layout, partitions, 0, name. */
  field?: (string | number)[];
}
/** A line of the log that GUESTKIT_LOG asks for, on standard error */
export interface LogLine {
  /** When, RFC 3339. */
  time: string;
  /** How much it matters. */
  level: "error" | "warn" | "info" | "debug" | "trace";
  /** What is told. */
  message: string;
  [k: string]: unknown;
}
/** One of several images that were inspected: a line */
export interface Inspected {
  /** The image, as it was named. */
  image: string;
  /** What is inside; not there where it could not be inspected. */
  report?: {
    /** Version of this shape. */
    format_version: 1;
    /** Kind of operating system; null where there is none. */
    os_type: "linux" | null;
    /** ID of os-release: debian. */
    distro: string | null;
    /** VERSION_ID of os-release: 12. */
    version: string | null;
    /** Full name: Debian GNU/Linux 12 (bookworm). */
    product_name: string | null;
    /** VARIANT_ID of os-release: server, silverblue. */
    product_variant: string | null;
    /** VERSION_CODENAME of os-release: bookworm. */
    codename: string | null;
    /** libosinfo's short id: debian12, rhel9.4; null where it has none. */
    osinfo: string | null;
    /** Host name. */
    hostname: string | null;
    /** machine-id; null in an image for cloning. */
    machine_id: string | null;
    /** Architecture of its programs: x86_64. */
    arch: string | null;
    /** Device of the first system's root; null where there is none. */
    root: string | null;
    /** How packages come: of nix, what the system's profile needs. */
    package_format: ("deb" | "rpm" | "apk" | "pacman" | "ebuild" | "nix" | "xbps" | "opkg" | "slackware") | null;
    /** What installs them: apt, dnf, yum, zypper, pacman, apk, portage, nix; rpm-ostree or bootc where a system is deployed as a whole. */
    package_management: string | null;
    /** Packages. Null where it could not be read; a warning says why. */
    packages: PackageReport[] | null;
    /** File systems as the guest would mount them. */
    mounts: MountReport[];
    /** Accounts, without passwords. Null where it could not be read; a warning says why. */
    users: UserReport[] | null;
    /** Groups. Null where it could not be read; a warning says why. */
    groups: GroupReport[] | null;
    /** Time zone: Europe/Berlin. */
    timezone: string | null;
    /** LANG: C.UTF-8. */
    locale: string | null;
    /** Kernels. Null where it could not be read; a warning says why. */
    kernels: KernelReport[] | null;
    /** What is enabled in systemd. Null where it could not be read; a warning says why. */
    units: UnitsReport | null;
    /** Network configuration. Null where it could not be read; a warning says why. */
    network: NetworkReport[] | null;
    /** What starts the system. Null where it could not be read; a warning says why. */
    bootloader: BootloaderReport | null;
    /** cloud-init. Null where it could not be read; a warning says why. */
    cloud_init: AgentReport | null;
    /** QEMU's guest agent. Null where it could not be read; a warning says why. */
    guest_agent: AgentReport | null;
    /** Applications and runtimes that flatpak has installed. Null unless facts names flatpaks, or where it could not be read. */
    flatpaks: FlatpaksReport | null;
    /** What runs containers, and what they are made of. Null unless facts names containers, or where it could not be read. */
    containers: ContainersReport | null;
    /** Who was there and when the system ran. Null unless facts names history, or where it could not be read. */
    history: HistoryReport | null;
    /** How the system starts, by the files of its boot loaders. Null unless facts names boot, or where it could not be read. */
    boot: BootReport | null;
    /** Who gets in, and who may do what another one may. Null unless facts names access, or where it could not be read. */
    access: AccessReport | null;
    /** Packages of languages: Python, npm, RubyGems, Go, Rust, Maven. Null unless facts names languages, or where it could not be read. */
    languages: LanguagesReport | null;
    /** What runs by the clock. Null unless facts names schedule, or where it could not be read. */
    schedule: ScheduleReport | null;
    /** What confines programs, what keeps packets out, and what lies about that lets somebody in. Null unless facts names security, or where it could not be read. */
    security: SecurityReport | null;
    /** What the system's own files say of mounts, swap, encrypted devices and arrays. Null unless facts names storage, or where it could not be read. */
    storage: StorageReport | null;
    /** What starts with the system, and what could. Null unless facts names services, or where it could not be read. */
    services: ServicesReport | null;
    /** What every partition holds, recognised or not. */
    filesystems: FilesystemReport[];
    /** Every system that was found; the first is the one above. */
    operating_systems: SystemReport[];
    /** What was odd while reading. */
    warnings: string[];
  };
  /** Why it could not be inspected. */
  error?: ErrorReport;
}
export interface PackageReport {
  /** Name. */
  name: string;
  /** Epoch of the version; null without one. */
  epoch: number | null;
  /** Upstream version. */
  version: string;
  /** Distribution's revision; null for a package that has none. */
  release: string | null;
  /** Architecture: amd64, all. */
  arch: string | null;
  /** installed, or what dpkg says instead: unpacked, half-configured, half-installed, triggers-pending. */
  status: string;
  /** Name of the source package. */
  source: string | null;
  /** Bytes installed, as the package says. */
  size: number | null;
  /** Who made it, as the package says. */
  vendor: string | null;
  /** Its licence, as the package says. */
  license: string | null;
  /** When it was installed (RFC 3339, UTC), where that is kept. */
  installed_at: string | null;
  /** Package URL: pkg:deb/debian/zlib1g@1:1.2.13.dfsg-1?arch=amd64&distro=debian-12; null where no type is specified. */
  purl: string | null;
}
export interface MountReport {
  /** Where it is mounted in the guest. */
  target: string;
  /** Device as libguestfs names it: /dev/sda1. */
  device: string;
  /** File system. */
  type: string;
  /** Options of fstab, separated by commas; null where fstab does not name it. */
  options: string | null;
}
export interface UserReport {
  /** Login name. */
  name: string;
  /** Number. */
  uid: number;
  /** Number of the first group. */
  gid: number;
  /** Full name and more. */
  gecos: string | null;
  /** Home directory. */
  home: string;
  /** Login shell. */
  shell: string;
  /** Names of all groups. */
  groups: string[];
}
export interface GroupReport {
  /** Name. */
  name: string;
  /** Number. */
  gid: number;
  /** Users that have it beside their first group. */
  members: string[];
}
export interface KernelReport {
  /** As uname -r says: 6.1.0-27-amd64. */
  version: string;
  /** Path of the kernel in the guest. */
  image: string | null;
  /** Path of its initial RAM disk. */
  initrd: string | null;
  /** Path of its modules. */
  modules: string | null;
}
export interface UnitsReport {
  /** What is started: graphical.target. */
  default_target: string | null;
  /** Units that the administrator enabled. */
  enabled: {
    /** Unit. */
    name: string;
    /** Units that pull it in. */
    wanted_by: string[];
  }[];
  /** Units that cannot be started. */
  masked: string[];
}
export interface NetworkReport {
  /** Whose configuration it is. */
  kind:
    | "ifupdown"
    | "netplan"
    | "networkd"
    | "networkmanager"
    | "ifcfg"
    | "wicked"
    | "dhcpcd"
    | "uci"
    | "netifrc"
    | "netctl";
  /** Files that were read. */
  files: string[];
  /** Who carries netplan's configuration out; null where it is not said. */
  renderer: string | null;
  /** Interfaces it speaks of. */
  interfaces: {
    /** Name, or a pattern of names. */
    name: string;
    /** Addresses come by DHCP. */
    dhcp: boolean;
    /** Addresses as written. */
    addresses: string[];
  }[];
}
export interface BootloaderReport {
  /** Boot loaders that are there. */
  loaders: {
    /** Boot loader; uki is a unified kernel image, fallback what firmware starts by itself. */
    name: "grub" | "systemd-boot" | "shim" | "uki" | "fallback" | "extlinux" | "lilo";
    /** Which firmware starts it. */
    firmware: "bios" | "efi";
    /** Path in the EFI system partition; null for boot code in the first sector. */
    path: string | null;
  }[];
  /** The menu's file in the guest. */
  config: string | null;
}
export interface AgentReport {
  /** It is there, as a package or a program. */
  installed: boolean;
  /** It starts by itself. */
  enabled: boolean;
  /** The package's version. */
  version: string | null;
}
export interface ContainersReport {
  /** Programs that run containers. */
  engines: {
    /** docker, podman, cri-o, kubelet. */
    name: string;
    /** Its program. */
    path: string;
  }[];
  /** Images in the stores of engines. */
  images: {
    /** Whose store it is in; Podman, Buildah and CRI-O share podman's. */
    engine: "docker" | "containerd" | "podman";
    /** The folder of the store. */
    store: string;
    /** containerd's namespace: k8s.io, moby; null elsewhere. */
    namespace: string | null;
    /** sha256: and digits: of its configuration, or of its manifest with containerd. */
    id: string;
    /** Names with tags: docker.io/library/nginx:1.27; empty for one without. */
    names: string[];
  }[];
  /** Containers that were made of them. */
  containers: {
    /** Whose store it is in; Podman, Buildah and CRI-O share podman's. */
    engine: "docker" | "containerd" | "podman";
    /** The folder of the store. */
    store: string;
    /** containerd's namespace: k8s.io, moby; null elsewhere. */
    namespace: string | null;
    /** Its id. */
    id: string;
    /** Its name; null where it has none. */
    name: string | null;
    /** Its image, by name or id. */
    image: string | null;
    /** When it is started again: always, unless-stopped; null where that is not told. */
    restart: string | null;
  }[];
  /** Files that ask for containers. */
  declared: {
    /** What kind of file it is. */
    kind: "quadlet" | "compose" | "static_pod";
    /** The file. */
    path: string;
    /** Images that it names. */
    images: string[];
  }[];
}
export interface HistoryReport {
  /** Files that tell of logins: wtmp, btmp, wtmpdb. */
  logs: {
    /** The file. */
    path: string;
    /** How many records it has; of those, the last 100 of a kind are told below. */
    records: number;
  }[];
  /** Starts of the system, newest first. */
  boots: {
    /** When it was started (RFC 3339, UTC); null where that is not told. */
    at: string | null;
    /** The kernel that ran, where that was noted. */
    kernel: string | null;
    /** When it was shut down (RFC 3339, UTC); null where that is not told. */
    until: string | null;
    /** shutdown; crash: the next start came without one; unknown: nothing is told after it. */
    ended: "shutdown" | "crash" | "unknown";
  }[];
  /** Sessions, newest first, as last prints them. */
  logins: {
    /** Login name. */
    user: string;
    /** Where: pts/0, tty1. */
    line: string;
    /** Where from; null for one at the machine itself. */
    host: string | null;
    /** When it began (RFC 3339, UTC); null where that is not told. */
    at: string | null;
    /** When it ended, or the system with it (RFC 3339, UTC); null where that is not told. */
    until: string | null;
    /** How: logout, shutdown, crash; unknown where no end is told. */
    ended: "logout" | "shutdown" | "crash" | "unknown";
  }[];
  /** Logins that were refused, newest first, as lastb prints them. */
  failed_logins: {
    /** Login name; null for a name that no user has: it may be a password typed too soon. */
    user: string | null;
    /** Where: ssh:notty, tty1. */
    line: string;
    /** Where from. */
    host: string | null;
    /** When (RFC 3339, UTC); null where that is not told. */
    at: string | null;
  }[];
  /** When each user was there last, by lastlog and lastlog2. */
  last_logins: {
    /** Login name. */
    user: string;
    /** When (RFC 3339, UTC). */
    at: string;
    /** Where: pts/0. */
    line: string | null;
    /** Where from. */
    host: string | null;
    /** The file that tells. */
    file: string;
  }[];
  /** Files that keep what users typed: where they are, never what is in them. */
  shell_histories: {
    /** The file. */
    path: string;
    /** Whose home it is in. */
    user: string;
    /** Its lines; null for more than 4 MiB. */
    lines: number | null;
  }[];
  /** Traces of how and when the system came to be. */
  first_signs: {
    /** What left it. */
    kind: "installer" | "cloud_init" | "machine_id" | "package_log";
    /** The file or folder. */
    path: string;
    /** When it was changed last (RFC 3339, UTC); null where that is not told. */
    changed_at: string | null;
  }[];
  /** Cloud-init's id of the machine that it set up last. */
  instance_id: string | null;
}
export interface BootReport {
  /** What the kernel is told where nobody chooses; null where no menu says it. */
  command_line: string | null;
  /** What the menus offer. */
  entries: {
    /** Whose it is; bls is a file of the Boot Loader Specification, unified a kernel with all that it needs. */
    kind: "grub" | "bls" | "unified" | "extlinux";
    /** By which loaders name it: debian-6.1.conf; null where it has none. */
    id: string | null;
    /** What the menu shows. */
    title: string | null;
    /** Version, where the entry says it. */
    version: string | null;
    /** What says it. */
    file: string;
    /** As the loader names it, often from its own partition's root on; null where it starts no kernel. */
    kernel: string | null;
    /** Initial RAM disks, likewise. */
    initrds: string[];
    /** The kernel's command line, variables put in. */
    options: string;
    /** It starts where nobody chooses. */
    is_default: boolean;
  }[];
  /** GRUB; null where none of its menus offers anything. */
  grub: {
    /** The file of its menu. */
    config: string;
    /** What its environment block (grubenv) holds. */
    environment: {
      /** Name. */
      name: string;
      /** Value. */
      value: string;
    }[];
    /** The default entry as the menu sets it: 0, 1>2, a title or an id. */
    default: string | null;
  } | null;
  /** Settings of systemd-boot; null without loader.conf. */
  systemd_boot: {
    /** The file. */
    config: string;
    /** A pattern of the default entry's id. */
    default: string | null;
    /** Seconds of the menu, or menu-force, menu-hidden. */
    timeout: string | null;
    /** The command line may be changed in the menu. */
    editor: boolean;
  } | null;
  /** Initial RAM disks that entries name or that lie beside kernels. */
  initramfs: {
    /** The file; a unified kernel for the one in it. */
    path: string;
    /** Bytes. */
    size: number;
    /** What is in it; null where it was not read, and a warning says why. */
    contents: {
      /** Its archives, as the kernel unpacks them one after another. */
      archives: {
        /** Bytes from the file's start. */
        offset: number;
        /** Null where it is not packed, as microcode is. */
        packing: ("gzip" | "zstd" | "xz" | "lzma" | "bzip2" | "lz4") | null;
        /** Names in it, folders among them. */
        names: number;
        /** Bytes, unpacked. */
        size: number;
      }[];
      /** Versions of kernels whose modules it has. */
      kernels: string[];
      /** Modules by the names that the kernel gives them: virtio_blk. */
      modules: string[];
      /** What else is in it: lvm, cryptsetup, mdadm, microcode-intel, dracut, initramfs-tools. */
      features: string[];
      /** Files in it that may be keys of disks. */
      key_files: string[];
    } | null;
  }[];
  /** Unified kernel images of EFI/Linux. */
  unified: {
    /** The file. */
    path: string;
    /** Of the os-release in it. */
    title: string | null;
    /** The kernel's: as uname -r says. */
    version: string | null;
    /** The command line in it; null without one. */
    command_line: string | null;
    /** Architecture by libguestfs's names. */
    arch: string | null;
    /** It bears a signature of Secure Boot; whose is not looked at. */
    signed: boolean;
    /** Its sections. */
    sections: {
      /** Name: .linux, .initrd, .osrel. */
      name: string;
      /** Bytes. */
      size: number;
    }[];
  }[];
}
export interface AccessReport {
  /** State and ages of each account's password. */
  passwords:
    | {
        /** Account. */
        name: string;
        /** none: nobody is asked for one; locked: kept behind a !; never: nothing that is typed fits. */
        state: "set" | "none" | "locked" | "never";
        /** yescrypt, sha512, md5: what its hash was made by. The hash is never told. */
        algorithm: string | null;
        /** Day of its last change: 2026-11-30. */
        changed: string | null;
        /** It has to be changed at the next login. */
        must_change: boolean;
        /** Days before it may be changed again. */
        min_days: number | null;
        /** Days after which it has to be changed. */
        max_days: number | null;
        /** Days of warning before that. */
        warn_days: number | null;
        /** Days that it is taken for after that. */
        inactive_days: number | null;
        /** Day from which nobody gets in. */
        expires: string | null;
      }[]
    | null;
  /** What sudoers says; null where there is none. */
  sudo: {
    /** Who may run what. */
    rules: {
      /** The file that says it. */
      file: string;
      /** Who: names, %group, #uid, +netgroup, aliases; ! before what is taken out. */
      users: string[];
      /** On which hosts. */
      hosts: string[];
      /** As whom; root where both this and as_groups are empty. */
      as_users: string[];
      /** As which groups. */
      as_groups: string[];
      /** What, with arguments. */
      commands: string[];
      /** No password is asked for. */
      nopasswd: boolean;
    }[];
    /** Names that rules use. */
    aliases: {
      /** The file that says it. */
      file: string;
      /** What it stands for. */
      kind: "user" | "runas" | "host" | "command";
      /** Its name: ADMINS. */
      name: string;
      /** What it stands for. */
      members: string[];
    }[];
    /** Settings. */
    defaults: {
      /** The file that says it. */
      file: string;
      /** As written: env_reset, :web !authenticate. */
      setting: string;
    }[];
  } | null;
  /** What doas.conf says. */
  doas: {
    /** The file that says it. */
    file: string;
    /** Whether it is let through. */
    action: "permit" | "deny";
    /** nopass, persist, keepenv, setenv; values of variables are left out. */
    options: string[];
    /** Who: a user, or :group. */
    identity: string;
    /** As whom; null for anybody. */
    as_user: string | null;
    /** What, with its arguments; null for any. */
    command: string | null;
  }[];
  /** Keys that let somebody in by SSH. The keys themselves are not told. */
  authorized_keys: {
    /** Whom it lets in. */
    user: string;
    /** The file that says it. */
    file: string;
    /** ssh-ed25519, ssh-rsa. */
    type: string;
    /** Its length; null of a type that is not known. */
    bits: number | null;
    /** As ssh-keygen -l tells it: SHA256:... */
    fingerprint: string;
    /** Its comment. */
    comment: string | null;
    /** no-pty, command="...", from="..."; what environment is set to is left out. */
    options: string[];
  }[];
  /** Host keys. */
  host_keys: {
    /** The private key. */
    file: string;
    /** ssh-ed25519, ssh-rsa. */
    type: string;
    /** Its length; null of a type that is not known. */
    bits: number | null;
    /** As ssh-keygen -l tells it: SHA256:... */
    fingerprint: string;
    /** Its comment. */
    comment: string | null;
  }[];
  /** Settings of the SSH server; null where it has no configuration. */
  sshd: {
    /** What counts for everybody; defaults where all releases have the same. */
    settings: {
      /** Setting, in small letters: permitrootlogin. */
      keyword: string;
      /** As sshd -T prints it; a setting of several values has one entry each. */
      value: string;
      /** Where it is said; null of a default. */
      file: string | null;
    }[];
    /** Match blocks. */
    matches: {
      /** The file that says it. */
      file: string;
      /** For whom: user git, address 10.0.0.0/8. */
      criteria: string;
      /** What is otherwise for them. */
      settings: {
        /** Setting. */
        keyword: string;
        /** As written. */
        value: string;
      }[];
    }[];
  } | null;
}
export interface ScheduleReport {
  /** Jobs of cron. */
  cron: {
    /** The crontab, or the script of /etc/cron.daily and its like. */
    file: string;
    /** When: 17 * * * *, @reboot, @daily. */
    schedule: string;
    /** Whom it runs as; null where that is not said. */
    user: string | null;
    /** What is run, without the passwords and tokens that show in it. */
    command: string;
  }[];
  /** Timers of systemd. */
  timers: {
    /** The timer: apt-daily.timer. */
    name: string;
    /** What it starts. */
    unit: string;
    /** When: OnCalendar=daily, OnBootSec=15min. */
    triggers: string[];
    /** It starts with the system. */
    enabled: boolean;
  }[];
}
export interface SecurityReport {
  /** SELinux; null where nothing is set. */
  selinux: {
    /** enforcing, permissive or disabled, by /etc/selinux/config. */
    mode: string;
    /** Kind of policy: targeted, default, mls. */
    type: string | null;
    /** The compiled policy of that kind, the newest; null where none is installed. */
    policy: string | null;
    /** The next boot labels every file anew (/.autorelabel). */
    relabel: boolean;
  } | null;
  /** Profiles of AppArmor; null without /etc/apparmor.d. */
  apparmor:
    | {
        /** Its name: /usr/sbin/cupsd; one within another stands behind that and //. */
        name: string;
        /** The file of /etc/apparmor.d that says it. */
        file: string;
        /** What becomes of what it does not allow; disabled where a link says so. */
        mode: "enforce" | "complain" | "kill" | "unconfined" | "prompt" | "default_allow" | "disabled";
      }[]
    | null;
  /** What keeps packets out. */
  firewall: {
    /** Files of rules of nftables and iptables. */
    files: {
      /** The file. */
      path: string;
      /** Whose rules. */
      kind: "nftables" | "iptables" | "ip6tables";
      /** A unit that loads it starts with the system; null where that is not known. */
      enabled: boolean | null;
      /** Rules in all chains. */
      rules: number;
      /** What becomes of what no rule of input names: accept, drop; null where none looks at what comes in. */
      input: string | null;
    }[];
    /** Settings of firewalld; null where there are none. */
    firewalld: {
      /** Its unit starts with the system; null where that is not known. */
      enabled: boolean | null;
      /** The zone of interfaces that no other names. */
      default_zone: string;
      /** Zones that the administrator has written, and the default one. */
      zones: {
        /** Its name. */
        name: string;
        /** The file that says it. */
        file: string;
        /** What becomes of what it does not name: default, ACCEPT, DROP, %%REJECT%%. */
        target: string;
        /** Interfaces in it. */
        interfaces: string[];
        /** Addresses in it. */
        sources: string[];
        /** Services that it lets in. */
        services: string[];
        /** Ports that it lets in: 8080/tcp. */
        ports: string[];
      }[];
    } | null;
    /** Settings of ufw; null where there are none. */
    ufw: {
      /** By its own setting, without which its unit does nothing. */
      enabled: boolean;
      /** What becomes of what no rule names: drop, reject, accept. */
      input: string | null;
    } | null;
  };
  /** Certificates in the usual places, without a distribution's own roots. */
  certificates: {
    /** The file; a chain's certificates have the same one. */
    path: string;
    /** Whose it is, as RFC 4514 writes a name: CN=web,O=Example,C=DE. */
    subject: string;
    /** Who signed it. */
    issuer: string;
    /** Its number in hexadecimal digits. */
    serial: string;
    /** From when on it is good (RFC 3339, UTC). */
    not_before: string;
    /** Until when it is good (RFC 3339, UTC). */
    not_after: string;
    /** DNS names and addresses that it is good for. */
    hosts: string[];
    /** It may sign others. */
    is_ca: boolean;
    /** It names itself as its issuer, and no other key. */
    self_signed: boolean;
    /** rsa, ec, ed25519, dsa; an object identifier of what is none of those. */
    key_type: string;
    /** Bits of the modulus or the curve; null where that is not known. */
    key_bits: number | null;
    /** SHA-256 of the whole, in hexadecimal digits. */
    sha256: string;
  }[];
  /** Files of more than 16 certificates, which are not told one by one: trust stores. */
  bundles: {
    /** The file. */
    path: string;
    /** How many are in it. */
    certificates: number;
  }[];
  /** Private keys in the usual places; nothing of what is in them. */
  private_keys: {
    /** The file. */
    path: string;
    /** How it is written. */
    kind: "rsa" | "dsa" | "ec" | "pkcs8" | "openssh" | "pgp" | "gnupg" | "putty" | "pkcs12" | "wireguard";
    /** A passphrase keeps it; null where that does not show. */
    encrypted: boolean | null;
    /** Its permissions in octal digits: 0600. */
    mode: string;
    /** Number of its owner. */
    uid: number;
  }[];
  /** Files in which programs keep credentials; never what they are. */
  credentials: {
    /** The file. */
    path: string;
    /** Whose it is: aws, docker, kubeconfig, netrc. */
    kind: string;
    /** There are credentials in it. */
    filled: boolean;
    /** Its permissions in octal digits: 0600. */
    mode: string;
    /** Number of its owner. */
    uid: number;
  }[];
}
export interface StorageReport {
  /** Lines of fstab, whatever is here of what they name. */
  fstab: {
    /** As it is written: UUID=..., /dev/sda1, tmpfs, server:/export; (secret) for a password in it. */
    device: string;
    /** Where it goes; none for swap. */
    target: string;
    /** File system, or swap. */
    type: string;
    /** Options; (secret) for passwords in them. */
    options: string[];
    /** What it names is in this image, and was mounted for this report. */
    mounted: boolean;
  }[];
  /** Lines of crypttab: what is opened when the system starts. */
  crypttab: {
    /** Its name below /dev/mapper. */
    name: string;
    /** What is opened: UUID=..., /dev/sda3. */
    device: string;
    /** Path of its key, never the key; null where a passphrase is asked for, or a program gives it. */
    key_file: string | null;
    /** The key lies in the image. */
    key_in_image: boolean;
    /** Options. */
    options: string[];
  }[];
  /** Swap by fstab and units, in compressed memory, and on devices that nothing names. */
  swap: {
    /** As its file names it: UUID=..., /swapfile, /dev/zram0. */
    device: string;
    /** partition, file or zram (compressed memory). */
    kind: "partition" | "file" | "zram";
    /** What names it: /etc/fstab, a unit; null for swap space that nothing names. */
    configured_in: string | null;
    /** The device of this image that it is; null for none. */
    found: string | null;
    /** Bytes, as the swap space says; null where it is not in the image. */
    size: number | null;
    /** How its size is reckoned when the system starts: min(ram / 2, 4096); null otherwise. */
    size_rule: string | null;
    /** Its priority; null where none is said. */
    priority: number | null;
  }[];
  /** Arrays that mdadm.conf names. */
  arrays: {
    /** What the array is to be called: /dev/md0. */
    device: string;
    /** Its id: 32 hexadecimal digits. */
    uuid: string;
  }[];
}
export interface FilesystemReport {
  /** Device as libguestfs names it: /dev/sda1; /dev/sda without a partition table. */
  device: string;
  /** ext4, vfat, swap, crypto_LUKS; null where it is not recognised. */
  type: string | null;
  /** UUID, or a FAT serial: 1234-ABCD. */
  uuid: string | null;
  /** Label. */
  label: string | null;
  /** Bytes. */
  size: number;
  /** Bytes free for files; null where unknown. */
  free: number | null;
  /** Number of its partition; null without a partition table. */
  partition: number | null;
  /** PARTUUID. */
  partition_uuid: string | null;
  /** GPT partition name. */
  partition_name: string | null;
  /** Why it cannot be read: code and text. */
  error: string | null;
}
export interface SystemReport {
  /** Kind of operating system. */
  os_type: "linux";
  /** ID of os-release: debian. */
  distro: string | null;
  /** VERSION_ID of os-release: 12. */
  version: string | null;
  /** Full name: Debian GNU/Linux 12 (bookworm). */
  product_name: string | null;
  /** VARIANT_ID of os-release: server, silverblue. */
  product_variant: string | null;
  /** VERSION_CODENAME of os-release: bookworm. */
  codename: string | null;
  /** libosinfo's short id: debian12, rhel9.4; null where it has none. */
  osinfo: string | null;
  /** Host name. */
  hostname: string | null;
  /** machine-id; null in an image for cloning. */
  machine_id: string | null;
  /** Architecture of its programs: x86_64. */
  arch: string | null;
  /** Device of its root file system. */
  root: string;
  /** How packages come: of nix, what the system's profile needs. */
  package_format: ("deb" | "rpm" | "apk" | "pacman" | "ebuild" | "nix" | "xbps" | "opkg" | "slackware") | null;
  /** What installs them: apt, dnf, yum, zypper, pacman, apk, portage, nix; rpm-ostree or bootc where a system is deployed as a whole. */
  package_management: string | null;
  /** Packages. Null where it could not be read; a warning says why. */
  packages: PackageReport[] | null;
  /** File systems as the guest would mount them. */
  mounts: MountReport[];
  /** Accounts, without passwords. Null where it could not be read; a warning says why. */
  users: UserReport[] | null;
  /** Groups. Null where it could not be read; a warning says why. */
  groups: GroupReport[] | null;
  /** Time zone: Europe/Berlin. */
  timezone: string | null;
  /** LANG: C.UTF-8. */
  locale: string | null;
  /** Kernels. Null where it could not be read; a warning says why. */
  kernels: KernelReport[] | null;
  /** What is enabled in systemd. Null where it could not be read; a warning says why. */
  units: UnitsReport | null;
  /** Network configuration. Null where it could not be read; a warning says why. */
  network: NetworkReport[] | null;
  /** What starts the system. Null where it could not be read; a warning says why. */
  bootloader: BootloaderReport | null;
  /** cloud-init. Null where it could not be read; a warning says why. */
  cloud_init: AgentReport | null;
  /** QEMU's guest agent. Null where it could not be read; a warning says why. */
  guest_agent: AgentReport | null;
  /** Applications and runtimes that flatpak has installed. Null unless facts names flatpaks, or where it could not be read. */
  flatpaks: FlatpaksReport | null;
  /** What runs containers, and what they are made of. Null unless facts names containers, or where it could not be read. */
  containers: ContainersReport | null;
  /** Who was there and when the system ran. Null unless facts names history, or where it could not be read. */
  history: HistoryReport | null;
  /** How the system starts, by the files of its boot loaders. Null unless facts names boot, or where it could not be read. */
  boot: BootReport | null;
  /** Who gets in, and who may do what another one may. Null unless facts names access, or where it could not be read. */
  access: AccessReport | null;
  /** Packages of languages: Python, npm, RubyGems, Go, Rust, Maven. Null unless facts names languages, or where it could not be read. */
  languages: LanguagesReport | null;
  /** What runs by the clock. Null unless facts names schedule, or where it could not be read. */
  schedule: ScheduleReport | null;
  /** What confines programs, what keeps packets out, and what lies about that lets somebody in. Null unless facts names security, or where it could not be read. */
  security: SecurityReport | null;
  /** What the system's own files say of mounts, swap, encrypted devices and arrays. Null unless facts names storage, or where it could not be read. */
  storage: StorageReport | null;
  /** What starts with the system, and what could. Null unless facts names services, or where it could not be read. */
  services: ServicesReport | null;
}
/** What differs between two images: a line */
export interface Change {
  /** What it is one of. */
  group: "system" | "packages" | "users" | "groups" | "services" | "kernels" | "network" | "filesystems" | "files";
  /** What happened to it; unread: it could not be compared, since it could not be read in one of them. */
  change: "added" | "removed" | "modified" | "renamed" | "unread";
  /** Which of the image's systems it is in, from 0; null for what is in none. */
  system: number | null;
  /** A package, a user, a path, a field of the system. */
  name: string;
  /** The bytes of name in base64, where they are no UTF-8. */
  name_base64?: string;
  /** The path that a renamed file had. */
  from?: string;
  /** The bytes of from in base64, where they are no UTF-8. */
  from_base64?: string;
  /** What of it differs: its value before and after, null where it is not there. */
  fields: {
    /**
     * @minItems 2
     * @maxItems 2
     */
    [k: string]: unknown[];
  };
}
/**
 * An entry of the journal in an image, as journalctl -o json has it: a line
 *
 * Beside these every field of the entry: a text, bytes that are no text as numbers, several values as a list.
 */
export interface JournalEntry {
  /** Its number in its file. */
  __SEQNUM: string;
  /** Microseconds since 1970. */
  __REALTIME_TIMESTAMP: string;
  /** Microseconds since the boot. */
  __MONOTONIC_TIMESTAMP: string;
  /** The boot. */
  _BOOT_ID: string;
  [k: string]: unknown;
}
/** A file inside an image: a line */
export interface FileEntry {
  /** Path in the image. */
  path: string;
  /** The bytes of path in base64, where they are no UTF-8. */
  path_base64?: string;
  /** What it is. */
  type: "file" | "directory" | "symlink" | "block" | "char" | "fifo" | "socket";
  /** Permissions in octal digits: 0644. */
  mode: string;
  /** Owner's number. */
  uid: number;
  /** Group's number. */
  gid: number;
  /** Bytes. */
  size: number;
  /** When its content changed, RFC 3339. */
  mtime: string;
  /** Inode's number. */
  inode: number;
  /** How many names it has. */
  links: number;
  /** Where a symbolic link leads. */
  target: string | null;
  /** The bytes of target in base64, where they are no UTF-8. */
  target_base64?: string;
  /** Of a device. */
  device?: {
    /** Major number. */
    major: number;
    /** Minor number. */
    minor: number;
  };
}
/** What was copied out of an image */
export interface Copied {
  /** Where it went. */
  copied_to: string;
  /** How many files there are. */
  files: number;
  /** How many were written: the others were the same already. */
  copied: number;
  /** Bytes that were written. */
  bytes: number;
  /** What was left out. */
  left_out: {
    /** Path in the image. */
    path: string;
    /** Its bytes in base64, where they are no UTF-8. */
    path_base64: string | null;
    /** Why it was left out. */
    why: string;
  }[];
}
/** A list of the software in an image that was written to a file */
export interface SbomFile {
  /** The file. */
  output: string;
  /** What it is. */
  format: "cyclonedx" | "spdx";
  /** urn:uuid: and a UUID of version 5. */
  serial_number: string;
  /** How many packages are on it. */
  total: number;
  /** What was odd while reading. */
  warnings: string[];
}
/** What became of rules in an image */
export interface Check {
  /** Version of this shape. */
  format_version: 1;
  /** The image, as it was named. */
  image: string;
  /** Whether nothing stops whoever asked: what is of severity info does not. */
  passed: boolean;
  /** How many results there are of each state. */
  counts: {
    /** How many do not hold. */
    failed: number;
    /** How many cannot be told. */
    error: number;
    /** How many are waived. */
    waived: number;
    /** How many hold. */
    passed: number;
  };
  /** What became of each rule in each system, in the order of their names. */
  results: {
    /** Name of the rule. */
    check: string;
    /** How bad it is where the rule does not hold. */
    severity: "info" | "low" | "medium" | "high" | "critical";
    /** What the rule asks for. */
    title: string | null;
    /** Which of the image's systems it is about, from 0. */
    system: number;
    /** What was found instead. */
    reasons: string[];
    /** Whether the rule holds. */
    state: "passed" | "failed" | "error" | "waived";
    /** What it is waived for; null where it is not. */
    waiver: {
      /** Why it need not hold. */
      reason: string;
      /** The last day on which that counts. */
      until: string;
    } | null;
  }[];
  /** What is odd about the rules. */
  warnings: string[];
}
/** What validate says of a project file */
export interface Validation {
  /** Version of this shape. */
  format_version: 1;
  /** Whether nothing is an error. */
  valid: boolean;
  /** Faults, and what is odd. */
  diagnostics: FileDiagnostic[];
}
export interface FileDiagnostic {
  /** Whether it stops an apply. */
  severity: "error" | "warning";
  /** Stable: E_FIELD_UNKNOWN. */
  code: string;
  /** What is so. */
  message: string;
  /** A next step that works. */
  help: string | null;
  /** The field: resources.disk_image.web.size. */
  path: string;
  /** Line in the file, from 1. */
  line: number | null;
  /** Column, from 1. */
  column: number | null;
}
/** What an apply would do, or did, and why */
export interface Plan {
  /** Version of this shape. */
  format_version: 1;
  /** Whatever changes. */
  changes: PlannedChange[];
  /** The file's outputs. A value that only an apply will tell is {$unknown: true}. */
  outputs: {
    [k: string]: unknown;
  };
}
export interface PlannedChange {
  /** The thing in the project file: disk_image.web. */
  address: string;
  /** The host of the file on which it happens; left out: this one. */
  host?: string;
  /** What happens to it. */
  action: "create" | "update" | "replace" | "delete" | "none";
  /** Its address before. */
  moved_from?: string;
  /** Why it happens. */
  reasons: {
    /** The field; empty for the thing itself. */
    path: string;
    /** As it is. Secrets are not shown. */
    before: unknown;
    /** As it is to be. Secrets are not shown. A value that only an apply will tell is {$unknown: true}. */
    after: unknown;
    /** Why it is done. */
    why: string;
  }[];
}
/**
 * The outputs of a project file
 *
 * By their names; secret ones are not shown. A value that only an apply will tell is {$unknown: true}.
 */
export interface Outputs {
  [k: string]: unknown;
}
/** A thing as it is now: the fields of its contract, whose name its own schema has */
export interface Resource {
  /** Path of an image, name of a machine. */
  id: string;
  [k: string]: unknown;
}
/** What became of each key of a kvmxfile */
export interface KvmxfileImport {
  /** Version of this shape. */
  format_version: 1;
  /** The project file that was written. */
  output: string;
  /** The machine's name. */
  name: string;
  /** Whether nothing is left to do. */
  complete: boolean;
  /** In the order of their lines. */
  keys: {
    /** The key. */
    key: string;
    /** Where it is set last, from 1. */
    line: number;
    /** What became of it. */
    status: "translated" | "not_needed" | "partly" | "untranslated";
    /** Fields of the project file: virtual_machine.web.memory. */
    fields: string[];
    /** What is to be known of it, or why it could not be translated. */
    why: string | null;
    /** What to do instead. */
    instead: string | null;
  }[];
  /** What only a shell could have done. */
  unread: {
    /** Line, from 1. */
    line: number;
    /** Its first word. */
    word: string;
    /** Keys that it would have set. */
    keys: string[];
    /** Why it was not read. */
    why: string;
  }[];
}
/** How to log in to a machine by SSH */
export interface SshConfig {
  /** The machine. */
  name: string;
  /** Address. */
  host: string;
  /** Port. */
  port: number;
  /** Who logs in. */
  user: string;
  /** File of the private key; null where the user's own are tried. */
  key_file: string | null;
  /** File of its host keys. */
  known_hosts: string;
  /** What leads to a machine of another host, as ssh_config has it. */
  proxy_command?: string;
}
/** What became of one of several machines: a line */
export interface MachineResult {
  /** The machine. */
  name: string;
  /** What was to be done. */
  verb: string;
  /** How it ended. */
  outcome: "done" | "failed" | "timed out" | "interrupted" | "not started";
  /** Whether it is done. */
  ok: boolean;
  /** Whether something was changed, or would be. */
  changed: boolean;
  /** What the verb alone would have exited with; null where it was never begun. */
  exit_code: number | null;
  /** Seconds. */
  duration: number;
  /** The state before, where the verb tells it. */
  before: string | null;
  /** The state after. */
  after: string | null;
  /** The verb's own answer. */
  output: {
    [k: string]: unknown;
  } | null;
  /** Why it failed. */
  error: {
    /** Stable. */
    code: string;
    /** What is so. */
    message: string;
    /** A next step that works. */
    help: string | null;
  } | null;
}
/** What became of several machines: the last line on standard error */
export interface MachineSummary {
  /** Counts. */
  summary: {
    /** How many there are. */
    machines: number;
    /** How many are done. */
    done: number;
    /** How many of them were changed. */
    changed: number;
    /** How many failed. */
    failed: number;
    /** How many were not done in their time. */
    timed_out: number;
    /** How many were interrupted. */
    interrupted: number;
    /** How many were not begun. */
    not_started: number;
  };
}
/** What a run of a CI job did: status.json of its report, and each file of runs */
export interface CiReport {
  /** Version of this shape. */
  format_version: 1;
  /** Names the run: its start, sortable. */
  id: string;
  /** The job. */
  job: string;
  /** How it ended. */
  result: "passed" | "unchanged" | "failed" | "refused" | "interrupted" | "running";
  /** Of the command; null while it runs. */
  exit_code: number | null;
  /** Why it failed or was refused. */
  reason: {
    /** Stable. */
    code: string;
    /** What is so. */
    message: string;
    /** A next step that works. */
    help: string | null;
  } | null;
  /** Where the commits come from. */
  repository: string;
  /** Branch or tag. */
  ref: string;
  /** What was run; null where there was none. */
  commit: {
    /** Its hash. */
    id: string;
    /** First line of its message. */
    subject: string;
    /** Who wrote it: NAME <ADDRESS>. */
    author: string;
    /** ISO 8601. */
    committed_at: string;
  } | null;
  /** The last commit that was accepted before. */
  previous_commit: string | null;
  /** Who signed it; null where that was not looked at or nobody did. */
  signer: {
    /** Kind of the signature. */
    kind: "ssh" | "gpg";
    /** A principal or a user id of the list of allowed keys. */
    name: string;
    /** Fingerprint. */
    key: string;
    /** What bears the signature. */
    by: "commit" | "tag";
  } | null;
  /** ISO 8601. */
  started_at: string;
  /** ISO 8601; null while it runs. */
  ended_at: string | null;
  /** What was done, in order. */
  steps: {
    /** fetch, verify, check out, plan, apply, recycle web, provision web. */
    name: string;
    /** How it ended. */
    result: "passed" | "unchanged" | "skipped" | "failed" | "refused" | "interrupted";
    /** ISO 8601. */
    started_at: string;
    /** How long it took. */
    seconds: number;
    /** What it did, or why it failed. */
    detail: string;
  }[];
  /** What was changed. */
  changes: {
    /** The thing in the project file. */
    address: string;
    /** What happened to it. */
    action: string;
  }[];
  /** The job's checks. */
  checks: {
    /** The check. */
    name: string;
    /** Where it ran; null for the host. */
    machine: string | null;
    /** How it ended. */
    result: "passed" | "failed";
    /** Its exit code; null where it did not come to its end. */
    exit_code: number | null;
    /** The exit code that was wanted. */
    expected: number;
    /** How long it took. */
    seconds: number;
    /** The end of what it said. */
    output: string;
  }[];
  /** The run's log. */
  log: string;
}
/** What guestkit does now, by whichever face: a line */
export interface Progress {
  /** The work. */
  title: string;
  /** Number of its process. */
  pid: number;
  /** When it began: milliseconds since 1970. */
  started: number;
  /** What is done now: downloading. */
  phase: string;
  /** How much is done. */
  done?: number;
  /** How much there is. */
  total?: number;
  /** What is counted. */
  unit?: "bytes" | "items";
  /** The thing at hand. */
  detail?: string;
  /** It went wrong, and stops nothing. */
  warning?: boolean;
}
/** What this host can and cannot do */
export interface Doctor {
  /** Whether all that is needed is there. */
  ok: boolean;
  /** All that was looked for. */
  findings: {
    /** What was looked for. */
    name: string;
    /** Whether it is there. */
    ok: boolean;
    /** Without it only some things do not work. */
    optional: boolean;
    /** What it is for. */
    purpose: string;
    /** What was found. */
    detail: string;
    /** How to mend it. */
    help: string | null;
  }[];
}
/** What was removed from the cache */
export interface Pruned {
  /** How many things. */
  entries: number;
  /** Bytes that they took. */
  bytes: number;
}
/** Versions */
export interface Version {
  /** guestkit's. */
  version: string;
  /** That of guestkit rpc. */
  protocol: number;
  /** Node's. */
  node: string;
}
/** A message to guestkit rpc: a line */
export interface RpcRequest {
  /** Version of JSON-RPC. */
  jsonrpc: "2.0";
  /** Comes back with the answer; left out in a notification. */
  id?: string | number;
  /** What is wanted; initialize comes first. */
  method:
    | "initialize"
    | "validate"
    | "plan"
    | "apply"
    | "observe"
    | "query"
    | "action"
    | "list"
    | "import"
    | "preflight"
    | "owner_of"
    | "is_ours"
    | "way_in"
    | "confirm_owner"
    | "clear_gone"
    | "clear_killed"
    | "cancel"
    | "planned";
  /** By the method: docs/rpc.md. */
  params?: {
    [k: string]: unknown;
  };
}
export interface RpcAnswer {
  /** Version of JSON-RPC. */
  jsonrpc: "2.0";
  /** The request's; null where that cannot be told. */
  id: (string | number) | null;
  /** By the method: docs/rpc.md. */
  result: {
    [k: string]: unknown;
  };
}
export interface RpcFailure {
  /** Version of JSON-RPC. */
  jsonrpc: "2.0";
  /** The request's; null where that cannot be told. */
  id: (string | number) | null;
  /** Why there is no result. */
  error: {
    /** JSON-RPC's own for faults of the message; -32000 for all others. */
    code: number;
    /** What is so. */
    message: string;
    /** guestkit's own report. */
    data: {
      /** Stable: E_QCOW2_L1_BOUNDS. */
      code: string;
      /** What is so: Cannot open ... */
      message: string;
      /** A next step that works. */
      help: string | null;
      /** Where the fault lies. */
      at: ErrorPlace | null;
      /** What was said of it by whatever failed first. */
      cause: string | null;
      /** What exists after an apply that failed. */
      state?: {
        [k: string]: unknown;
      } | null;
      /** All that forbids a plan. */
      diagnostics?: Diagnostic[];
    };
  };
}
export interface Diagnostic {
  /** Whether it stops an apply. */
  severity: "error" | "warning";
  /** Stable. */
  code: string;
  /** What is so. */
  message: string;
  /** A next step that works. */
  help?: string;
  /** The way to the field. */
  path: (string | number)[];
}
export interface RpcProgress {
  /** Version of JSON-RPC. */
  jsonrpc: "2.0";
  /** What is told. */
  method: "progress";
  /** How far it is. */
  params: {
    /** The request's. */
    id: string | number;
    /** What is done now: downloading. */
    phase: string;
    /** How much is done. */
    done?: number;
    /** How much there is. */
    total?: number;
    /** What is counted. */
    unit?: "bytes" | "items";
    /** The thing at hand. */
    detail?: string;
    /** It went wrong, and stops nothing. */
    warning?: boolean;
  };
}
export interface RpcQuestion {
  /** Version of JSON-RPC. */
  jsonrpc: "2.0";
  /** Comes back with the client's answer. */
  id: string | number;
  /** What the server asks the client. */
  method: string;
  /** By the method: docs/rpc.md. */
  params: {
    /** The client's request on whose behalf it asks. */
    request: string | number;
    [k: string]: unknown;
  };
}
/** A disk image: blank, copied from a source, layered over another, or built from packages. */
export interface DiskImage {
  /** Path of an image, name of a machine. */
  id: string;
  /** Where the image lies on the host. */
  path?: string | null;
  /** Disk format: qcow2 grows as it is written, raw is the bytes themselves. */
  format?: ("qcow2" | "raw") | null;
  /** Virtual size. Left out, it is what the source, backing file or bootstrap needs. */
  size?: (string | number) | null;
  /** The image starts as a copy of this. */
  source?: {
    /** A path, or a file:, http: or https: address without name and password. Another signature, or with the same sha256 another place, is no change. Where the engine works on another host, it is read on the machine that asks; host:/PATH is the host's own. */
    url?: string | null;
    /** SHA-256 of the bytes that are fetched, checked while they stream: in hexadecimal, or the path or address of a file of checksums that lists the source by its name (SHA256SUMS), read at create. Where the engine works on another host, it is read on the machine that asks; host:/PATH is the host's own. */
    sha256?: string | null;
    /** SHA-512 of the bytes that are fetched: in hexadecimal, or a file of checksums (SHA512SUMS). Where the engine works on another host, it is read on the machine that asks; host:/PATH is the host's own. */
    sha512?: string | null;
    /** SHA-256 of what a compressed source (gzip, xz, zstd, bzip2) holds: in hexadecimal, or a file of checksums that lists the source by its name without .gz, .xz, .zst or .bz2. Where the engine works on another host, it is read on the machine that asks; host:/PATH is the host's own. */
    unpacked_sha256?: string | null;
    /** Public keys (gpg --export) one of which must have signed the file of checksums, in itself or beside it (.gpg, .asc, .sig, .sign). Where the engine works on another host, it is read on the machine that asks; host:/PATH is the host's own. */
    keyring?: string | null;
    /** Format of the source, or of the disk in it where that is an archive. Left out: what is recorded of it, else what it looks like at its first use, which that use fixes. */
    format?:
      ("qcow2" | "raw" | "vmdk" | "vhd" | "vhdx" | "vdi" | "qed" | "parallels" | "qcow" | "split" | "ova") | null;
    /** Name of the member that is the disk, where the source is an archive (OVA, tar). Left out: the only disk that its OVF names. */
    member?: string | null;
    /** Let the source lean on files outside its own folder that no record of guestkit's names; they become part of the image. Only for sources that you know. */
    allow_backing_files?: boolean | null;
    /** HTTP headers sent with the request. */
    headers?: {
      [k: string]: string | null;
    } | null;
    /** Raise it when headers changed: the secret itself is stored nowhere and cannot be compared. */
    headers_version?: number | null;
    /** Proxy address without name and password; the environment's (https_proxy) where left out. */
    proxy?: string | null;
    /** What the proxy is to let us in for: its Proxy-Authorization header (Basic ...). */
    proxy_authorization?: string | null;
    /** Raise it when proxy_authorization changed: the secret itself is stored nowhere and cannot be compared. */
    proxy_authorization_version?: number | null;
    /** PEM file of further certificate authorities. Where the engine works on another host, it is read on the machine that asks; host:/PATH is the host's own. */
    ca_file?: string | null;
  } | null;
  /** The image is a thin overlay over this one (qcow2 only). */
  backing_file?: string | null;
  /** Format of backing_file. Left out: what is recorded of it, else what it looks like at its first use, which that use fixes. */
  backing_format?: ("qcow2" | "raw") | null;
  /** Let backing_file lean on files outside its own folder that no record of guestkit's names. Only for images that you know. */
  allow_backing_files?: boolean | null;
  /** The image is built from a distribution's packages by an ordinary user. */
  bootstrap?: {
    /** The family that is built. */
    distribution?: "debian" | null;
    /** Release by code name or suite. */
    release?: string | null;
    /** How much of the base system is installed (mmdebstrap's variants). */
    variant?: ("apt" | "minbase" | "important" | "standard") | null;
    /** Packages installed beside the variant's. One that is missing from the image later is drift. */
    packages?: (string | null)[] | null;
    /** Host name written to /etc/hostname: letters, digits, - and dots. */
    hostname?: string | null;
    /** Users to create, by name. */
    users?: {
      [k: string]: {
        /** Public keys that may log in. */
        ssh_authorized_keys?: (string | null)[] | null;
        /** Groups beside the user's own, by name. */
        groups?: (string | null)[] | null;
        /** Login shell: a path in the image. */
        shell?: string | null;
        /** May become root without a password (installs sudo). */
        sudo?: boolean | null;
        /** crypt(3) hash of the password; none locks it. */
        password_hash?: string | null;
        /** Raise it when password_hash changed: the secret itself is stored nowhere and cannot be compared. */
        password_hash_version?: number | null;
      } | null;
    } | null;
    /** Kernel package, or "none" for an image that does not boot by itself. */
    kernel?: string | null;
    /** Kernel command line besides root= and ro. */
    cmdline?: string | null;
    /** Debian architecture. */
    architecture?: "amd64" | null;
    /** Archive components. */
    components?: (string | null)[] | null;
    /** Archive address; the host's own apt sources where left out. No name or password: docs/disk-image.md. */
    mirror?: string | null;
    /** Keyring that signs the archive; Debian's own where left out. Where the engine works on another host, it is read on the machine that asks; host:/PATH is the host's own. */
    keyring?: string | null;
    /** Date of the archive (20261101T000000Z), through a snapshot mirror given as mirror with {snapshot} in it. */
    snapshot?: string | null;
  } | null;
  /** Partitions and file systems of a blank image. */
  layout?: {
    /** Partition table. */
    scheme?: ("gpt" | "mbr") | null;
    /** Partitions in disk order. */
    partitions?:
      | ({
          /** The partition's name, unique in the layout; written as GPT partition name. */
          name?: string | null;
          /** Size; the last partition may leave it out and takes the rest of the disk. */
          size?: (string | number) | null;
          /** What it is for: sets the GPT type GUID or the MBR type byte. */
          type?: ("linux" | "root" | "home" | "esp" | "bios_boot" | "swap" | "xbootldr" | "lvm" | "raid") | null;
          /** File system made in it; none leaves it blank. */
          filesystem?: ("ext4" | "vfat" | "swap" | "xfs" | "btrfs") | null;
          /** Label of the file system. */
          label?: string | null;
          /** UUID of the file system; chosen at create where left out. */
          uuid?: string | null;
          /** What the file system holds from the start (ext4 and vfat). */
          content?: {
            /** A directory copied into the file system. Where the engine works on another host, it is read on the machine that asks; host:/PATH is the host's own. */
            directory?: string | null;
            /** A tar archive unpacked into the file system. Where the engine works on another host, it is read on the machine that asks; host:/PATH is the host's own. */
            tar?: string | null;
          } | null;
        } | null)[]
      | null;
  } | null;
  /** Files to add to the image or to change in it. One that is no longer declared stays. */
  files?:
    | ({
        /** Absolute path inside the image. */
        path?: string | null;
        /** The file's text. */
        content?: string | null;
        /** A file whose bytes it gets. Where the engine works on another host, it is read on the machine that asks; host:/PATH is the host's own. */
        source?: string | null;
        /** The file's text where it must be stored nowhere else. */
        secret_content?: string | null;
        /** Raise it when secret_content changed: the secret itself is stored nowhere and cannot be compared. */
        secret_content_version?: number | null;
        /** Permission bits in octal. */
        mode?: string | null;
        /** Number of the user that owns it. */
        uid?: number | null;
        /** Number of its group. */
        gid?: number | null;
      } | null)[]
    | null;
  /** Rules over what is in the image. What it is made of is judged by the plan where it is there, the image after each apply that makes or changes it. */
  checks?: {
    /** Sets of rules that guestkit brings along; a rule of the same name stands above theirs. */
    profiles?: (("golden-image" | "hardened") | null)[] | null;
    /** What has to hold, each rule by a name of its own. */
    rules?: {
      [k: string]: {
        /** What it asks for, in a sentence; told where it is not so. */
        title?: string | null;
        /** How bad it is where it does not hold; info is told and stops nothing. */
        severity?: ("info" | "low" | "medium" | "high" | "critical") | null;
        /** A package, its presence and version. */
        package?: {
          /** Name of the package; * and ? stand for other characters. */
          name?: string | null;
          /** Whether it is to be there; optional says what holds of it where it is. */
          state?: ("present" | "absent" | "optional") | null;
          /** Versions that are right, in the order of the system's own package manager: ">= 3.0.15", ">= 1:9.2, < 1:10". Of several that are installed each has to be right. */
          version?: string | null;
        } | null;
        /** A file: whether it is there, whose it is, what is in it. */
        file?: {
          /** Absolute path inside the image; links are followed. */
          path?: string | null;
          /** Whether the file is to be there. */
          state?: ("present" | "absent" | "optional") | null;
          /** What it has to be; a symlink is not followed. */
          type?: ("file" | "directory" | "symlink") | null;
          /** Name or number of the user who has to own it. */
          owner?: string | null;
          /** Name or number of its group. */
          group?: string | null;
          /** Permission bits in octal, all of them: 0644. */
          mode?: string | null;
          /** Permission bits in octal of which it may have none but these: 0640. */
          mode_at_most?: string | null;
          /** Digest of the whole content: 64 hexadecimal digits. */
          sha256?: string | null;
          /** Text that has to be in it. */
          contains?: string | null;
          /** Text that must not be in it. */
          lacks?: string | null;
          /** Regular expression that a line has to match; without back references and looking around. */
          matches?: string | null;
          /** Regular expression that no line may match. */
          matches_not?: string | null;
        } | null;
        /** A service, and whether it starts by itself. */
        service?: {
          /** Name of the service: sshd, fstrim.timer. */
          name?: string | null;
          /** What it is to be at the next start; masked is disabled as well. */
          state?: ("enabled" | "disabled" | "masked") | null;
        } | null;
        /** A user: whether there is one, and how. */
        user?: {
          /** Name of the user. */
          name?: string | null;
          /** Whether the user is to be there. */
          state?: ("present" | "absent" | "optional") | null;
          /** Number that the user has to have. */
          uid?: number | null;
          /** Shell that the user has to have: /usr/sbin/nologin. */
          shell?: string | null;
          /** Whether a password lets nobody in as this user. */
          locked?: boolean | null;
          /** Names of groups that the user has to be in. */
          groups?: (string | null)[] | null;
        } | null;
        /** A setting of the SSH server. */
        sshd?: {
          /** Keyword of sshd_config: PermitRootLogin. What a Match block says for some counts as well. */
          setting?: string | null;
          /** Values of which the effective one has to be one, in any case. */
          allowed?: (string | null)[] | null;
        } | null;
        /** Certificates in the usual places of servers, and for how long they are good. */
        certificates?: {
          /** Path of the certificate inside the image; * and ? stand for other characters. Left out: all that are found. */
          path?: string | null;
          /** Days for which each has to be good, from today on. */
          days?: number | null;
        } | null;
        /** What must not be left in an image that is copied: keys, tokens, history, logs. */
        leftovers?: {
          /** What must not be left of the system that the image came from. */
          kinds?:
            | (
                | (
                    | "host_keys"
                    | "private_keys"
                    | "authorized_keys"
                    | "tokens"
                    | "history"
                    | "machine_id"
                    | "random_seed"
                    | "logs"
                    | "leases"
                    | "cloud_init"
                    | "caches"
                    | "temporary"
                  )
                | null
              )[]
            | null;
          /** Paths that may be there all the same; * and ? stand for other characters. */
          allowed?: (string | null)[] | null;
        } | null;
      } | null;
    } | null;
    /** Rules that need not hold for a while, and why. */
    waivers?:
      | ({
          /** Name of the rule that need not hold. */
          check?: string | null;
          /** Why it need not. */
          reason?: string | null;
          /** Last day on which the waiver counts, in UTC: 2027-01-31. */
          until?: string | null;
        } | null)[]
      | null;
    /** File with more rules and waivers, as guestkit check takes it. Where the engine works on another host, it is read on the machine that asks; host:/PATH is the host's own. */
    file?: string | null;
    /** A rule that does not hold: fail makes the apply fail (the image stays for a look, and the next apply makes it anew); keep makes it a warning. */
    on_failure?: ("fail" | "keep") | null;
  } | null;
  /** Permission bits of the file in octal, for those who share it; by the umask where left out, and 0600 where the image holds secrets. */
  mode?: string | null;
  /** Replace a file at path that guestkit did not make. */
  overwrite?: boolean | null;
  /** Refuse to destroy or replace the image. */
  delete_protection?: boolean | null;
  /** Bytes that the guest sees. */
  virtual_size: number;
  /** Bytes that the image takes on the host. */
  actual_size: number;
  /** Parents, nearest first. */
  backing_chain: string[];
  /** Partitions as they really are. */
  partitions: {
    /** Number as the kernel counts. */
    number: number;
    /** GPT partition name. */
    name: string | null;
    /** Type GUID or MBR type. */
    type: string;
    /** PARTUUID. */
    uuid: string | null;
    /** First byte. */
    start: number;
    /** Bytes. */
    size: number;
    /** What it holds. */
    filesystem: string | null;
    /** Label of the file system. */
    label: string | null;
    /** UUID of the file system. */
    filesystem_uuid: string | null;
  }[];
  /** Rules of checks that did not hold when the image was made or changed. */
  failed_checks: {
    /** Name of the rule. */
    check: string;
    /** How bad it is where the rule does not hold. */
    severity: "info" | "low" | "medium" | "high" | "critical";
    /** What the rule asks for. */
    title: string | null;
    /** Which of the image's systems it is about, from 0. */
    system: number;
    /** What was found instead. */
    reasons: string[];
    /** It does not hold, or that cannot be told. */
    state: "failed" | "error";
  }[];
  /** Where the image departs from its declaration; empty when all is as declared. */
  drift: {
    /** The declared field that it concerns. */
    path: string;
    /** What was found inside the image. */
    why: string;
    /** What mends it. */
    action: "update" | "replace";
  }[];
}
/** A medium from which cloud-init reads what a new machine is to be (NoCloud). */
export interface CloudInitSeed {
  /** Path of an image, name of a machine. */
  id: string;
  /** Where the image lies on the host. */
  path?: string | null;
  /** The user-data document as it is (#cloud-config, a script, MIME), instead of the short form. */
  user_data?: string | null;
  /** Raise it when secret_user_data changed: the secret itself is stored nowhere and cannot be compared. */
  secret_user_data_version?: number | null;
  /** The meta-data document as it is (YAML). An instance-id is added where it has none. */
  meta_data?: string | null;
  /** The network-config document as it is (YAML, version 1 or 2); the image's own default where left out. */
  network_config?: string | null;
  /** Host name of the guest: letters, digits, - and dots. */
  hostname?: string | null;
  /** Identity by which cloud-init tells a first boot from a later one. Left out, it follows from what is declared, so that a change makes cloud-init run anew at the next boot. */
  instance_id?: string | null;
  /** Users to create, by name. The image's default user is made as well only for ssh_authorized_keys. */
  users?: {
    [k: string]: {
      /** Public keys that may log in. */
      ssh_authorized_keys?: (string | null)[] | null;
      /** Groups beside the user's own, by name. */
      groups?: (string | null)[] | null;
      /** Login shell; the distribution's own where left out. */
      shell?: string | null;
      /** May become root without a password. */
      sudo?: boolean | null;
      /** crypt(3) hash of the password. */
      password_hash?: string | null;
      /** Raise it when password_hash changed: the secret itself is stored nowhere and cannot be compared. */
      password_hash_version?: number | null;
      /** Refuse to log in by password; true where left out and there is no password_hash. */
      lock_passwd?: boolean | null;
    } | null;
  } | null;
  /** Public keys that may log in as the image's default user. */
  ssh_authorized_keys?: (string | null)[] | null;
  /** Packages to install at the first boot. */
  packages?: (string | null)[] | null;
  /** Refresh the package lists first. */
  package_update?: boolean | null;
  /** Files to write at the first boot, in this order, before packages are installed. */
  write_files?:
    | ({
        /** Absolute path inside the guest. */
        path?: string | null;
        /** The file's text. */
        content?: string | null;
        /** The file's text where it must be stored nowhere else. */
        secret_content?: string | null;
        /** Raise it when secret_content changed: the secret itself is stored nowhere and cannot be compared. */
        secret_content_version?: number | null;
        /** Permission bits in octal. */
        permissions?: string | null;
        /** user:group. A file that is not root's is written after users are made and packages installed. */
        owner?: string | null;
        /** Add to a file that is there instead of replacing it. */
        append?: boolean | null;
      } | null)[]
    | null;
  /** Shell commands run in this order at the end of the first boot. The first one that fails ends it. */
  runcmd?: (string | null)[] | null;
  /** Time zone: Europe/Berlin. */
  timezone?: string | null;
  /** Locale: C.UTF-8. */
  locale?: string | null;
  /** Replace a file at path that guestkit did not make. */
  overwrite?: boolean | null;
  /** The instance-id that the seed carries: the declared one, or the one derived from the declaration. */
  effective_instance_id: string | null;
  /** Bytes of the image. */
  size: number | null;
  /** Digest of the image in hex; null where the image holds a secret, of which it would be a digest. */
  sha256: string | null;
  /** Where the image departs from its declaration; empty when all is as declared. */
  drift: {
    /** The declared field that it concerns. */
    path: string;
    /** What was found in the image. */
    why: string;
    /** What mends it. */
    action: "update" | "replace";
  }[];
}
/** What is inside an image: operating system, packages, users, file systems. */
export interface Inspection {
  /** Version of this shape. */
  format_version: 1;
  /** Kind of operating system; null where there is none. */
  os_type: "linux" | null;
  /** ID of os-release: debian. */
  distro: string | null;
  /** VERSION_ID of os-release: 12. */
  version: string | null;
  /** Full name: Debian GNU/Linux 12 (bookworm). */
  product_name: string | null;
  /** VARIANT_ID of os-release: server, silverblue. */
  product_variant: string | null;
  /** VERSION_CODENAME of os-release: bookworm. */
  codename: string | null;
  /** libosinfo's short id: debian12, rhel9.4; null where it has none. */
  osinfo: string | null;
  /** Host name. */
  hostname: string | null;
  /** machine-id; null in an image for cloning. */
  machine_id: string | null;
  /** Architecture of its programs: x86_64. */
  arch: string | null;
  /** Device of the first system's root; null where there is none. */
  root: string | null;
  /** How packages come: of nix, what the system's profile needs. */
  package_format: ("deb" | "rpm" | "apk" | "pacman" | "ebuild" | "nix" | "xbps" | "opkg" | "slackware") | null;
  /** What installs them: apt, dnf, yum, zypper, pacman, apk, portage, nix; rpm-ostree or bootc where a system is deployed as a whole. */
  package_management: string | null;
  /** Packages. Null where it could not be read; a warning says why. */
  packages: PackageReport[] | null;
  /** File systems as the guest would mount them. */
  mounts: MountReport[];
  /** Accounts, without passwords. Null where it could not be read; a warning says why. */
  users: UserReport[] | null;
  /** Groups. Null where it could not be read; a warning says why. */
  groups: GroupReport[] | null;
  /** Time zone: Europe/Berlin. */
  timezone: string | null;
  /** LANG: C.UTF-8. */
  locale: string | null;
  /** Kernels. Null where it could not be read; a warning says why. */
  kernels: KernelReport[] | null;
  /** What is enabled in systemd. Null where it could not be read; a warning says why. */
  units: UnitsReport | null;
  /** Network configuration. Null where it could not be read; a warning says why. */
  network: NetworkReport[] | null;
  /** What starts the system. Null where it could not be read; a warning says why. */
  bootloader: BootloaderReport | null;
  /** cloud-init. Null where it could not be read; a warning says why. */
  cloud_init: AgentReport | null;
  /** QEMU's guest agent. Null where it could not be read; a warning says why. */
  guest_agent: AgentReport | null;
  /** Applications and runtimes that flatpak has installed. Null unless facts names flatpaks, or where it could not be read. */
  flatpaks: FlatpaksReport | null;
  /** What runs containers, and what they are made of. Null unless facts names containers, or where it could not be read. */
  containers: ContainersReport | null;
  /** Who was there and when the system ran. Null unless facts names history, or where it could not be read. */
  history: HistoryReport | null;
  /** How the system starts, by the files of its boot loaders. Null unless facts names boot, or where it could not be read. */
  boot: BootReport | null;
  /** Who gets in, and who may do what another one may. Null unless facts names access, or where it could not be read. */
  access: AccessReport | null;
  /** Packages of languages: Python, npm, RubyGems, Go, Rust, Maven. Null unless facts names languages, or where it could not be read. */
  languages: LanguagesReport | null;
  /** What runs by the clock. Null unless facts names schedule, or where it could not be read. */
  schedule: ScheduleReport | null;
  /** What confines programs, what keeps packets out, and what lies about that lets somebody in. Null unless facts names security, or where it could not be read. */
  security: SecurityReport | null;
  /** What the system's own files say of mounts, swap, encrypted devices and arrays. Null unless facts names storage, or where it could not be read. */
  storage: StorageReport | null;
  /** What starts with the system, and what could. Null unless facts names services, or where it could not be read. */
  services: ServicesReport | null;
  /** What every partition holds, recognised or not. */
  filesystems: FilesystemReport[];
  /** Every system that was found; the first is the one above. */
  operating_systems: SystemReport[];
  /** What was odd while reading. */
  warnings: string[];
  /** Rules of checks that do not hold; null where none were given. */
  failed_checks?: {
    /** Name of the rule. */
    check: string;
    /** How bad it is where the rule does not hold. */
    severity: "info" | "low" | "medium" | "high" | "critical";
    /** What the rule asks for. */
    title: string | null;
    /** Which of the image's systems it is about, from 0. */
    system: number;
    /** What was found instead. */
    reasons: string[];
    /** It does not hold, or that cannot be told. */
    state: "failed" | "error";
  }[];
}
/** What an image is: format, sizes, parents, snapshots, partitions and what is made of them. */
export interface ImageInfo {
  /** Disk format. */
  format: string;
  /** Bytes that the guest sees. */
  virtual_size: number;
  /** Bytes that the image takes on the host. */
  actual_size: number;
  /** Host files it is made of, its own first. */
  files: string[];
  /** Parents, nearest first. */
  backing_chain: string[];
  /** Internal snapshots. */
  snapshots: {
    /** Number in the image. */
    id: string;
    /** Name. */
    name: string;
    /** When it was taken, ISO 8601. */
    created_at: string;
    /** Bytes that the guest saw. */
    virtual_size: number;
    /** Bytes of the guest's memory; 0 where only the disk was taken. */
    vm_state_size: number;
  }[];
  /** gpt or mbr; null without a table. */
  partition_table: string | null;
  /** Partitions in the table's order. */
  partitions: {
    /** Number as the kernel counts. */
    number: number;
    /** Name as libguestfs gives it: /dev/sda1. */
    device: string;
    /** GPT partition name. */
    name: string | null;
    /** Type GUID or MBR type. */
    type: string;
    /** PARTUUID. */
    uuid: string | null;
    /** First byte. */
    start: number;
    /** Bytes. */
    size: number;
    /** Marked active. */
    bootable: boolean;
    /** What it holds. */
    filesystem: string | null;
    /** Label of the file system. */
    label: string | null;
    /** UUID of the file system. */
    filesystem_uuid: string | null;
  }[];
  /** What the whole disk holds where it has no partition table. */
  filesystem: string | null;
  /** What the format says of itself: cluster_size, compat. */
  details: {
    [k: string]: string;
  };
  /** The machine's disks: the image, and what with adds to it. */
  disks: {
    /** Name in the machine: /dev/sda for the first. */
    device: string;
    /** The image. */
    path: string;
    /** Disk format. */
    format: string;
    /** Bytes that the guest sees. */
    virtual_size: number;
    /** gpt or mbr; null without a table. */
    partition_table: string | null;
  }[];
  /** Every device in them, each after those that it is made of. */
  devices: {
    /** What it is: a mapping is what an encrypted device opens to. */
    kind: "disk" | "partition" | "array" | "mapping" | "logical_volume" | "subvolume";
    /** Name as libguestfs and the kernel give it: /dev/sda2, /dev/vg0/root, /dev/md127. */
    device: string;
    /** Its other names: /dev/mapper/vg0-root. */
    aliases: string[];
    /** Bytes. */
    size: number;
    /** The devices that it is made of. */
    stands_on: string[];
    /** What it holds: ext4, swap, LVM2_member; null where nothing is recognised, or a partition table. */
    filesystem: string | null;
    /** Label of what it holds. */
    label: string | null;
    /** UUID of what it holds. */
    filesystem_uuid: string | null;
    /** Its own UUID: a partition's, an array's, a logical volume's. */
    uuid: string | null;
    /** GPT partition name. */
    partition_name: string | null;
    /** A snapshot within a file system. */
    is_snapshot: boolean;
    /** What it says of itself: level, layout, cipher. */
    details: {
      [k: string]: string;
    };
    /** Why what it holds cannot be read: code and text. */
    error: string | null;
  }[];
  /** Whose it is, FACE:PROJECT (guestkit.yaml:shop, terraform:1b2c...); null where nobody in particular owns it. */
  owner: string | null;
  /** The project file of an owner that has no name but a UUID. */
  owner_file: string | null;
  /** What was odd while reading. */
  warnings: string[];
}
/** A file inside an image: its bytes and what is known of it. */
export interface FileContent {
  /** The text; null where the bytes are no UTF-8. */
  content: string | null;
  /** The bytes in base64. */
  content_base64: string;
  /** Digest of the bytes, in hex. */
  sha256: string;
  /** Bytes. */
  size: number;
  /** Permission bits in octal: 0644. */
  mode: string;
  /** Owner. */
  uid: number;
  /** Group. */
  gid: number;
  /** Last change, ISO 8601 with nanoseconds. */
  mtime: string;
}
/** What differs between two images: packages, users, services, files. */
export interface ImageDiff {
  /** Whether anything differs; null where something could not be read, and nothing else differs. */
  is_different: boolean | null;
  /** How many changes there are, with those that are unread. */
  total: number;
  /** How many of them are unread: with any of these, the images may differ in more. */
  unread: number;
  /** The first 10000 of them. */
  changes: {
    /** What it is one of. */
    group: "system" | "packages" | "users" | "groups" | "services" | "kernels" | "network" | "filesystems" | "files";
    /** What happened to it; unread: it could not be compared, since it could not be read in one of them. */
    change: "added" | "removed" | "modified" | "renamed" | "unread";
    /** Which of the image's systems it is in, from 0; null for what is in none. */
    system: number | null;
    /** A package, a user, a path, a field of the system. */
    name: string;
    /** The path that a renamed file had. */
    from: string | null;
    /** What of it differs; of a content its size. */
    differences: {
      /** What differs: version, mode, owner, content, target, xattr NAME; error: why it could not be read. */
      field: string;
      /** As it was; null where it was not there. */
      before: string | null;
      /** As it is; null where it is not there. */
      after: string | null;
    }[];
  }[];
  /** What was odd while reading, behind before or after. */
  warnings: string[];
}
/** A list of the software in an image, as CycloneDX or SPDX. */
export interface ImageSbom {
  /** The document, as it is to be written to a file. */
  content: string;
  /** urn:uuid: and a UUID of version 5: the same software has the same one. */
  serial_number: string;
  /** How many packages are on it. */
  total: number;
  /** What was odd while reading. */
  warnings: string[];
}
/** Copy a file or a folder out of an image to the host. */
export interface Copy {
  /** Whether anything was changed, or would be. */
  changed?: boolean;
  /** What was written on the host. */
  copied_to: string;
  /** Files and links looked at. */
  files: number;
  /** Of these, how many were written. */
  copied: number;
  /** Bytes written. */
  bytes: number;
  /** What was left out, and why. */
  left_out: {
    /** Path inside the image. */
    path: string;
    /** Its bytes where they are no UTF-8. */
    path_base64: string | null;
    /** Why it was left out. */
    why: string;
  }[];
}
/** A QEMU virtual machine, without root and without a daemon. */
export interface VirtualMachine {
  /** Path of an image, name of a machine. */
  id: string;
  /** Name, unique among this user's machines: letters, digits, - and _. It is the guest's host name, with - for _, unless cloud_init says otherwise. */
  name?: string | null;
  /** Whether it is to run. */
  running?: boolean | null;
  /** Virtual processors. */
  cpus?: number | null;
  /** Memory of the guest. */
  memory?: (string | number) | null;
  /** Memory that the guest is to keep, at most memory; the rest goes back to the host. */
  balloon?: (string | number) | null;
  /** Machine type; its version is that of the QEMU which made it, and is kept. */
  machine?: ("q35" | "pc") | null;
  /** Processor as QEMU names it; max is all that the host or TCG has. */
  cpu_model?: string | null;
  /** Firmware; what the image can boot by where left out. UEFI keeps its variables in a file of the machine's own. */
  firmware?: ("bios" | "uefi") | null;
  /** UEFI that starts signed loaders alone. */
  secure_boot?: boolean | null;
  /** Kernel on the host that is started directly. */
  kernel?: string | null;
  /** Initial RAM disk on the host for kernel. */
  initrd?: string | null;
  /** Command line of kernel. */
  cmdline?: string | null;
  /** A TPM 2.0 by swtpm, whose state is kept with the machine. */
  tpm?: boolean | null;
  /** Disks of the machine, by name. */
  disks?: {
    [k: string]: {
      /** The image: a path on the host, or the id of a disk_image. It is never removed with the machine. */
      image?: string | null;
      /** Format of the image. Left out: what is recorded of it, else what it looks like at its first use, which that use fixes. */
      format?: ("qcow2" | "raw") | null;
      /** Let the image lean on files outside its own folder that no record of guestkit's names. Only for images that you know. */
      allow_backing_files?: boolean | null;
      /** The machine writes into a thin copy of its own, kept and removed with it; the image stays as it is. */
      overlay?: boolean | null;
      /** Virtual size of the overlay, grown in place; its image's where left out. Only with overlay. */
      size?: (string | number) | null;
      /** How the guest sees it: virtio-blk, virtio-scsi, AHCI, IDE (machine pc), NVMe or USB storage. */
      bus?: ("virtio" | "scsi" | "sata" | "ide" | "nvme" | "usb") | null;
      /** Bytes of a sector as the guest sees the disk, 512 or 4096: partition tables count in it. 4096 with the buses virtio, scsi and nvme alone. */
      sector_size?: number | null;
      /** The guest may not write to it. */
      read_only?: boolean | null;
      /** Whether discarded blocks are given back to the host. */
      discard?: ("unmap" | "ignore") | null;
      /** QEMU's cache mode. */
      cache?: ("writeback" | "none" | "writethrough" | "directsync" | "unsafe") | null;
      /** Place in the firmware's order. Where no disk has one: the disk named root, then the others by their names. */
      boot_order?: number | null;
      /** Serial number in the guest; the disk's name where left out. */
      serial?: string | null;
    } | null;
  } | null;
  /** Another machine whose written disks this one starts from, by their names; it must not run meanwhile. Disks declared beside them are the machine's own data. */
  template_vm?: string | null;
  /** An image (path, or id of a disk_image) that the disk named root starts from. It stays as it is. */
  base?: string | null;
  /** Whether disks of template_vm or base are thin overlays; false copies them whole. */
  backing_file?: boolean | null;
  /** always: the machine's own copies of disks are thrown away and made anew at every start; never: they are kept. Left out: always with template_vm or base, never otherwise. */
  recreate_overlay?: ("always" | "never") | null;
  /** Whatever the guest writes to any disk is forgotten when it stops (QEMU's -snapshot). */
  snapshot_mode?: boolean | null;
  /** CD-ROM drives by name. */
  cdroms?: {
    [k: string]: {
      /** The medium: an ISO on the host, or the id of a cloud_init_seed; none is an empty drive. */
      image?: string | null;
      /** Place in the firmware's order. */
      boot_order?: number | null;
    } | null;
  } | null;
  /** Network cards by name. Left out: one named default, of kind user, with a forward named ssh to port 22; an empty map is none. */
  networks?: {
    [k: string]: {
      /** user: QEMU's own NAT without privileges; passt: the same by passt; bridge and tap: the host's; link: a private cable to one other machine of this user; socket: a multicast group that any machine of this host may join; stream: a cable over a socket of your own. */
      kind?: ("user" | "passt" | "bridge" | "tap" | "link" | "socket" | "stream") | null;
      /** Network card that the guest sees. */
      model?: ("virtio-net-pci" | "e1000" | "e1000e" | "rtl8139") | null;
      /** Hardware address (52:54:00:12:34:56); made from the machine's and the network's name where left out, so that it never changes. */
      mac?: string | null;
      /** Static addresses with prefix length (10.0.0.2/24), given to the guest by cloud-init; DHCP where empty. On a link one is chosen for each side where empty. */
      addresses?: (string | null)[] | null;
      /** Ports of the host that lead into the guest, by name (user and passt). */
      forwards?: {
        [k: string]: {
          /** Port in the guest. */
          guest_port?: number | null;
          /** Port on the host; 0 picks a free one, which is kept and shown in forwards. */
          host_port?: number | null;
          /** Address on the host that is listened on. */
          host_address?: string | null;
          /** Transport of the forward. */
          protocol?: ("tcp" | "udp") | null;
        } | null;
      } | null;
      /** The guest reaches neither the host nor the outside; forwards still lead in (user). */
      isolated?: boolean | null;
      /** Name of the host's bridge (bridge), through QEMU's bridge helper. */
      bridge?: string | null;
      /** Name of a tap device that exists (tap). */
      tap?: string | null;
      /** Name of the machine at the other end (link), which names this one in turn; order of starts does not matter. */
      peer?: string | null;
      /** Multicast address and port (socket): 230.0.0.1:1234; bound to the loopback device. */
      group?: string | null;
      /** Unix socket (stream). */
      path?: string | null;
      /** This side waits for the other one to connect (stream). */
      listen?: boolean | null;
    } | null;
  } | null;
  /** Host folders in the guest, by name (the mount tag). */
  shares?: {
    [k: string]: {
      /** Folder on the host. */
      path?: string | null;
      /** How it is carried: 9p and virtiofs by QEMU's devices; sshfs, nfs and smb by a server on the host that this machine alone reaches, through a network of kind user. What host and guest both can where left out. */
      kind?: ("9p" | "virtiofs" | "sshfs" | "nfs" | "smb") | null;
      /** Where the guest mounts it (by cloud-init or agent); /mnt/NAME where left out. */
      mount?: string | null;
      /** The guest may not write to it. */
      read_only?: boolean | null;
      /** Further mount options in the guest (mount -o): noatime. */
      options?: (string | null)[] | null;
      /** squash: files are the host user's own; map: the guest's owners are kept beside them (9p: mapped-xattr). */
      ownership?: ("squash" | "map") | null;
    } | null;
  } | null;
  /** How the screen can be reached. */
  graphics?: {
    /** How the screen can be reached. A screenshot needs none. */
    kind?: ("none" | "vnc" | "spice") | null;
    /** Address on the host; a Unix socket in the machine's own folder, for this user alone, where left out. */
    listen?: string | null;
    /** TCP port; with listen alone 5900 or the next free one. */
    port?: number | null;
    /** Password of the screen. */
    password?: string | null;
    /** Raise it when password changed: the secret itself is stored nowhere and cannot be compared. */
    password_version?: number | null;
  } | null;
  /** How guestkit logs in. */
  ssh?: {
    /** Who logs in; the first user that cloud_init creates, or the image's own where left out. */
    user?: string | null;
    /** Port in the guest. */
    port?: number | null;
    /** Key file; the machine's own, which cloud_init lets in, where left out. Where the engine works on another host, it is read on the machine that asks; host:/PATH is the host's own. */
    private_key?: string | null;
    /** The network to go by; the first with a forward to the port where left out. */
    network?: string | null;
  } | null;
  /** What cloud-init does at the first boot; given to the guest as a NoCloud medium. */
  cloud_init?: {
    /** The user-data document as it is (#cloud-config, a script, MIME), instead of the short form. */
    user_data?: string | null;
    /** The user-data document where it holds secrets and must be stored nowhere else. */
    secret_user_data?: string | null;
    /** Raise it when secret_user_data changed: the secret itself is stored nowhere and cannot be compared. */
    secret_user_data_version?: number | null;
    /** The meta-data document as it is (YAML). An instance-id is added where it has none. */
    meta_data?: string | null;
    /** The network-config document as it is (YAML, version 1 or 2); the image's own default where left out. */
    network_config?: string | null;
    /** Host name of the guest: letters, digits, - and dots. */
    hostname?: string | null;
    /** Identity by which cloud-init tells a first boot from a later one. Left out, it follows from what is declared, so that a change makes cloud-init run anew at the next boot. */
    instance_id?: string | null;
    /** Users to create, by name. The image's default user is made as well only for ssh_authorized_keys. */
    users?: {
      [k: string]: {
        /** Public keys that may log in. */
        ssh_authorized_keys?: (string | null)[] | null;
        /** Groups beside the user's own, by name. */
        groups?: (string | null)[] | null;
        /** Login shell; the distribution's own where left out. */
        shell?: string | null;
        /** May become root without a password. */
        sudo?: boolean | null;
        /** crypt(3) hash of the password. */
        password_hash?: string | null;
        /** Raise it when password_hash changed: the secret itself is stored nowhere and cannot be compared. */
        password_hash_version?: number | null;
        /** Refuse to log in by password; true where left out and there is no password_hash. */
        lock_passwd?: boolean | null;
      } | null;
    } | null;
    /** Public keys that may log in as the image's default user. */
    ssh_authorized_keys?: (string | null)[] | null;
    /** Packages to install at the first boot. */
    packages?: (string | null)[] | null;
    /** Refresh the package lists first. */
    package_update?: boolean | null;
    /** Files to write at the first boot, in this order, before packages are installed. */
    write_files?:
      | ({
          /** Absolute path inside the guest. */
          path?: string | null;
          /** The file's text. */
          content?: string | null;
          /** The file's text where it must be stored nowhere else. */
          secret_content?: string | null;
          /** Raise it when secret_content changed: the secret itself is stored nowhere and cannot be compared. */
          secret_content_version?: number | null;
          /** Permission bits in octal. */
          permissions?: string | null;
          /** user:group. A file that is not root's is written after users are made and packages installed. */
          owner?: string | null;
          /** Add to a file that is there instead of replacing it. */
          append?: boolean | null;
        } | null)[]
      | null;
    /** Shell commands run in this order at the end of the first boot. The first one that fails ends it. */
    runcmd?: (string | null)[] | null;
    /** Time zone: Europe/Berlin. */
    timezone?: string | null;
    /** Locale: C.UTF-8. */
    locale?: string | null;
  } | null;
  /** Scripts run in the guest when it is ready, in order. */
  provision?:
    | ({
        /** What the step is called in progress and errors. */
        name?: string | null;
        /** Lines of a shell script, run with set -e. */
        inline?: (string | null)[] | null;
        /** A script, run in the guest as it is. Where the engine works on another host, it is read on the machine that asks; host:/PATH is the host's own. */
        file?: string | null;
        /** Variables of the step's environment. */
        environment?: {
          [k: string]: string | null;
        } | null;
        /** Variables that are secrets; a step that needs them runs in applies alone. */
        secret_environment?: {
          [k: string]: string | null;
        } | null;
        /** Raise it when secret_environment changed: the secret itself is stored nowhere and cannot be compared. */
        secret_environment_version?: number | null;
        /** How the guest is reached. */
        via?: ("auto" | "ssh" | "agent") | null;
        /** As whom it runs; root where left out. */
        user?: string | null;
        /** Once, or at every start. */
        when?: ("create" | "always") | null;
        /** Seconds that the step may take. */
        timeout?: number | null;
      } | null)[]
    | null;
  /** Run every provisioning step at every start, whatever its when says. */
  provision_always?: boolean | null;
  /** Lines of a shell script run as root in the guest at every start, when it is ready and provisioned. */
  startup_commands?: (string | null)[] | null;
  /** Lines of a shell script run as root in the guest before it is asked to shut down; within timeouts.stop. What fails is told, and does not keep it from stopping. */
  shutdown_commands?: (string | null)[] | null;
  /** What vm upgrade runs in the guest as root: apt-get update && apt-get -y dist-upgrade. */
  upgrade_command?: string | null;
  /** When the machine is ready, all of it in order; the most that the image can tell where left out. */
  wait_for?:
    | ({
        /** What tells that the machine is ready: its guest agent answers, one can log in, cloud-init is done, a port answers, the console shows a text. */
        condition?: ("agent" | "ssh" | "cloud_init" | "port" | "console" | "none") | null;
        /** Seconds from the start. */
        timeout?: number | null;
        /** Port in the guest that must answer (port). */
        port?: number | null;
        /** Text that the console must show (console). */
        text?: string | null;
      } | null)[]
    | null;
  /** A machine that does not become ready: fail makes the apply fail (the machine stays for a look); keep makes it a warning. */
  on_failure?: ("fail" | "keep") | null;
  /** What happens when the guest's kernel panics. */
  on_panic?: ("pause" | "poweroff" | "ignore") | null;
  /** Longest console log; the next command on the machine cuts what is older. */
  console_log_size?: (string | number) | null;
  /** Words of your own, for choosing machines. */
  labels?: {
    [k: string]: string | null;
  } | null;
  /** Further arguments of QEMU. Never put a secret here. */
  extra_args?: (string | null)[] | null;
  /** Start it with this user's systemd. */
  autostart?: boolean | null;
  /** Refuse to destroy or replace the machine. */
  delete_protection?: boolean | null;
  /** What the plan does with a fault that it finds in the image. */
  preflight?: ("error" | "warn" | "off") | null;
  /** What the plan does with a fault, rule by rule, by their codes (P_NO_KERNEL). */
  preflight_rules?: {
    [k: string]: "error" | "warn" | "off" | null;
  } | null;
  /** Seconds to wait. */
  timeouts?: {
    /** Seconds until QEMU runs. */
    start?: number | null;
    /** Seconds after asking the guest to shut down (agent or power button). */
    stop?: number | null;
    /** Seconds after telling QEMU to quit, before it is killed. */
    quit?: number | null;
  } | null;
  /** What QEMU says of it. */
  status: "running" | "paused" | "stopped" | "crashed" | "panicked";
  /** QEMU's process; null where it does not run. */
  pid: number | null;
  /** kvm, hvf or tcg. */
  accelerator: string | null;
  /** Machine type with its version: pc-q35-7.2. */
  machine_type: string | null;
  /** Addresses that the guest's agent tells, else those that are declared. */
  ip_addresses: string[];
  /** Hardware addresses by network. */
  macs: {
    [k: string]: string;
  };
  /** Ports of the host that lead into the guest. */
  forwards: {
    /** The network's name. */
    network: string;
    /** The forward's name. */
    name: string;
    /** tcp or udp. */
    protocol: string;
    /** Address on the host. */
    host_address: string;
    /** Port on the host, the picked one where none was declared. */
    host_port: number;
    /** Port in the guest. */
    guest_port: number;
  }[];
  /** Where SSH is reached, on its host; null where it cannot be. */
  ssh_host: string | null;
  /** Port of it. */
  ssh_port: number | null;
  /** Who logs in. */
  ssh_user: string | null;
  /** Private key. Of a machine of another host a copy here. */
  ssh_key_file: string | null;
  /** File with the guest's host keys. */
  ssh_known_hosts: string | null;
  /** The guest's host keys, as seen at its first start. */
  ssh_host_keys: string[];
  /** File for ssh -F that leads to a machine of another host, by its name; null on this one. */
  ssh_config: string | null;
  /** A command that logs in. */
  ssh_command: string | null;
  /** Where the screen is reached: vnc://..., spice+unix://... */
  display: string | null;
  /** Whether what its disks start from was changed since its last start; the next start takes it up. */
  template_upgraded: boolean;
  /** File with everything that the serial console showed. */
  console_log: string;
  /** Where the machine lives. */
  directory: string;
  /** Where the machine departs from its declaration; empty when all is as declared. */
  drift: {
    /** The declared field that it concerns. */
    path: string;
    /** What was found. */
    why: string;
    /** What mends it. */
    action: "update" | "replace";
  }[];
}
/** A machine as it is now: state, addresses, ways in. */
export interface VirtualMachineInfo {
  /** What QEMU says of it. */
  status: "running" | "paused" | "stopped" | "crashed" | "panicked";
  /** QEMU's process; null where it does not run. */
  pid: number | null;
  /** kvm, hvf or tcg. */
  accelerator: string | null;
  /** Machine type with its version: pc-q35-7.2. */
  machine_type: string | null;
  /** Virtual processors. */
  cpus: number;
  /** Memory of the guest in bytes. */
  memory: number;
  /** Seconds since QEMU was started. */
  uptime: number | null;
  /** Addresses that the guest's agent tells now. */
  ip_addresses: string[];
  /** Host name that the agent tells. */
  hostname: string | null;
  /** Operating system that the agent tells. */
  os: string | null;
  /** Whether the guest agent answers. */
  agent: boolean;
  /** Ports of the host that lead into the guest. */
  forwards: {
    /** The network's name. */
    network: string;
    /** The forward's name. */
    name: string;
    /** tcp or udp. */
    protocol: string;
    /** Address on the host. */
    host_address: string;
    /** Port on the host, the picked one where none was declared. */
    host_port: number;
    /** Port in the guest. */
    guest_port: number;
  }[];
  /** Where SSH is reached, on its host; null where it cannot be. */
  ssh_host: string | null;
  /** Port of it. */
  ssh_port: number | null;
  /** Who logs in. */
  ssh_user: string | null;
  /** A command that logs in. */
  ssh_command: string | null;
  /** Whether what its disks start from was changed since its last start; the next start takes it up. */
  template_upgraded: boolean;
  /** File with everything that the serial console showed. */
  console_log: string;
  /** Where the machine lives. */
  directory: string;
  /** QEMU's arguments as it was, or would be, started. */
  command_line: string[];
  /** Host folders that the guest has now. */
  mounts: {
    /** Folder on the host. */
    path: string;
    /** Folder in the guest. */
    mount: string | null;
    /** How it is carried. */
    kind: string;
    /** The guest may not write to it. */
    read_only: boolean;
    /** By the declaration; otherwise by vm mount, for this run alone. */
    declared: boolean;
  }[];
  /** Whose it is, FACE:PROJECT (guestkit.yaml:shop, terraform:1b2c...); null where nobody in particular owns it. */
  owner: string | null;
  /** The project file of an owner that has no name but a UUID. */
  owner_file: string | null;
  /** Why it did not become ready, where that was kept. */
  failure: string | null;
  /** What was odd. */
  warnings: string[];
}
/** What would keep a machine from coming up, as its image tells. */
export interface VirtualMachineCheck {
  /** Faults; empty where none is known. */
  findings: {
    /** error or warning. */
    severity: string;
    /** The rule: docs/preflight.md tells of it, preflight_rules turns it off. */
    code: string;
    /** The declared field that it concerns. */
    field: string;
    /** What is so. */
    message: string;
    /** The way out. */
    help: string;
  }[];
  /** Firmware that it would boot by. */
  firmware: string | null;
  /** What would be waited for where nothing is said. */
  ready_by: string[];
  /** Who would log in. */
  ssh_user: string | null;
  /** 2 where a finding is an error, else 0. */
  exit_code: number;
}
/** Run a command in a machine of which nothing remains */
export interface VmDisposable {
  /** Whether anything was changed, or would be. */
  changed?: boolean;
  /** The command's own. */
  exit_code: number;
  /** What it wrote, the last MiB of it. */
  stdout: string;
  /** What it complained of, the last MiB of it. */
  stderr: string;
}
/** Run a script in a machine of which nothing remains */
export interface VmDisposableRun {
  /** Whether anything was changed, or would be. */
  changed?: boolean;
  /** The command's own. */
  exit_code: number;
  /** What it wrote, the last MiB of it. */
  stdout: string;
  /** What it complained of, the last MiB of it. */
  stderr: string;
}
/** This user's machines */
export interface VirtualMachines {
  /** Machines by name. */
  machines: {
    /** Name. */
    name: string;
    /** What QEMU says of it. */
    status: string;
    /** QEMU's process. */
    pid: number | null;
    /** Virtual processors. */
    cpus: number;
    /** Bytes. */
    memory: number;
    /** kvm, hvf or tcg. */
    accelerator: string | null;
    /** An address of its own, else where its SSH server is forwarded to on this host (HOST:PORT). */
    address: string | null;
    /** Seconds since QEMU was started. */
    uptime: number | null;
    /** Port of the host that leads to its SSH server. */
    ssh_port: number | null;
    /** Whether what its disks start from was changed since its last start; the next start takes it up. */
    template_upgraded: boolean;
    /** Whether nothing of it remains when the command that made it ends. */
    disposable: boolean;
    /** In words: disposable, template upgraded. */
    notes: string[];
    /** What is odd: logs that have outgrown their limits. */
    warnings: string[];
    /** Whose it is, FACE:PROJECT (guestkit.yaml:shop, terraform:1b2c...); null where nobody in particular owns it. */
    owner: string | null;
    /** The project file of an owner that has no name but a UUID. */
    owner_file: string | null;
    /** Words of its owner. */
    labels: {
      [k: string]: string;
    };
  }[];
}
/** Start a machine and wait until it is ready */
export interface VmUp {
  /** Whether anything was changed, or would be. */
  changed?: boolean;
  /** What QEMU says of it afterwards. */
  status: string;
  /** QEMU's process. */
  pid: number | null;
  /** A command that logs in. */
  ssh_command: string | null;
}
/** Shut a machine down */
export interface VmStop {
  /** Whether anything was changed, or would be. */
  changed?: boolean;
  /** What QEMU says of it afterwards. */
  status: string;
  /** not running, shut down, quit or killed. */
  how: string;
  /** What went wrong and stopped nothing: shutdown_commands. */
  warnings: string[];
}
/** End a machine at once */
export interface VmKill {
  /** Whether anything was changed, or would be. */
  changed?: boolean;
  /** What QEMU says of it afterwards. */
  status: string;
  /** not running or killed. */
  how: string;
}
/** Stop a machine and start it again */
export interface VmRestart {
  /** Whether anything was changed, or would be. */
  changed?: boolean;
  /** What QEMU says of it afterwards. */
  status: string;
  /** QEMU's process. */
  pid: number | null;
  /** A command that logs in. */
  ssh_command: string | null;
}
/** Freeze a machine */
export interface VmSuspend {
  /** Whether anything was changed, or would be. */
  changed?: boolean;
  /** What QEMU says of it afterwards. */
  status: string;
}
/** Let a frozen machine go on */
export interface VmResume {
  /** Whether anything was changed, or would be. */
  changed?: boolean;
  /** What QEMU says of it afterwards. */
  status: string;
}
/** Remove a machine and what is its own */
export interface VmDestroy {
  /** Whether anything was changed, or would be. */
  changed?: boolean;
  /** Whether there was one. */
  removed: boolean;
}
/** Run a machine's provisioning steps again */
export interface VmProvision {
  /** Whether anything was changed, or would be. */
  changed?: boolean;
  /** Names of the steps that ran. */
  steps: string[];
}
/** Run a command in a machine */
export interface VmExec {
  /** Whether anything was changed, or would be. */
  changed?: boolean;
  /** The command's own. */
  exit_code: number;
  /** What it wrote, the last MiB of it. */
  stdout: string;
  /** What it complained of, the last MiB of it. */
  stderr: string;
}
/** Save what a machine's screen shows */
export interface VmScreenshot {
  /** Whether anything was changed, or would be. */
  changed?: boolean;
  /** The file. */
  written_to: string;
}
/** Mount a folder of the host in a running machine */
export interface VmMount {
  /** Whether anything was changed, or would be. */
  changed?: boolean;
  /** Where it is mounted. */
  mount: string;
}
/** Unmount a folder that vm mount has mounted */
export interface VmUmount {
  /** Whether anything was changed, or would be. */
  changed?: boolean;
  /** Where it was mounted. */
  mount: string;
}
/** Take a snapshot of a machine */
export interface VmSnapshotTake {
  /** Whether anything was changed, or would be. */
  changed?: boolean;
  /** What QEMU says of it afterwards. */
  status: string;
}
/** The snapshots of a machine */
export interface VmSnapshots {
  /** Snapshots, the oldest first. */
  snapshots: {
    /** Name. */
    name: string;
    /** When it was taken, ISO 8601. */
    created_at: string;
    /** Whether the guest's memory is in it. */
    memory: boolean;
    /** Bytes of the memory; 0 without. */
    vm_state_size: number;
  }[];
}
/** Bring a machine back to a snapshot */
export interface VmSnapshotRevert {
  /** Whether anything was changed, or would be. */
  changed?: boolean;
  /** What QEMU says of it afterwards. */
  status: string;
}
/** Delete a snapshot of a machine */
export interface VmSnapshotDelete {
  /** Whether anything was changed, or would be. */
  changed?: boolean;
  /** What QEMU says of it afterwards. */
  status: string;
}
/** Do one thing with each of several machines */
export interface VmForeach {
  /** Whether anything was changed, or would be. */
  changed?: boolean;
  /** Whether all are done. */
  ok: boolean;
  /** How many are done. */
  done: number;
  /** How many failed, or were not done in their time. */
  failures: number;
  /** How many were not begun, after a failure. */
  not_started: number;
  /** The machines, as they came to their end. */
  results: {
    /** The machine. */
    name: string;
    /** What was to be done. */
    verb: string;
    /** done, failed, timed out, interrupted or not started. */
    outcome: string;
    /** Whether it is done. */
    ok: boolean;
    /** Whether something was changed, or would be. */
    changed: boolean;
    /** What the verb alone would have exited with; 124 when its time was over. */
    exit_code: number | null;
    /** Seconds that it may take. */
    duration: number;
    /** The state before, where the verb tells it. */
    before: string | null;
    /** The state after. */
    after: string | null;
    /** The verb's own answer, as JSON. */
    output: string | null;
    /** Why it failed. */
    error: string | null;
    /** The same as a code. */
    error_code: string | null;
  }[];
}
/** What machines use */
export interface VmUsage {
  /** Machines that run, by name. */
  machines: {
    /** Name. */
    name: string;
    /** When it was measured, ISO 8601. */
    time: string;
    /** What QEMU says of it; not answering where QEMU says nothing. */
    status: string;
    /** Seconds since QEMU was started. */
    uptime: number | null;
    /** Processor time of QEMU's process; 100 is one processor of the host; null where nothing tells. */
    cpu_percent: number | null;
    /** The same of each virtual processor's thread; null where several share one. */
    vcpu_percent: (number | null)[];
    /** Bytes that it was started with. */
    memory: number | null;
    /** Bytes of the host's memory that QEMU's process occupies. */
    resident_memory: number | null;
    /** Bytes that the balloon leaves to the guest. */
    balloon_memory: number | null;
    /** Bytes that the guest cannot do without, as its balloon driver tells. */
    guest_used_memory: number | null;
    /** Bytes a second that the guest reads from its disks; null where nothing tells. */
    disk_read_bytes: number | null;
    /** Bytes a second that it writes; null where nothing tells. */
    disk_write_bytes: number | null;
    /** Reads a second; null where nothing tells. */
    disk_reads: number | null;
    /** Writes a second; null where nothing tells. */
    disk_writes: number | null;
    /** Bytes a second that the guest receives; null where nothing tells. */
    network_received_bytes: number | null;
    /** Bytes a second that it sends; null where nothing tells. */
    network_sent_bytes: number | null;
    /** Who tells of the network: host (its tap devices) or guest (its agent). */
    network_source: string | null;
  }[];
}
/** Throw away what is a machine's own, and start it anew */
export interface VmRecycle {
  /** Whether anything was changed, or would be. */
  changed?: boolean;
  /** What QEMU says of it afterwards. */
  status: string;
  /** QEMU's process. */
  pid: number | null;
  /** A command that logs in. */
  ssh_command: string | null;
  /** What went wrong and stopped nothing: shutdown_commands. */
  warnings: string[];
}
/** Run a script in a machine */
export interface VmRun {
  /** Whether anything was changed, or would be. */
  changed?: boolean;
  /** The script's own; 126 and 127 where it could not be run, as in a shell. */
  exit_code: number;
  /** What it wrote, the last MiB of it. */
  stdout: string;
  /** What it complained of, the last MiB of it. */
  stderr: string;
}
/** Run a machine's upgrade command */
export interface VmUpgrade {
  /** Whether anything was changed, or would be. */
  changed?: boolean;
  /** What QEMU says of it afterwards. */
  status: string;
  /** Why nothing was done; null where it was upgraded. */
  reason: string | null;
  /** The last lines that the command printed. */
  output: string;
  /** What went wrong and stopped nothing: shutdown_commands. */
  warnings: string[];
}
/** Bring folders of the host and a machine to the same state */
export interface VmRsync {
  /** Whether anything was changed, or would be. */
  changed?: boolean;
  /** Files and folders that were, or in check mode would be, changed. */
  changes: number;
  /** What rsync said, the last MiB of it. */
  stdout: string;
}
/** Give a machine another name */
export interface VmRename {
  /** Whether anything was changed, or would be. */
  changed?: boolean;
  /** Where the machine lives now. */
  directory: string;
}
/** Strip files of metadata in a disposable machine */
export interface VmMat {
  /** Whether anything was changed, or would be. */
  changed?: boolean;
  /** What became of each, in the order given. */
  files: {
    /** The file as it was given. */
    path: string;
    /** cleaned, unsupported or failed. */
    status: string;
    /** The clean file. */
    written_to: string | null;
    /** Why there is none. */
    message: string | null;
  }[];
  /** 0 where all were cleaned, 1 otherwise. */
  exit_code: number;
}
/** Make a PDF harmless in a disposable machine */
export interface VmPdfCleaner {
  /** Whether anything was changed, or would be. */
  changed?: boolean;
  /** The clean file. */
  written_to: string;
  /** How many pages it has. */
  pages: number;
  /** Its bytes. */
  size: number;
}
/** Scan files for malware in a disposable machine */
export interface VmClamav {
  /** Whether anything was changed, or would be. */
  changed?: boolean;
  /** A verdict a file, by name. */
  files: {
    /** The file. */
    path: string;
    /** Its bytes where they are no UTF-8. */
    path_base64: string | null;
    /** clean, infected, error or skipped. */
    verdict: string;
    /** What was found. */
    signature: string | null;
    /** Why it was not scanned. */
    message: string | null;
  }[];
  /** How many are infected. */
  infected: number;
  /** How many files could not be scanned. */
  unscanned: number;
  /** How many signatures were loaded. */
  signatures: number;
  /** Days since the newest signatures were made; ClamAV warns after 7. */
  database_age_days: number;
  /** ClamAV's version. */
  engine: string;
  /** 0, 1 or 2; see above. */
  exit_code: number;
}
/** Declare a CI job of this host. */
export interface CiJob {
  /** Whether anything was changed, or would be. */
  changed?: boolean;
  /** The job's file. */
  file: string;
}
/** Run a CI job */
export interface CiRun {
  /** Whether anything was changed, or would be. */
  changed?: boolean;
  /** passed or unchanged; with dry-run also accepted. What fails or is refused is an error. */
  result: string;
  /** The commit. */
  commit: string;
  /** Whose signature it has. */
  signer: string;
  /** What was done: address and action. */
  changes: string[];
  /** The page of the report. */
  report: string | null;
  /** The run's log. */
  log: string | null;
}
/** The CI jobs of this host */
export interface CiJobs {
  /** Jobs by name. */
  jobs: {
    /** Name. */
    name: string;
    /** Where it comes from; null where the file cannot be read. */
    repository: string | null;
    /** Branch or tag. */
    ref: string | null;
    /** When its timer fires; null without one. */
    on_calendar: string | null;
    /** passed, unchanged, failed, refused, interrupted, running; null before the first run. */
    result: string | null;
    /** The commit. */
    commit: string | null;
    /** When it ended, ISO 8601. */
    ended_at: string | null;
  }[];
}
/** The last run of a CI job */
export interface CiStatus {
  /** passed, unchanged, failed, refused, interrupted, running; null before the first run. */
  result: string | null;
  /** The commit. */
  commit: string | null;
  /** When it ended, ISO 8601. */
  ended_at: string | null;
  /** Why it failed or was refused. */
  reason: string | null;
  /** Whose signature the commit has. */
  signer: string | null;
  /** When it started, ISO 8601. */
  started_at: string | null;
  /** What was done, in order. */
  steps: {
    /** fetch, verify, check out, plan, apply, recycle web, provision web. */
    name: string;
    /** passed, failed, refused, unchanged, skipped or interrupted. */
    result: string;
    /** How long it took. */
    seconds: number;
    /** What it did, or why it failed. */
    detail: string;
  }[];
  /** The page of the report. */
  report: string;
  /** The run's log. */
  log: string | null;
}
/** Let this user's systemd run a CI job at set times */
export interface CiInstall {
  /** Whether anything was changed, or would be. */
  changed?: boolean;
  /** The timer's unit file. */
  timer: string;
  /** The service's unit file. */
  service: string;
  /** Whether systemd runs the timer now; otherwise from the next login or start on. */
  started: boolean;
}
/** Remove a CI job's timer */
export interface CiUninstall {
  /** Whether anything was changed, or would be. */
  changed?: boolean;
  /** Whether there was one. */
  removed: boolean;
}
/** An SSH key pair, made anew at each call. */
export interface KeyPair {
  /** The text of a private key file. */
  private_key: string;
  /** The public half as a line of authorized_keys, without its end of line. */
  public_key: string;
  /** As ssh-keygen -l tells it: SHA256:... */
  fingerprint: string;
}
/** The hash of a password, as /etc/shadow has it. */
export interface PasswordHash {
  /** The hash: $6$SALT$HASH. */
  hash: string;
}
/** A file inside an image whose content nobody is to keep. */
export interface FileSecret {
  /** The text; null where the bytes are no UTF-8. */
  content: string | null;
  /** The bytes in base64. */
  content_base64: string;
  /** Digest of the bytes, in hex. */
  sha256: string;
  /** Bytes. */
  size: number;
  /** Permission bits in octal: 0644. */
  mode: string;
  /** Owner. */
  uid: number;
  /** Group. */
  gid: number;
  /** Last change, ISO 8601 with nanoseconds. */
  mtime: string;
}
/** How many bytes a size is. */
export interface ParseSize {
  /** The bytes of it. */
  bytes: number;
}
/** The hardware address that a machine's network has by its name. */
export interface MacFor {
  /** The address: 52:54:00:xx:xx:xx. */
  mac: string;
}
/** The digest of a file of any size. */
export interface FileDigest {
  /** In hexadecimal. */
  digest: string;
}
