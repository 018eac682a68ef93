import { z } from "zod";
import {
  adopts,
  byteSize,
  changesWith,
  conflictsWith,
  hostPath,
  immutable,
  keyedBy,
  live,
  resource,
  restart,
} from "../../declare.ts";
import { cloudInitFields } from "../cloud-init.ts";
import { dailyFields } from "./daily.ts";
import { cdrom, disk } from "./disks.ts";
import { network } from "./networks.ts";
import { templateFields } from "./template.ts";
import { graphics, provisionStep, share, ssh, waitFor } from "./ways-in.ts";

/** Fields that QEMU takes up at its start alone. */
const STARTED_WITH = [
  "running",
  "cpus",
  "memory",
  "machine",
  "cpu_model",
  "firmware",
  "secure_boot",
  "kernel",
  "initrd",
  "cmdline",
  "tpm",
  "disks",
  "cdroms",
  "networks",
  "shares",
  "graphics",
  "on_panic",
  "extra_args",
  "cloud_init",
  "template_vm",
  "base",
  "backing_file",
  "snapshot_mode",
];

/** What its base is may change under every update: another thing of the same apply may do it. */
const ANY_CHANGE = [
  ...STARTED_WITH,
  ...["balloon", "recreate_overlay", "ssh", "provision", "wait_for", "on_failure", "labels", "autostart"],
  ...["delete_protection", "preflight", "preflight_rules", "timeouts", ...Object.keys(dailyFields)],
];

const forward = z.object({
  network: z.string().describe("The network's name."),
  name: z.string().describe("The forward's name."),
  protocol: z.string().describe("tcp or udp."),
  host_address: z.string().describe("Address on the host."),
  host_port: z.int().describe("Port on the host, the picked one where none was declared."),
  guest_port: z.int().describe("Port in the guest."),
});

