/** Sets of rules by name, as a file of rules says them. */
export const PROFILES: Readonly<Record<string, Readonly<Record<string, object>>>> = {
  /** For an image that is copied: what one machine alone may have is not in it. */
  "golden-image": {
    "no-host-keys": {
      title: "The image has no SSH host keys, which all of its copies would share",
      severity: "critical",
      leftovers: { kinds: ["host_keys"] },
    },
    "no-private-keys": {
      title: "No copy has a private key that others have as well",
      severity: "critical",
      leftovers: { kinds: ["private_keys"] },
    },
    "no-tokens": {
      title: "The image has no tokens and passwords of other services",
      severity: "critical",
      leftovers: { kinds: ["tokens"] },
    },
    "no-authorized-keys": {
      title: "Nobody's key lets in before the machine says so",
      severity: "high",
      leftovers: { kinds: ["authorized_keys"] },
    },
    "no-machine-id": {
      title: "Each copy gets a machine-id of its own",
      severity: "high",
      leftovers: { kinds: ["machine_id"] },
    },
    "no-random-seed": {
      title: "No copy begins with the same random numbers",
      severity: "high",
      leftovers: { kinds: ["random_seed"] },
    },
    "no-history": {
      title: "What was typed while the image was made is not in it",
      severity: "medium",
      leftovers: { kinds: ["history"] },
    },
    "no-cloud-init-state": {
      title: "cloud-init takes the first boot of a copy for a first boot",
      severity: "medium",
      leftovers: { kinds: ["cloud_init"] },
    },
    "no-leases": {
      title: "No copy asks for the address that another machine had",
      severity: "low",
      leftovers: { kinds: ["leases"] },
    },
    "no-temporary-files": {
      title: "Folders of temporary files are empty",
      severity: "low",
      leftovers: { kinds: ["temporary"] },
    },
    "no-logs": {
      title: "Logs begin with the copy",
      severity: "low",
      leftovers: { kinds: ["logs"] },
    },
    "no-caches": {
      title: "No packages and lists of a package manager take room",
      severity: "info",
      leftovers: { kinds: ["caches"] },
    },
  },
  /** For a machine that others can reach. */
  hardened: {
    "ssh-no-root-password": {
      title: "Nobody logs in as root by a password",
      severity: "high",
      sshd: { setting: "PermitRootLogin", allowed: ["no", "prohibit-password", "forced-commands-only"] },
    },
    "ssh-no-passwords": {
      title: "SSH lets in by keys alone",
      severity: "high",
      sshd: { setting: "PasswordAuthentication", allowed: ["no"] },
    },
    "ssh-no-keyboard": {
      title: "SSH asks for no password by another name",
      severity: "medium",
      sshd: { setting: "KbdInteractiveAuthentication", allowed: ["no"] },
    },
    "ssh-no-empty-passwords": {
      title: "An empty password lets nobody in",
      severity: "critical",
      sshd: { setting: "PermitEmptyPasswords", allowed: ["no"] },
    },
    "ssh-no-x11": {
      title: "SSH forwards no screens",
      severity: "low",
      sshd: { setting: "X11Forwarding", allowed: ["no"] },
    },
    "ssh-strict-modes": {
      title: "A key that others could have changed lets nobody in",
      severity: "high",
      sshd: { setting: "StrictModes", allowed: ["yes"] },
    },
    "sshd-config-owner": {
      title: "Only root changes how SSH lets in",
      severity: "high",
      file: { path: "/etc/ssh/sshd_config", state: "optional", owner: "root", mode_at_most: "0644" },
    },
    "root-locked": {
      title: "root has no password",
      severity: "medium",
      user: { name: "root", locked: true },
    },
    "passwd-mode": {
      title: "Only root changes who is a user",
      severity: "critical",
      file: { path: "/etc/passwd", owner: "root", mode_at_most: "0644" },
    },
    "group-mode": {
      title: "Only root changes who is in a group",
      severity: "critical",
      file: { path: "/etc/group", owner: "root", mode_at_most: "0644" },
    },
    "shadow-mode": {
      title: "Nobody but root and its group reads what passwords are kept as",
      severity: "critical",
      file: { path: "/etc/shadow", owner: "root", mode_at_most: "0640" },
    },
    "sudoers-mode": {
      title: "Only root changes who may become root",
      severity: "critical",
      file: { path: "/etc/sudoers", state: "optional", owner: "root", mode_at_most: "0440" },
    },
    "no-ended-certificates": {
      title: "No certificate is past its last day",
      severity: "medium",
      certificates: { days: 0 },
    },
    "no-telnet-server": {
      title: "Nothing lets in without encryption",
      severity: "high",
      package: { name: "*telnetd*", state: "absent" },
    },
    "no-rsh-server": {
      title: "Nothing lets in because of an address",
      severity: "high",
      package: { name: "rsh*-server", state: "absent" },
    },
    "tmp-mode": {
      title: "Nobody removes the temporary files of others",
      severity: "high",
      file: { path: "/tmp", mode: "1777" },
    },
  },
};
