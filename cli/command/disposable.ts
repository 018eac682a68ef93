import type { Command, Option, Positional } from "./command.ts";
import { DISK_FORMAT, json, LOCK_TIMEOUT } from "./options.ts";

const group = "Machines";
const BASE: Positional = {
  name: "BASE",
  description: "A machine that does not run, or an image.",
  machine: true,
  file: true,
};

const OPTIONS: Readonly<Record<string, Option>> = {
  name: { kind: "value", placeholder: "NAME", description: "Its name while it lives; made up where left out." },
  "image-format": DISK_FORMAT,
  "allow-backing-files": {
    kind: "flag",
    description: "Let an image lean on files outside its own folder. For images that you know.",
  },
  network: { kind: "flag", description: "With a network (QEMU's own NAT), whatever its base has." },
  "no-network": { kind: "flag", description: "Without any network device; then all goes by the guest agent." },
  memory: { kind: "value", placeholder: "SIZE", description: "Memory of the guest; as its base where left out." },
  cpus: { kind: "value", placeholder: "N", description: "Virtual processors; as its base where left out." },
  quota: {
    kind: "value",
    placeholder: "SIZE",
    description: "What its disks may take on the host; a guest that wants more is ended. Default: 4G.",
  },
  share: {
    kind: "value",
    placeholder: "HOST:GUEST[:ro]",
    description: "Folder of the host that it gets.",
    multiple: true,
  },
  via: {
    kind: "value",
    placeholder: "WAY",
    description: "ssh, agent, or auto: what works, SSH first.",
    choices: ["auto", "ssh", "agent"],
  },
  user: { kind: "value", short: "u", placeholder: "USER", description: "As whom; whoever logs in otherwise." },
  timeout: { kind: "value", placeholder: "SECONDS", description: "End the command after that, once it runs." },
  "lock-timeout": LOCK_TIMEOUT,
  json: json("vm_disposable"),
};

/** Machines of which nothing remains; written by hand, since they pass streams and exit codes on. */
export const disposableCommands: readonly Command[] = [
  {
    name: "vm disposable",
    group,
    summary: "Run a command, or a shell, in a machine of which nothing remains",
    details:
      "Starts a machine from BASE's disks, which stay as they are, and removes it when the command ends, whatever ends it.\nStandard input, both outputs and the exit code are the command's; 125 where guestkit itself failed. Without COMMAND it\nis a shell: by SSH, or at the console (Ctrl-] leaves it); what is piped in is a script. Further disposables of one BASE\nrun side by side; vm ssh, vm exec, vm cp and others work on each by its name.",
    positionals: [BASE, { name: "COMMAND", description: "A program and its arguments.", many: true, optional: true }],
    options: { ...OPTIONS, tty: { kind: "flag", short: "t", description: "Give the command a terminal (by SSH)." } },
    examples: [
      { line: "guestkit vm disposable debian", note: "A shell" },
      { line: "guestkit vm disposable --no-network debian.qcow2 sha256sum < file", note: "One command, offline" },
      {
        line: "guestkit vm disposable --share ./src:/src:ro --quota 8G debian make -C /src check",
        note: "With a folder",
      },
    ],
    graceful: true,
    load: () => import("../verb/vm/disposable.ts"),
  },
  {
    name: "vm disposable-run",
    group,
    summary: "Run a script of this host in a machine of which nothing remains",
    details: "As vm disposable, with a script or program that is brought into the guest first.",
    positionals: [
      BASE,
      {
        ...{ name: "FILE", description: "Script or program on this host.", file: true },
        here: "Send it by standard input: guestkit vm disposable BASE sh -s < FILE",
      },
      { name: "ARGS", description: "Its arguments.", many: true, optional: true },
    ],
    options: OPTIONS,
    examples: [{ line: "guestkit vm disposable-run debian ./build.sh --release", note: "Build in a clean system" }],
    graceful: true,
    load: () => import("../verb/vm/disposable-run.ts"),
  },
];
