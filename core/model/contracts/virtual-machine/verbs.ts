import { z } from "zod";
import { action, hostPath, inBytes, query, refersTo } from "../../declare.ts";

const since = "0.2.0";
const machineName = () => z.string().min(1).meta(refersTo("virtual_machine")).describe("The machine's name.");
const statusAfter = () => z.string().describe("What QEMU says of it afterwards.");
const seconds = (what: string) => z.int().min(0).optional().describe(`${what}; as declared where left out.`);

/** An action on one machine: `guestkit vm WORD NAME`. */
const verb = <I extends z.ZodRawShape, O extends z.ZodRawShape>(
  word: string,
  summary: string,
  description: string,
  input: I,
  output: O,
  more: { readonly positional?: readonly string[]; readonly exitCode?: string; readonly example?: object } = {},
) =>
  action({
    name: `vm_${word.replaceAll(/[ -]/g, "_")}`,
    since,
    summary,
    description,
    input: z.object({ name: machineName(), ...input }),
    output: z.object(output),
    examples: [{ title: summary, input: { name: "web", ...more.example } }],
    aliases: {
      cli: {
        name: `vm ${word}`,
        positional: ["name", ...(more.positional ?? [])],
        ...(more.exitCode !== undefined && { exitCode: more.exitCode }),
      },
    },
  });

const stopping = {
  timeout: seconds("Seconds that the guest has to shut down"),
  quit_timeout: seconds("Seconds that QEMU has to quit after that, before it is killed"),
};

const readyOutput = {
  status: statusAfter(),
  pid: z.int().nullable().describe("QEMU's process."),
  ssh_command: z.string().nullable().describe("A command that logs in."),
};

const up = verb(
  "up",
  "Start a machine and wait until it is ready",
  "Starts QEMU, waits for what wait_for declares, mounts the shares and runs the provisioning steps that are due. A machine that runs and is ready is left alone.",
  { wait: z.boolean().default(true).describe("Wait until it is ready; otherwise end when QEMU runs.") },
  readyOutput,
);

const stop = verb(
  "stop",
  "Shut a machine down",
  "Asks the guest (agent, then power button), then tells QEMU to quit, then kills it, each with its own time.",
  stopping,
  { status: statusAfter(), how: z.string().describe("not running, shut down, quit or killed.") },
);

const kill = verb(
  "kill",
  "End a machine at once",
  "Kills QEMU, as pulling the plug would. What the guest has not written is lost. Does not wait for another command on the machine.",
  {},
  { status: statusAfter(), how: z.string().describe("not running or killed.") },
);

const restart = verb(
  "restart",
  "Stop a machine and start it again",
  "As vm stop and vm up: QEMU starts anew, with what was changed in the declaration meanwhile.",
  { ...stopping, wait: z.boolean().default(true).describe("Wait until it is ready; otherwise end when QEMU runs.") },
  readyOutput,
);

const suspend = verb(
  "suspend",
  "Freeze a machine",
  "Its processors stand still, its memory stays; vm resume goes on.",
  {},
  { status: statusAfter() },
);

const resume = verb("resume", "Let a frozen machine go on", "Undoes vm suspend.", {}, { status: statusAfter() });

const destroy = verb(
  "destroy",
  "Remove a machine and what is its own",
  "Stops it and removes its overlays, NVRAM, TPM state and cloud-init medium. Images that it only used stay. Refused under delete_protection.",
  {},
  { removed: z.boolean().describe("Whether there was one.") },
);

const provision = verb(
  "provision",
  "Run a machine's provisioning steps again",
  "All of them in order, or those that are named. Steps that need secrets run in applies alone.",
  { steps: z.array(z.string()).default([]).describe("Names of steps; all where left out.") },
  { steps: z.array(z.string()).describe("Names of the steps that ran.") },
);

const screenshot = verb(
  "screenshot",
  "Save what a machine's screen shows",
  "A PNG of the guest's screen as it is now.",
  { dest: hostPath().describe("File to write.") },
  { written_to: z.string().describe("The file.") },
  { positional: ["dest"], example: { dest: "web.png" } },
);

