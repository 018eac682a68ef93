import type { Command } from "./command.ts";
import { jsonLines, LOCK_TIMEOUT } from "./options.ts";

const group = "Machines";

/** Verbs of several machines at once, written by hand: they tell each machine as it is done, or live. */
export const machinesCommands: readonly Command[] = [
  {
    name: "vm foreach",
    group,
    summary: "Do one thing with each of several machines",
    details: `VERB is any verb of one machine (upgrade, stop, exec, snapshot take...); what follows it, after -- where it begins
with an option, is the verb's own. {name} in it stands for the machine's name. A machine that fails or hangs hinders
no other. Each is told as it is done, with the exit code that the verb alone would have had (124: not done in time),
and a table ends it. With --json each machine is one object a line, and the summary goes to standard error.
What cannot be undone (destroy, recycle, snapshot revert) wants a selection: --select '*' where all are meant.
Exit code: 0 all done (also where no machine is selected, which is told), 1 one or more failed, 130 interrupted.`,
    positionals: [
      { name: "VERB", description: "What to do, as after guestkit vm." },
      { name: "ARGS", description: "The verb's own arguments and options.", many: true, optional: true },
    ],
    options: {
      select: {
        kind: "value",
        short: "s",
        placeholder: "GLOB",
        description: "Machines by name, with * and ?. May be given more than once: any of them.",
        multiple: true,
      },
      label: {
        kind: "value",
        short: "l",
        placeholder: "KEY=VALUE",
        description: "Machines with this label; VALUE with * and ?. May be given more than once: all of them.",
        multiple: true,
      },
      status: {
        kind: "value",
        placeholder: "STATUS",
        description: "Machines in this state. May be given more than once: any of them.",
        choices: ["running", "paused", "stopped", "crashed", "panicked"],
        multiple: true,
      },
      parallel: {
        kind: "value",
        short: "j",
        placeholder: "N",
        description: "Machines at a time. Default: the host's processors, from 2 to 8.",
      },
      timeout: {
        kind: "value",
        placeholder: "SECONDS",
        description: "Give a machine up after that; 0 never. Default: 3600.",
      },
      "fail-fast": { kind: "flag", description: "Begin with no further machine after the first that fails." },
      "dry-run": { kind: "flag", description: "Change nothing; tell which machines, and what would be." },
      "lock-timeout": LOCK_TIMEOUT,
      json: jsonLines("machine-result"),
    },
    examples: [
      { line: "guestkit vm foreach upgrade", note: "Upgrade all machines" },
      { line: "guestkit vm foreach --select 'web-*' --status running exec -- uname -r", note: "A command in some" },
      { line: "guestkit vm foreach --label role=db snapshot take before", note: "By label" },
      { line: "guestkit vm foreach --dry-run stop -- --timeout 20", note: "Options of the verb" },
    ],
    graceful: true,
    load: () => import("../verb/vm/foreach.ts"),
  },
  {
    name: "vm top",
    group,
    summary: "Watch what machines use",
    details: `Processor time, memory, disk and network of the machines that run, live; q leaves. %CPU is that of QEMU's whole
process (100 is one processor of the host), %VCPU that of the guest's processors alone. USED is what the guest says
that it cannot do without. The network is counted by the host where all cards are taps or on bridges, else by the
guest's agent. What nothing tells is "-". Not on a terminal, each sample is a plain table.`,
    positionals: [
      {
        name: "NAME",
        description: "Machines; all that run where left out.",
        optional: true,
        several: true,
        machine: true,
      },
    ],
    options: {
      interval: { kind: "value", short: "d", placeholder: "SECONDS", description: "Between two samples. Default: 2." },
      count: { kind: "value", short: "n", placeholder: "N", description: "Leave after that many samples." },
      once: { kind: "flag", description: "One sample, measured over the interval." },
      sort: {
        kind: "value",
        placeholder: "COLUMN",
        description: "What comes first. Default: cpu.",
        choices: ["cpu", "memory", "disk", "network", "uptime", "name"],
      },
      json: jsonLines("vm_usage", "machines"),
    },
    examples: [
      { line: "guestkit vm top", note: "Live" },
      { line: "guestkit vm top --once --sort memory", note: "Who takes the most memory?" },
      { line: "guestkit vm top --interval 10 --json web >> usage.jsonl", note: "For a graph" },
    ],
    load: () => import("../verb/vm/top.ts"),
  },
];