export const virtualMachine = resource({
  name: "virtual_machine",
  since: "0.2.0",
  summary: "A QEMU virtual machine, without root and without a daemon.",
  description:
    "Makes, starts and keeps a machine on QEMU alone. The plan reads the image that is to boot and refuses what cannot come up; the apply ends when the machine is truthfully ready. What can be changed in place is; what needs a restart is announced. The machine outlives the program that started it, and is seen again by what QEMU itself says.",
  identity: ["name"],
  reachable: {
    host: "ssh_host",
    port: "ssh_port",
    user: "ssh_user",
    key: "ssh_key_file",
    knownHosts: "ssh_known_hosts",
    groups: ["labels", "status"],
  },
  input: z.object({
    name: z
      .string()
      .regex(/^[A-Za-z0-9]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?$/)
      .meta(immutable)
      .describe("Name, unique among this user's machines; the guest's host name unless cloud_init says otherwise."),
    running: z.boolean().default(true).meta(live).describe("Whether it is to run."),
    cpus: z.int().min(1).max(1024).default(1).meta(restart).describe("Virtual processors."),
    memory: byteSize().default("1G").meta(restart).describe("Memory of the guest."),
    balloon: byteSize()
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
    initrd: hostPath().optional().meta(restart).describe("Its initial RAM disk."),
    cmdline: z.string().optional().meta(restart).describe("Its command line."),
    tpm: z.boolean().default(false).meta(restart).describe("A TPM 2.0 by swtpm, whose state is kept with the machine."),
    disks: z.record(z.string(), disk).default({}).meta(restart).describe("Disks by name."),
    ...templateFields,
    cdroms: z.record(z.string(), cdrom).default({}).meta(restart).describe("CD-ROM drives by name."),
    networks: z
      .record(z.string(), network)
      .optional()
      .meta(restart)
      .describe(
        "Network cards by name. Left out: one of kind user with a forward named ssh to port 22; an empty map is none.",
      ),
    shares: z
      .record(z.string(), share)
      .default({})
      .meta(restart)
      .describe("Host folders in the guest, by name (the mount tag)."),
    graphics: graphics.optional().meta(restart).describe("How the screen can be reached."),
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
      .meta({ ...live, ...adopts })
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
    labels: z
      .record(z.string(), z.string())
      .default({})
      .meta(live)
      .describe("Words of your own, for choosing machines."),
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
      .describe("The same rule by rule, by their codes."),
    timeouts: z
      .object({
        start: z.int().min(1).default(60).describe("Until QEMU runs."),
        stop: z.int().min(0).default(60).describe("After asking the guest to shut down (agent or power button)."),
        quit: z.int().min(0).default(10).describe("After telling QEMU to quit, before it is killed."),
      })
      .optional()
      .meta(live)
      .describe("Seconds to wait."),
  }),
  output: z.object({
    status: z
      .enum(["running", "paused", "stopped", "crashed", "panicked"])
      .meta(changesWith(...STARTED_WITH))
      .describe("What QEMU says of it."),
    pid: z
      .int()
      .nullable()
      .meta(changesWith(...STARTED_WITH))
      .describe("QEMU's process; null where it does not run."),
    accelerator: z
      .string()
      .nullable()
      .meta(changesWith(...STARTED_WITH))
      .describe("kvm, hvf or tcg."),
    machine_type: z
      .string()
      .nullable()
      .meta(changesWith("machine"))
      .describe("Machine type with its version: pc-q35-7.2."),
    ip_addresses: z
      .array(z.string())
      .meta(changesWith(...STARTED_WITH, "wait_for"))
      .describe("Addresses that the guest's agent tells, else those that are declared."),
    macs: z.record(z.string(), z.string()).meta(changesWith("networks")).describe("Hardware addresses by network."),
    forwards: z
      .array(forward)
      .meta(changesWith(...STARTED_WITH))
      .describe("Ports of the host that lead into the guest."),
    ssh_host: z
      .string()
      .nullable()
      .meta(changesWith(...STARTED_WITH, "ssh"))
      .describe("Where SSH is reached; null where it cannot be."),
    ssh_port: z
      .int()
      .nullable()
      .meta(changesWith(...STARTED_WITH, "ssh"))
      .describe("Port of it."),
    ssh_user: z
      .string()
      .nullable()
      .meta(changesWith("ssh", "cloud_init", "disks"))
      .describe("Who logs in."),
    ssh_key_file: z.string().nullable().meta(changesWith("ssh", "cloud_init")).describe("Private key on the host."),
    ssh_known_hosts: z.string().nullable().meta(changesWith("ssh")).describe("File with the guest's host keys."),
    ssh_host_keys: z
      .array(z.string())
      .meta(changesWith(...STARTED_WITH, "wait_for", "ssh"))
      .describe("The guest's host keys, as seen at its first start."),
    ssh_command: z
      .string()
      .nullable()
      .meta(changesWith(...STARTED_WITH, "ssh"))
      .describe("A command that logs in."),
    display: z
      .string()
      .nullable()
      .meta(changesWith(...STARTED_WITH))
      .describe("Where the screen is reached: vnc://..., spice+unix://..."),
    template_upgraded: z
      .boolean()
      .meta(changesWith(...ANY_CHANGE))
      .describe("Whether what its disks start from was changed since its last start; the next start takes it up."),
    console_log: z.string().describe("File with everything that the serial console showed."),
    directory: z.string().describe("Where the machine lives."),
    command_line: z
      .array(z.string())
      .meta(changesWith(...STARTED_WITH))
      .describe("QEMU's arguments as it was, or would be, started."),
    drift: z
      .array(
        z.object({
          path: z.string().describe("The declared field that it concerns."),
          why: z.string().describe("What was found."),
          action: z.enum(["update", "replace"]).describe("What mends it."),
        }),
      )
      .describe("Where the machine departs from its declaration; empty when all is as declared."),
  }),
  examples: [
    {
      title: "A Debian machine with cloud-init",
      input: {
        name: "web",
        cpus: 2,
        memory: "2G",
        disks: { root: { image: "debian.qcow2", overlay: true, size: "20G" } },
        cloud_init: {
          users: { admin: { ssh_authorized_keys: ["ssh-ed25519 AAAA... me@host"], sudo: true } },
          packages: ["nginx"],
        },
        networks: { lan: { forwards: { ssh: { guest_port: 22 }, http: { guest_port: 80, host_port: 8080 } } } },
      },
    },
    {
      title: "A machine that starts anew from another one's disks, and keeps /home",
      input: {
        name: "work",
        template_vm: "debian",
        shares: { home: { path: "./home", mount: "/home" } },
        startup_commands: ["systemctl start my-app"],
      },
    },
    {
      title: "Two machines on a private link",
      input: {
        name: "db",
        disks: { root: { image: "debian.qcow2", overlay: true } },
        networks: { uplink: {}, backend: { kind: "link", peer: "web" } },
      },
    },
  ],
});