const snapshotName = () =>
  z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9_.-]{0,62}$/)
    .describe("The snapshot's name.");

const snapshotVerb = (word: string, summary: string, description: string) =>
  verb(
    `snapshot ${word}`,
    summary,
    description,
    { snapshot: snapshotName() },
    { status: statusAfter() },
    { positional: ["snapshot"], example: { snapshot: "before" } },
  );

const snapshotTake = snapshotVerb(
  "take",
  "Take a snapshot of a machine",
  "With the guest's memory while it runs, of its disks alone otherwise. Kept in the machine's own qcow2 disks.",
);
const snapshotRevert = snapshotVerb(
  "revert",
  "Bring a machine back to a snapshot",
  "Disks, and memory where it is in the snapshot: then the machine runs on from there.",
);
const snapshotDelete = snapshotVerb(
  "delete",
  "Delete a snapshot of a machine",
  "Gives back what it took in the machine's disks.",
);

const exec = action({
  name: "vm_exec",
  since,
  summary: "Run a command in a machine",
  description:
    "Runs a command in the guest by SSH or guest agent and gives its exit code and output, bounded. guestkit vm exec on the command line streams instead.",
  input: z.object({
    name: machineName(),
    command: z.array(z.string()).min(1).describe("Program and arguments."),
    via: z.enum(["auto", "ssh", "agent"]).default("auto").describe("How the guest is reached."),
    input: z.string().optional().describe("What it reads from its standard input."),
    timeout: z.int().min(1).default(600).describe("Seconds."),
  }),
  output: z.object({
    exit_code: z.int().describe("The command's own."),
    stdout: z.string().describe("What it wrote."),
    stderr: z.string().describe("What it complained of."),
  }),
  examples: [{ title: "Which kernel runs?", input: { name: "web", command: ["uname", "-r"] } }],
});

const snapshotList = query({
  name: "vm_snapshots",
  since,
  summary: "The snapshots of a machine",
  description: "Those that all of its written disks have.",
  input: z.object({ name: machineName() }),
  output: z.object({
    snapshots: z
      .array(
        z.object({
          name: z.string().describe("Name."),
          created_at: z.string().describe("When it was taken, ISO 8601."),
          memory: z.boolean().describe("Whether the guest's memory is in it."),
          vm_state_size: z.int().describe("Bytes of the memory; 0 without."),
        }),
      )
      .describe("Snapshots, the oldest first."),
  }),
  examples: [{ title: "Where can it go back to?", input: { name: "web" } }],
  aliases: {
    cli: {
      name: "vm snapshot list",
      positional: ["name"],
      list: "snapshots",
      columns: ["name", "created_at", "memory"],
    },
  },
});

const list = query({
  name: "virtual_machines",
  since,
  summary: "This user's machines",
  description: "Every machine with what QEMU says of it.",
  input: z.object({}),
  output: z.object({
    machines: z
      .array(
        z.object({
          name: z.string().describe("Name."),
          status: z.string().describe("What QEMU says of it."),
          pid: z.int().nullable().describe("QEMU's process."),
          cpus: z.int().describe("Virtual processors."),
          memory: z.int().meta(inBytes).describe("Bytes."),
          accelerator: z.string().nullable().describe("kvm, hvf or tcg."),
          ssh_port: z.int().nullable().describe("Port of the host that leads to its SSH server."),
          labels: z.record(z.string(), z.string()).describe("Words of its owner."),
        }),
      )
      .describe("Machines by name."),
  }),
  examples: [{ title: "What is there?", input: {} }],
  aliases: {
    cli: {
      name: "vm list",
      positional: [],
      list: "machines",
      columns: ["name", "status", "cpus", "memory", "accelerator", "ssh_port"],
    },
  },
});

export const machineVerbs = [
  list,
  up,
  stop,
  kill,
  restart,
  suspend,
  resume,
  destroy,
  provision,
  exec,
  screenshot,
  snapshotTake,
  snapshotList,
  snapshotRevert,
  snapshotDelete,
];
