import type { Command, Option, Positional } from "./command.ts";
import { disposableCommands } from "./disposable.ts";
import { json } from "./options.ts";

const group = "Machines";
const NAME: Positional = { name: "NAME", description: "A machine.", machine: true };
const COMMAND: Positional = { name: "COMMAND", description: "A program and its arguments.", many: true };
const VIA: Option = {
  kind: "value",
  placeholder: "WAY",
  description: "ssh, agent, or auto: what works, SSH first.",
  choices: ["auto", "ssh", "agent"],
};

/**
 * Verbs of machines that are written by hand, since they need a terminal or pass another program's exit code on:
 * `vm ssh`, `vm console`. Whatever else a machine does is a query or an action whose contract makes the verb.
 */
export const machineCommands: readonly Command[] = [
  {
    name: "vm ssh",
    group,
    summary: "Log in to a machine, or run a command there",
    details:
      "Runs OpenSSH's client with the machine's own key and host keys; your configuration, agent and known hosts play no\npart. The exit code is the client's: the command's own, or 255 where it could not log in.",
    positionals: [NAME, { ...COMMAND, optional: true }],
    options: {
      user: { kind: "value", short: "l", placeholder: "USER", description: "Who logs in, instead of the usual one." },
      tty: { kind: "flag", short: "t", description: "Give the command a terminal." },
    },
    examples: [
      { line: "guestkit vm ssh web", note: "A shell" },
      { line: "guestkit vm ssh web journalctl -b -p err", note: "One command" },
    ],
    load: () => import("../verb/vm/ssh.ts"),
  },
  {
    name: "vm ssh-config",
    group,
    summary: "Print how to log in, as a section of ssh_config",
    details:
      "Of a machine of another host it leads there by ssh (ProxyCommand), with no port forwarded; the machine's key and host\nkeys are brought here, into guestkit's own data folder.",
    goesThere: true,
    positionals: [NAME],
    options: { json: json("ssh-config") },
    examples: [
      { line: "guestkit vm ssh-config web >> ~/.ssh/config && ssh web", note: "For every program that uses OpenSSH" },
    ],
    load: () => import("../verb/vm/ssh-config.ts"),
  },
  {
    name: "vm connect",
    group,
    summary: "Join standard input and output to a machine's SSH server",
    details:
      "For programs that speak SSH themselves: OpenSSH's ProxyCommand above all, where the machine runs on another host. The\nend of each direction is passed on by itself; it is done when both have ended.",
    positionals: [NAME],
    options: {},
    examples: [
      { line: "ssh -o ProxyCommand='guestkit vm connect web' admin@web", note: "Without a port" },
      { line: "ssh -o ProxyCommand='ssh lab guestkit vm connect web' admin@web", note: "A machine of the host lab" },
    ],
    load: () => import("../verb/vm/connect.ts"),
  },
  {
    name: "vm exec",
    group,
    contract: "vm_exec",
    summary: "Run a command in a machine",
    details:
      "Standard input and both outputs are passed through (by the agent: the outputs at the end), and so is the exit code;\n125 where the command could not be run, 126 and 127 as in a shell. The words are no shell's: use sh -c for that.",
    positionals: [NAME, COMMAND],
    options: {
      via: VIA,
      user: { kind: "value", short: "u", placeholder: "USER", description: "As whom; whoever logs in otherwise." },
      tty: { kind: "flag", short: "t", description: "Give the command a terminal (by SSH)." },
      timeout: { kind: "value", placeholder: "SECONDS", description: "End it after that." },
      json: json("vm_exec"),
    },
    examples: [
      { line: "guestkit vm exec web uname -r", note: "Which kernel runs?" },
      { line: "guestkit vm exec --user root web sh -c 'cat > /etc/motd' < motd", note: "With input" },
    ],
    load: () => import("../verb/vm/exec.ts"),
  },
  {
    name: "vm run",
    group,
    contract: "vm_run",
    summary: "Run a script of this host in a machine",
    details:
      "FILE is brought into the guest as a file of its owner alone, run as its #! says, and removed, also where it is\ninterrupted or guestkit is killed. Standard input and both outputs are passed through (by the agent: at the end), and so\nis the exit code; 125 where it could not be brought or run, 126 and 127 as in a shell.",
    positionals: [
      NAME,
      {
        ...{ name: "FILE", description: "A script or program here.", file: true },
        here: "Send it by standard input: guestkit vm exec NAME sh -s < FILE",
      },
      { name: "ARGS", description: "Its arguments, which everybody in the guest can see.", many: true, optional: true },
    ],
    options: {
      via: VIA,
      user: { kind: "value", short: "u", placeholder: "USER", description: "As whom; whoever logs in otherwise." },
      timeout: { kind: "value", placeholder: "SECONDS", description: "End it after that." },
      json: json("vm_run"),
    },
    examples: [
      { line: "guestkit vm run web setup.sh --fast", note: "With an argument" },
      { line: "guestkit vm run --user root web restore.py < backup.tar", note: "As root, with input" },
    ],
    graceful: true,
    load: () => import("../verb/vm/run.ts"),
  },
  {
    name: "vm rsync",
    group,
    contract: "vm_rsync",
    summary: "Bring folders of this host and a machine to the same state",
    details:
      "Runs this host's rsync with --archive over the machine's own SSH options; the guest needs rsync, too. One side is\nNAME:PATH; a slash at the end of SOURCE means what is in the folder. Out of a machine come no devices, pipes, sockets,\nand no setuid or setgid bits of files. Options of rsync follow --. The exit code is rsync's own; 125 where it could not\nbe run.",
    positionals: [
      { name: "SOURCE", description: "A path here, or NAME:PATH.", remote: true },
      { name: "DEST", description: "A path here, or NAME:PATH.", remote: true },
      { name: "OPTIONS", description: "Options of rsync, after --.", many: true, optional: true },
    ],
    options: { timeout: { kind: "value", placeholder: "SECONDS", description: "End it after that." } },
    goesThere: true,
    examples: [
      { line: "guestkit vm rsync site/ web:/srv/www -- --delete --exclude=.git", note: "In" },
      { line: "guestkit vm rsync web:/var/log/ ./web-logs -- --rsync-path='sudo rsync'", note: "Out, as root" },
    ],
    graceful: true,
    load: () => import("../verb/vm/rsync.ts"),
  },
  {
    name: "vm cp",
    group,
    summary: "Copy files into a running machine, or out of it",
    details: "One side is NAME:PATH. As cp does, into a folder that is there.",
    positionals: [
      { name: "SOURCE", description: "A path here, or NAME:PATH.", remote: true },
      { name: "DEST", description: "A path here, or NAME:PATH.", remote: true },
    ],
    options: { recursive: { kind: "flag", short: "r", description: "Folders with all that is in them." }, via: VIA },
    goesThere: true,
    examples: [
      { line: "guestkit vm cp site.conf web:/etc/nginx/conf.d/", note: "In" },
      { line: "guestkit vm cp -r web:/var/log ./web-logs", note: "Out" },
      { line: "guestkit vm cp web:/etc/fstab - | grep boot", note: "To standard output" },
    ],
    graceful: true,
    load: () => import("../verb/vm/cp.ts"),
  },
  {
    name: "vm console",
    group,
    summary: "Sit down at a machine's serial console",
    details: "Shows the end of what it printed, then connects this terminal to it. Ctrl-] leaves it.",
    positionals: [NAME],
    options: {},
    examples: [{ line: "guestkit vm console web", note: "When SSH does not answer" }],
    load: () => import("../verb/vm/console.ts"),
  },
  {
    name: "vm logs",
    group,
    summary: "Show what a machine's console printed",
    details: "Since its last start, also when it does not run. Escape sequences are left out.",
    positionals: [NAME],
    options: {
      follow: { kind: "flag", short: "f", description: "Go on with what is printed, also by later starts." },
      lines: { kind: "value", short: "n", placeholder: "N", description: "The last N lines." },
      qemu: { kind: "flag", description: "QEMU's own log instead." },
      raw: { kind: "flag", description: "The bytes as they are." },
    },
    examples: [
      { line: "guestkit vm logs -f web", note: "Watch it boot" },
      { line: "guestkit vm logs --qemu web", note: "Why does QEMU not start?" },
    ],
    load: () => import("../verb/vm/logs.ts"),
  },
  ...disposableCommands,
];
