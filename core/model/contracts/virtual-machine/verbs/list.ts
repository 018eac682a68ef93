import { z } from "zod";
import { inBytes, inSeconds, ownership, query } from "../../../declare.ts";
import { since } from "./verb.ts";

export const list = query({
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
          address: z
            .string()
            .nullable()
            .describe("An address of its own, else where its SSH server is forwarded to on this host (HOST:PORT)."),
          uptime: z.number().nullable().meta(inSeconds).describe("Seconds since QEMU was started."),
          ssh_port: z.int().nullable().describe("Port of the host that leads to its SSH server."),
          template_upgraded: z
            .boolean()
            .describe(
              "Whether what its disks start from was changed since its last start; the next start takes it up.",
            ),
          disposable: z.boolean().describe("Whether nothing of it remains when the command that made it ends."),
          notes: z.array(z.string()).describe("In words: disposable, template upgraded."),
          warnings: z.array(z.string()).describe("What is odd: logs that have outgrown their limits."),
          ...ownership,
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
      columns: ["name", "status", "uptime", "cpus", "memory", "address", "notes"],
      empty: "No machines.",
    },
  },
});
