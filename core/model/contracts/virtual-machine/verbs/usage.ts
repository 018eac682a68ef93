import { z } from "zod";
import { inBytes, query, refersTo } from "../../../declare.ts";
import { since } from "./verb.ts";

const rate = (what: string) => z.number().nullable().describe(`${what}; null where nothing tells.`);
const bytes = (what: string) => z.int().nullable().meta(inBytes).describe(what);

export const usage = query({
  name: "vm_usage",
  since,
  summary: "What machines use",
  description:
    "Processor time, memory, disk and network of the machines that run, measured over a moment: from QEMU's process, its monitor, and what the guest tells of itself. guestkit vm top on the command line shows it live.",
  input: z.object({
    names: z
      .array(z.string().meta(refersTo("virtual_machine")))
      .default([])
      .describe("Machines; all that run where left out."),
    interval: z.number().min(0.1).max(60).default(1).describe("Seconds over which is measured."),
  }),
  output: z.object({
    machines: z
      .array(
        z.object({
          name: z.string().describe("Name."),
          time: z.string().describe("When it was measured, ISO 8601."),
          status: z.string().describe("What QEMU says of it; not answering where QEMU says nothing."),
          uptime: z.number().nullable().describe("Seconds since QEMU was started."),
          cpu_percent: rate("Processor time of QEMU's process; 100 is one processor of the host"),
          vcpu_percent: z
            .array(z.number().nullable())
            .describe("The same of each virtual processor's thread; null where several share one."),
          memory: bytes("Bytes that it was started with."),
          resident_memory: bytes("Bytes of the host's memory that QEMU's process occupies."),
          balloon_memory: bytes("Bytes that the balloon leaves to the guest."),
          guest_used_memory: bytes("Bytes that the guest cannot do without, as its balloon driver tells."),
          disk_read_bytes: rate("Bytes a second that the guest reads from its disks"),
          disk_write_bytes: rate("Bytes a second that it writes"),
          disk_reads: rate("Reads a second"),
          disk_writes: rate("Writes a second"),
          network_received_bytes: rate("Bytes a second that the guest receives"),
          network_sent_bytes: rate("Bytes a second that it sends"),
          network_source: z
            .string()
            .nullable()
            .describe("Who tells of the network: host (its tap devices) or guest (its agent)."),
        }),
      )
      .describe("Machines that run, by name."),
  }),
  examples: [{ title: "What do the machines use?", input: {} }],
});
