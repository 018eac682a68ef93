import { z } from "zod";
import { conflictsWith, hostPath, query, refersTo } from "../../declare.ts";

const CONDITIONS = ["agent", "ssh", "cloud_init", "console"] as const;

const finding = z.object({
  severity: z.string().describe("error or warning."),
  code: z.string().describe("The rule: docs/preflight.md tells of it, preflight_rules turns it off."),
  field: z.string().describe("The declared field that it concerns."),
  message: z.string().describe("What is so."),
  help: z.string().describe("The way out."),
});

export const virtualMachineCheck = query({
  name: "virtual_machine_check",
  since: "0.2.0",
  summary: "What would keep a machine from coming up, as its image tells.",
  description:
    "Reads what is to boot, as a plan does, and names every fault that it can know of beforehand: of a machine that is there, or of an image with what is said beside it. Nothing is started or changed.",
  input: z.object({
    name: z.string().min(1).optional().meta(refersTo("virtual_machine")).describe("A machine that is there."),
    image: hostPath()
      .optional()
      .meta(conflictsWith("name"))
      .describe("An image to judge instead: a path, or the id of a disk_image."),
    firmware: z
      .enum(["bios", "uefi"])
      .optional()
      .describe("Firmware that is to boot it; what it can boot by where left out."),
    secure_boot: z.boolean().default(false).describe("UEFI that starts signed loaders alone."),
    cpu_model: z.string().default("max").describe("Processor as QEMU names it."),
    bus: z
      .enum(["virtio", "scsi", "sata", "ide", "nvme", "usb"])
      .default("virtio")
      .describe("How the guest is to see the disk."),
    sector_size: z.int().min(512).max(4096).default(512).describe("Bytes of a sector of the disk, 512 or 4096."),
    user: z.string().optional().describe("Who is to log in."),
    cloud_init: z.boolean().default(false).describe("cloud-init is going to be told something."),
    wait_for: z.array(z.enum(CONDITIONS)).default([]).describe("What is going to be waited for."),
    share_kind: z.enum(["9p", "virtiofs"]).optional().describe("How host folders are to be shared."),
  }),
  output: z.object({
    findings: z.array(finding).describe("Faults; empty where none is known."),
    firmware: z.string().nullable().describe("Firmware that it would boot by."),
    ready_by: z.array(z.string()).describe("What would be waited for where nothing is said."),
    ssh_user: z.string().nullable().describe("Who would log in."),
    exit_code: z.int().describe("2 where a finding is an error, else 0."),
  }),
  examples: [
    { title: "A machine that is there", input: { name: "web" } },
    { title: "Can this image be logged in to?", input: { image: "debian.qcow2", wait_for: ["ssh"], user: "admin" } },
  ],
  aliases: {
    cli: {
      name: "vm check",
      positional: ["name"],
      list: "findings",
      columns: ["severity", "code", "field", "message", "help"],
      empty: "All is well: nothing is known that would keep it from coming up.",
      exitCode: "exit_code",
    },
  },
});
