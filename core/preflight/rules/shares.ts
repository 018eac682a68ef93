import { kindOf } from "../../share/table.ts";
import type { Fault, Rule } from "../rule.ts";
import type { Subject } from "../subject.ts";
import { installs } from "./first-boot.ts";
import { cannot, image } from "./words.ts";

export const shareHost: Rule = {
  code: "P_SHARE_HOST",
  severity: "error",
  summary: "This host cannot serve a share of this kind.",
  explanation:
    "virtiofs needs virtiofsd; sshfs needs sftp-server and bwrap; smb needs smbd and bwrap; nfs needs ganesha.nfsd, socat, bwrap, root, and a folder that is a file system by itself, since an NFS handle reaches every file of one. bwrap needs to be allowed to make namespaces. Looked at: the programs on PATH and where distributions lay them, /proc/self/mountinfo, and a trial of bwrap.",
  help: "Install the server, or take another kind: 9p needs nothing.",
  check: (subject) =>
    Object.entries(subject.machine.shares ?? {}).flatMap(([key, { kind }]): Fault[] => {
      const lack = subject.shareLacks?.[key];
      if (!lack) return [];
      const message = cannot(subject, `share ${key} is ${kind}, and ${lack.what}`, "share with");
      return [{ message, path: ["shares", key, "kind"], help: lack.help }];
    }),
};

export const shareProgram: Rule = {
  code: "P_SHARE_PROGRAM",
  severity: "error",
  summary: "The guest lacks the program that mounts a share of this kind.",
  explanation:
    "sshfs is mounted by the program sshfs; the kernel mounts the other kinds by itself, without mount.cifs or mount.nfs. Looked at: /usr/bin/sshfs. Silent where cloud_init is told to install it.",
  help: "Add sshfs to the image's packages or to cloud_init.packages, or take another kind.",
  check: (subject) =>
    Object.entries(subject.machine.shares ?? {}).flatMap(([key, share]): Fault[] => {
      const { program, name } = kindOf(share);
      if (program === null || !lacks(subject, program)) return [];
      const what = `share ${key} is ${name}, and ${image(subject)} has no ${program}`;
      return [{ message: cannot(subject, what, "share with"), path: ["shares", key, "kind"] }];
    }),
};

function lacks(subject: Subject, program: string): boolean {
  const programs: readonly string[] | null = subject.system?.programs ?? null;
  return programs !== null && !programs.includes(program) && !installs(subject, new RegExp(`\\b${program}\\b`));
}
