import { z } from "zod";
import { action, callerPath, newMachineName } from "../../../declare.ts";
import { readyOutput, stopping, warnings } from "./power.ts";
import { machineName, since, statusAfter, verb } from "./verb.ts";

export const recycle = verb(
  "recycle",
  "Throw away what is a machine's own, and start it anew",
  "Stops it, removes its overlays, UEFI variables, TPM state, known host keys and the memory of its provisioning, and brings it up as at its first start. Images that it only used stay, disks without an overlay among them. Refused under delete_protection, while its template runs, while other machines' overlays lean on its own, and where a provisioning step needs secrets, which an apply alone has. Run again after it was killed, it comes to the same end.",
  stopping,
  { ...readyOutput, warnings: warnings() },
);

export const upgrade = verb(
  "upgrade",
  "Run a machine's upgrade command",
  "Runs upgrade_command as root, by SSH or agent. A machine that stands still is started for it and stopped again, a paused one is paused again, also where the command fails. Skipped, and nothing changed, where no upgrade_command is declared, or where the disk of the system is made anew at every start: upgrade its template instead. Refused while other machines' overlays lean on what it writes.",
  { timeout: z.int().min(1).default(3600).describe("Seconds that the command has.") },
  {
    status: statusAfter(),
    reason: z.string().nullable().describe("Why nothing was done; null where it was upgraded."),
    output: z.string().describe("The last lines that the command printed."),
    warnings: warnings(),
  },
);

export const rename = verb(
  "rename",
  "Give a machine another name",
  "Moves its folder; known host keys and its autostart unit follow. It must stand still, and no other machine may name it as template or peer. The name is its identity: rename it in the declaration as well, and import it there under its new name, or the next apply makes another machine. The guest's own host name is what cloud-init gave it. Hardware addresses that are not declared follow the name. Run again after it was killed, it comes to the same end.",
  {
    new_name: newMachineName().describe("The machine's name from then on."),
  },
  { directory: z.string().describe("Where the machine lives now.") },
  { positional: ["new_name"], example: { new_name: "www" } },
);

const via = () => z.enum(["auto", "ssh", "agent"]).default("auto").describe("How the guest is reached.");
const output = (what: string) => z.string().describe(`${what}, the last MiB of it.`);

export const run = action({
  name: "vm_run",
  since,
  summary: "Run a script in a machine",
  description:
    "Brings a script or program into the guest as a file of its owner alone, runs it, and removes it, also where it is interrupted. Its #! decides what runs it. Its exit code and output are the answer. guestkit vm run on the command line streams instead.",
  input: z.object({
    name: machineName(),
    file: callerPath().describe("The script or program."),
    args: z.array(z.string()).default([]).describe("Arguments of the script. They are seen by everybody in the guest."),
    user: z.string().optional().describe("As whom it runs; whoever logs in where left out."),
    via: via(),
    input: z.string().optional().describe("What it reads from its standard input."),
    timeout: z.int().min(1).default(1800).describe("Seconds that the script may take."),
  }),
  output: z.object({
    exit_code: z.int().describe("The script's own; 126 and 127 where it could not be run, as in a shell."),
    stdout: output("What it wrote"),
    stderr: output("What it complained of"),
  }),
  examples: [{ title: "Set a machine up by a script", input: { name: "web", file: "setup.sh", args: ["--fast"] } }],
});

export const rsync = action({
  name: "vm_rsync",
  since,
  summary: "Bring folders of the host and a machine to the same state",
  description:
    "Runs the host's rsync over the machine's own SSH options, with --archive; out of a guest come no devices, pipes, sockets, and setuid or setgid bits. The guest needs rsync, too. In check mode the machine is asked what would be changed. guestkit vm rsync on the command line takes NAME:PATH instead.",
  input: z.object({
    name: machineName(),
    source: z.string().min(1).describe("What is read; with a slash at its end, what is in the folder."),
    dest: z.string().min(1).describe("What is written."),
    direction: z
      .enum(["in", "out"])
      .default("in")
      .describe("in: source is on the host, dest in the guest; out: the other way round."),
    options: z.array(z.string()).default([]).describe("Further options of rsync: --delete, --exclude=*.o."),
    timeout: z.int().min(1).default(3600).describe("Seconds that it may take."),
  }),
  output: z.object({
    changes: z.int().describe("Files and folders that were, or in check mode would be, changed."),
    stdout: output("What rsync said"),
  }),
  examples: [
    {
      title: "A web site into the guest",
      input: { name: "web", source: "site/", dest: "/srv/www", options: ["--delete"] },
    },
  ],
});
