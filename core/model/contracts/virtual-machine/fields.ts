import { z } from "zod";
import {
  absentIs,
  adopts,
  byteSize,
  changesWith,
  conflictsWith,
  hostPath,
  immutable,
  keyedBy,
  live,
  memorySize,
  newMachineName,
  restart,
} from "../../declare.ts";
import { cloudInitFields } from "../cloud-init.ts";
import { dailyFields } from "./daily.ts";
import { cdrom, disk } from "./disks.ts";
import { network } from "./networks.ts";
import { templateFields } from "./template.ts";
import { graphics, provisionStep, share, ssh, waitFor } from "./ways-in.ts";

/** What is declared of a machine. */
export const machineFields = {
  name: newMachineName()
    .meta(immutable)
    .describe(
      "Name, unique among this user's machines: letters, digits, - and _. It is the guest's host name, with - for _, unless cloud_init says otherwise.",
    ),
  running: z.boolean().default(true).meta(live).describe("Whether it is to run."),
  cpus: z.int().min(1).max(1024).default(1).meta(restart).describe("Virtual processors."),
  memory: memorySize().default("1G").meta(restart).describe("Memory of the guest."),
  balloon: memorySize()
    .optional()
    .meta(live)
    .describe("Memory that the guest is to keep, at most memory; the rest goes back to the host."),
  machine: z
    .enum(["q35", "pc"])
    .default("q35")
    .meta(restart)
    .describe("Machine type; its version is that of the QEMU which made it, and is kept."),
  cpu_model: z
    .string()
    .default("max")
    .meta(restart)
    .describe("Processor as QEMU names it; max is all that the host or TCG has."),
  firmware: z
    .enum(["bios", "uefi"])
    .optional()
    .meta({ ...adopts, ...restart })
    .describe(
      "Firmware; what the image can boot by where left out. UEFI keeps its variables in a file of the machine's own.",
    ),
  secure_boot: z.boolean().default(false).meta(restart).describe("UEFI that starts signed loaders alone."),
  kernel: hostPath()
    .optional()
    .meta({ ...restart, ...conflictsWith("secure_boot") })
    .describe("Kernel on the host that is started directly."),
  initrd: hostPath().optional().meta(restart).describe("Initial RAM disk on the host for kernel."),
  cmdline: z.string().optional().meta(restart).describe("Command line of kernel."),
  tpm: z.boolean().default(false).meta(restart).describe("A TPM 2.0 by swtpm, whose state is kept with the machine."),
  disks: z.record(z.string(), disk).default({}).meta(restart).describe("Disks of the machine, by name."),
  ...templateFields,
  cdroms: z.record(z.string(), cdrom).default({}).meta(restart).describe("CD-ROM drives by name."),
  networks: z
    .record(z.string(), network)
    .optional()
    .meta({ ...restart, ...absentIs({ default: { forwards: { ssh: { guest_port: 22 } } } }) })
    .describe(
      "Network cards by name. Left out: one named default, of kind user, with a forward named ssh to port 22; an empty map is none.",
    ),
  shares: z
    .record(z.string(), share)
    .default({})
    .meta(restart)
    .describe("Host folders in the guest, by name (the mount tag)."),
  graphics: graphics
    .optional()
    .meta({ ...restart, ...absentIs({}) })
    .describe("How the screen can be reached."),
  ssh: ssh.optional().meta(live).describe("How guestkit logs in."),
  cloud_init: z
    .object(cloudInitFields)
    .optional()
    .meta(restart)
    .describe("What cloud-init does at the first boot; given to the guest as a NoCloud medium."),
  provision: z
    .array(provisionStep)
    .default([])
    .meta({ ...live, ...keyedBy("name") })
    .describe("Scripts run in the guest when it is ready, in order."),
  ...dailyFields,
  wait_for: z
    .array(waitFor)
    .optional()
    .meta({ ...live, ...adopts, ...changesWith("running") })
    .describe("When the machine is ready, all of it in order; the most that the image can tell where left out."),
  on_failure: z
    .enum(["fail", "keep"])
    .default("fail")
    .meta(live)
    .describe(
      "A machine that does not become ready: fail makes the apply fail (the machine stays for a look); keep makes it a warning.",
    ),
  on_panic: z
    .enum(["pause", "poweroff", "ignore"])
    .default("pause")
    .meta(restart)
    .describe("What happens when the guest's kernel panics."),
  console_log_size: byteSize({ bareMinimum: 4096 })
    .default("16M")
    .meta(live)
    .describe("Longest console log; the next command on the machine cuts what is older."),
  labels: z.record(z.string(), z.string()).default({}).meta(live).describe("Words of your own, for choosing machines."),
  extra_args: z
    .array(z.string())
    .default([])
    .meta(restart)
    .describe("Further arguments of QEMU. Never put a secret here."),
  autostart: z.boolean().default(false).meta(live).describe("Start it with this user's systemd."),
  delete_protection: z.boolean().default(false).meta(live).describe("Refuse to destroy or replace the machine."),
  preflight: z
    .enum(["error", "warn", "off"])
    .default("error")
    .meta(live)
    .describe("What the plan does with a fault that it finds in the image."),
  preflight_rules: z
    .record(z.string(), z.enum(["error", "warn", "off"]))
    .default({})
    .meta(live)
    .describe("What the plan does with a fault, rule by rule, by their codes (P_NO_KERNEL)."),
  timeouts: z
    .object({
      start: z.int().min(1).default(60).describe("Seconds until QEMU runs."),
      stop: z.int().min(0).default(60).describe("Seconds after asking the guest to shut down (agent or power button)."),
      quit: z.int().min(0).default(10).describe("Seconds after telling QEMU to quit, before it is killed."),
    })
    .optional()
    .meta({ ...live, ...absentIs({}) })
    .describe("Seconds to wait."),
};
