import { z } from "zod";
import { action, callerPath, diskSize, memorySize } from "../../../declare.ts";
import { since } from "./verb.ts";

const common = {
  base: z
    .string()
    .min(1)
    .describe("A machine that does not run, or an image's path. It stays as it is, to the last byte."),
  image_format: z
    .enum(["qcow2", "raw"])
    .optional()
    .describe("The image's own format; what is recorded of it, else what it looks like where left out."),
  allow_backing_files: z
    .boolean()
    .default(false)
    .describe(
      "Let an image lean on files outside its own folder that no record of guestkit's names. Only for images that you know.",
    ),
  name: z.string().optional().describe("The disposable's name; made up where left out."),
  network: z
    .boolean()
    .optional()
    .describe("Whether the guest has a network device, with QEMU's own NAT; as its base where left out."),
  memory: memorySize().optional().describe("Memory of the guest; as its base where left out."),
  cpus: z.int().min(1).max(1024).optional().describe("Virtual processors; as its base where left out."),
  quota: diskSize()
    .default("4G")
    .describe("What its disks and logs may take on the host, together. A guest that wants more is ended."),
  shares: z
    .array(z.string())
    .default([])
    .describe(
      "Folders of the host that it gets, as HOST:GUEST or HOST:GUEST:ro. Those of its base are not among them.",
    ),
  via: z.enum(["auto", "ssh", "agent"]).default("auto").describe("How the guest is reached."),
  input: z.string().optional().describe("What is read from standard input there."),
  timeout: z.int().min(1).default(600).describe("Seconds that the command may take once the guest is ready."),
};

const output = z.object({
  exit_code: z.int().describe("The command's own."),
  stdout: z.string().describe("What it wrote, the last MiB of it."),
  stderr: z.string().describe("What it complained of, the last MiB of it."),
});

export const disposable = action({
  name: "vm_disposable",
  since,
  summary: "Run a command in a machine of which nothing remains",
  description:
    "Starts a machine from another one's disks, or from an image, runs a command in it, and removes it whatever comes of that. guestkit vm disposable on the command line streams, and gives a shell where there is no command.",
  input: z.object({
    ...common,
    command: z.array(z.string()).min(1).describe("Program and arguments."),
  }),
  output,
  examples: [
    { title: "What does it do without a network?", input: { base: "web", command: ["make", "test"], network: false } },
  ],
});

export const disposableRun = action({
  name: "vm_disposable_run",
  since,
  summary: "Run a script in a machine of which nothing remains",
  description:
    "As vm_disposable, with a script or program, which is brought into the guest first. What decides how it runs is its own #!.",
  input: z.object({
    ...common,
    file: callerPath().describe("Script or program."),
    args: z.array(z.string()).default([]).describe("Arguments of the script."),
  }),
  output,
  examples: [{ title: "Build in a clean system", input: { base: "debian", file: "build.sh", args: ["--release"] } }],
});
