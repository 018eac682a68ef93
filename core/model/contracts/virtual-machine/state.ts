import { z } from "zod";
import { changesWith, claims, volatile } from "../../declare.ts";
import { machineFields } from "./fields.ts";

/** Fields that QEMU takes up at its start alone, and whether it runs. */
const STARTED_WITH = Object.entries(machineFields)
  .filter(([name, field]) => name === "running" || field.meta()?.policy === "restart")
  .map(([name]) => name);

/** What a start tells: it may find other ports, and other keys. */
const started = changesWith(...STARTED_WITH, "ssh", "wait_for");

/** What says whether there is a way in, and as whom; there is none before the first start. */
const entered = changesWith("running", "networks", "ssh", "cloud_init", "disks", "template_vm", "base");

const forward = z.object({
  network: z.string().describe("The network's name."),
  name: z.string().describe("The forward's name."),
  protocol: z.string().describe("tcp or udp."),
  host_address: z.string().describe("Address on the host."),
  host_port: z.int().meta(claims("port")).describe("Port on the host, the picked one where none was declared."),
  guest_port: z.int().describe("Port in the guest."),
});

/** What is seen of a machine. */
export const machineState = {
  status: z
    .enum(["running", "paused", "stopped", "crashed", "panicked"])
    .meta(started)
    .describe("What QEMU says of it."),
  pid: z.int().nullable().meta(started).describe("QEMU's process; null where it does not run."),
  accelerator: z.string().nullable().meta(started).describe("kvm, hvf or tcg."),
  machine_type: z
    .string()
    .nullable()
    .meta(changesWith("machine", "running"))
    .describe("Machine type with its version: pc-q35-7.2."),
  ip_addresses: z
    .array(z.string())
    .meta(started)
    .describe("Addresses that the guest's agent tells, else those that are declared."),
  macs: z.record(z.string(), z.string()).meta(changesWith("networks")).describe("Hardware addresses by network."),
  forwards: z.array(forward).meta(started).describe("Ports of the host that lead into the guest."),
  ssh_host: z.string().nullable().meta(started).describe("Where SSH is reached, on its host; null where it cannot be."),
  ssh_port: z.int().nullable().meta(started).describe("Port of it."),
  ssh_user: z.string().nullable().meta(entered).describe("Who logs in."),
  ssh_key_file: z.string().nullable().meta(entered).describe("Private key. Of a machine of another host a copy here."),
  ssh_known_hosts: z.string().nullable().meta(entered).describe("File with the guest's host keys."),
  ssh_host_keys: z.array(z.string()).meta(started).describe("The guest's host keys, as seen at its first start."),
  ssh_config: z
    .string()
    .nullable()
    .meta(entered)
    .describe("File for ssh -F that leads to a machine of another host, by its name; null on this one."),
  ssh_command: z.string().nullable().meta(started).describe("A command that logs in."),
  display: z.string().nullable().meta(started).describe("Where the screen is reached: vnc://..., spice+unix://..."),
  template_upgraded: z
    .boolean()
    .meta(volatile)
    .describe("Whether what its disks start from was changed since its last start; the next start takes it up."),
  console_log: z.string().describe("File with everything that the serial console showed."),
  directory: z.string().describe("Where the machine lives."),
  drift: z
    .array(
      z.object({
        path: z.string().describe("The declared field that it concerns."),
        why: z.string().describe("What was found."),
        action: z.enum(["update", "replace"]).describe("What mends it."),
      }),
    )
    .describe("Where the machine departs from its declaration; empty when all is as declared."),
};
