import type { FieldPath } from "../../engine/path.ts";
import { asCallerPath, type CallerPath, nameElsewhere } from "../../kit/caller-path.ts";
import type { Rule } from "../rule.ts";
import type { Subject } from "../subject.ts";
import { waitingForSsh } from "./ssh.ts";
import { cannot } from "./words.ts";

const missing = (subject: Subject, what: string, file: string | CallerPath | null, path: FieldPath) =>
  file !== null && subject.missing.has(String(file))
    ? [
        {
          message: cannot(
            subject,
            `${what} is "${nameElsewhere(asCallerPath(String(file))) ?? file}", and there is no such file`,
          ),
          path,
        },
      ]
    : [];

export const kernelMissing: Rule = {
  code: "P_KERNEL_MISSING",
  severity: "error",
  summary: "The kernel or initial RAM disk to start directly is not there.",
  explanation: "Both are files on the host; QEMU reads them at every start.",
  help: "Correct the path, or copy the kernel out of the image: guestkit cp IMAGE:/boot/vmlinuz-VERSION .",
  check: (subject) => [
    ...missing(subject, "kernel", subject.machine.kernel, ["kernel"]),
    ...missing(subject, "initrd", subject.machine.initrd, ["initrd"]),
  ],
};

export const cdromMissing: Rule = {
  code: "P_CDROM_MISSING",
  severity: "error",
  summary: "A CD-ROM drive's medium is not there.",
  explanation: "A medium is a file on the host, or one that a cloud_init_seed of the same apply makes.",
  help: "Correct the path, or leave image out for an empty drive.",
  check: (subject) =>
    Object.entries(subject.machine.cdroms ?? {}).flatMap(([key, { image }]) =>
      missing(subject, `the medium of drive ${key}`, image, ["cdroms", key, "image"]),
    ),
};

export const shareMissing: Rule = {
  code: "P_SHARE_MISSING",
  severity: "error",
  summary: "A shared folder is not there.",
  explanation: "QEMU, or the share's server, refuses to start without the folder on the host.",
  help: "Make the folder, or correct the path.",
  check: (subject) =>
    Object.entries(subject.machine.shares ?? {}).flatMap(([key, { path }]) =>
      missing(subject, `the folder of share ${key}`, path, ["shares", key, "path"]),
    ),
};

export const sshKeyMissing: Rule = {
  code: "P_SSH_KEY_MISSING",
  severity: "error",
  summary: "The private key to log in with is not there.",
  explanation: "ssh.private_key names a file of whoever declares the machine.",
  help: "Correct the path, or leave private_key out: the machine then gets a key of its own.",
  check: (subject) =>
    missing(subject, "ssh.private_key", subject.machine.ssh?.private_key ?? null, ["ssh", "private_key"]),
};

export const sshKeyFile: Rule = {
  code: "P_SSH_KEY_FILE",
  severity: "error",
  summary: "SSH is waited for, and ssh takes no key from the file of ssh.private_key.",
  explanation:
    "Looked at: whether others than its owner may use the file (ssh passes over it then), whether it is a private key, and whether a passphrase locks it, which nobody types where guestkit waits.",
  help: "chmod 600 the private half; for one with a passphrase make another: ssh-keygen -t ed25519 -N '' -f KEY. Or leave private_key out: the machine then gets a key of its own.",
  check: (subject) => {
    const fault = subject.keyFault ?? null;
    if (fault === null) return [];
    const told = waitingForSsh(subject, `ssh.private_key is "${subject.machine.ssh?.private_key}": ${fault}`);
    return told.slice(0, 1).map((each) => ({ ...each, path: ["ssh", "private_key"] }));
  },
};

export const provisionMissing: Rule = {
  code: "P_PROVISION_MISSING",
  severity: "error",
  summary: "A provisioning script is not there.",
  explanation: "A step's file is read when the machine is ready, which is late to learn that it is missing.",
  help: "Correct the path.",
  check: (subject) =>
    (subject.machine.provision ?? []).flatMap(({ name, file }, index) =>
      missing(subject, `the script of step ${name}`, file, ["provision", index, "file"]),
    ),
};
