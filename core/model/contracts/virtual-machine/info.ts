import { z } from "zod";
import { inBytes, inSeconds, ownership, query, refersTo } from "../../declare.ts";
import { virtualMachine } from "./virtual-machine.ts";

const {
  status,
  pid,
  accelerator,
  machine_type,
  forwards,
  ssh_host,
  ssh_port,
  ssh_user,
  ssh_command,
  template_upgraded,
  console_log,
  directory,
} = virtualMachine.output.shape;

/** Outputs of the resource as a query gives them: nothing changes with anything. */
const plain = <S extends z.ZodType>(field: S): S => {
  const { changesWith: _, volatile: __, ...meta } = (field.meta() ?? {}) as Record<string, unknown>;
  return field.clone().meta(meta) as S;
};

export const virtualMachineInfo = query({
  name: "virtual_machine_info",
  since: "0.2.0",
  summary: "A machine as it is now: state, addresses, ways in.",
  description: "What QEMU, the guest's agent and the machine's own files tell. Nothing is started or changed.",
  input: z.object({ name: z.string().min(1).meta(refersTo("virtual_machine")).describe("The machine's name.") }),
  output: z.object({
    status: plain(status),
    pid: plain(pid),
    accelerator: plain(accelerator),
    machine_type: plain(machine_type),
    cpus: z.int().describe("Virtual processors."),
    memory: z.int().meta(inBytes).describe("Memory of the guest in bytes."),
    uptime: z.number().nullable().meta(inSeconds).describe("Seconds since QEMU was started."),
    ip_addresses: z.array(z.string()).describe("Addresses that the guest's agent tells now."),
    hostname: z.string().nullable().describe("Host name that the agent tells."),
    os: z.string().nullable().describe("Operating system that the agent tells."),
    agent: z.boolean().describe("Whether the guest agent answers."),
    forwards: plain(forwards),
    ssh_host: plain(ssh_host),
    ssh_port: plain(ssh_port),
    ssh_user: plain(ssh_user),
    ssh_command: plain(ssh_command),
    template_upgraded: plain(template_upgraded),
    console_log: plain(console_log),
    directory: plain(directory),
    command_line: z.array(z.string()).describe("QEMU's arguments as it was, or would be, started."),
    mounts: z
      .array(
        z.object({
          path: z.string().describe("Folder on the host."),
          mount: z.string().nullable().describe("Folder in the guest."),
          kind: z.string().describe("How it is carried."),
          read_only: z.boolean().describe("The guest may not write to it."),
          declared: z.boolean().describe("By the declaration; otherwise by vm mount, for this run alone."),
        }),
      )
      .describe("Host folders that the guest has now."),
    ...ownership,
    failure: z.string().nullable().describe("Why it did not become ready, where that was kept."),
    warnings: z.array(z.string()).describe("What was odd."),
  }),
  examples: [{ title: "How is it?", input: { name: "web" } }],
  aliases: {
    cli: {
      name: "vm status",
      positional: ["name"],
      columns: [
        ...["status", "uptime", "pid", "accelerator", "machine_type", "cpus", "memory", "os", "hostname", "agent"],
        ...["ip_addresses", "forwards", "ssh_command", "template_upgraded", "mounts", "console_log", "directory"],
        ...["owner", "owner_file"],
        ...["failure", "warnings"],
      ],
    },
  },
});
