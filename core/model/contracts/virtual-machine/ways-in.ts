import { z } from "zod";
import { adopts, callerPath, changesWith, claims, hostPath, spelled, writeOnly } from "../../declare.ts";

export const share = z.object({
  path: hostPath().describe("Folder on the host."),
  kind: z
    .enum(["9p", "virtiofs", "sshfs", "nfs", "smb"])
    .optional()
    .meta(adopts)
    .describe(
      "How it is carried: 9p and virtiofs by QEMU's devices; sshfs, nfs and smb by a server on the host that this machine alone reaches, through a network of kind user. What host and guest both can where left out.",
    ),
  mount: z
    .string()
    .startsWith("/")
    .optional()
    .meta({ ...adopts, ...spelled("guestPath") })
    .describe("Where the guest mounts it (by cloud-init or agent); /mnt/NAME where left out."),
  read_only: z.boolean().default(false).describe("The guest may not write to it."),
  options: z.array(z.string()).default([]).describe("Further mount options in the guest (mount -o): noatime."),
  ownership: z
    .enum(["squash", "map"])
    .default("squash")
    .describe(
      "squash: files are the host user's own; map: the guest's owners are kept beside them (9p: mapped-xattr).",
    ),
});

export const graphics = z.object({
  kind: z
    .enum(["none", "vnc", "spice"])
    .default("none")
    .describe("How the screen can be reached. A screenshot needs none."),
  listen: z
    .string()
    .optional()
    .describe("Address on the host; a Unix socket in the machine's own folder, for this user alone, where left out."),
  port: z
    .int()
    .min(1)
    .max(65535)
    .optional()
    .meta(claims("port"))
    .describe("TCP port; with listen alone 5900 or the next free one."),
  password: z.string().max(64).optional().meta(writeOnly).describe("Password of the screen."),
});

export const ssh = z.object({
  user: z
    .string()
    .optional()
    .meta({ ...adopts, ...changesWith("cloud_init", "disks", "template_vm", "base", "ssh") })
    .describe("Who logs in; the first user that cloud_init creates, or the image's own where left out."),
  port: z.int().min(1).max(65535).default(22).describe("Port in the guest."),
  private_key: callerPath(".pub")
    .optional()
    .describe("Key file; the machine's own, which cloud_init lets in, where left out."),
  network: z.string().optional().describe("The network to go by; the first with a forward to the port where left out."),
});

export const provisionStep = z.object({
  name: z.string().min(1).describe("What the step is called in progress and errors."),
  inline: z.array(z.string()).default([]).describe("Lines of a shell script, run with set -e."),
  file: callerPath().optional().describe("A script, run in the guest as it is."),
  environment: z.record(z.string(), z.string()).default({}).describe("Variables of the step's environment."),
  secret_environment: z
    .record(z.string(), z.string())
    .optional()
    .meta(writeOnly)
    .describe("Variables that are secrets; a step that needs them runs in applies alone."),
  via: z.enum(["auto", "ssh", "agent"]).default("auto").describe("How the guest is reached."),
  user: z.string().optional().describe("As whom it runs; root where left out."),
  when: z.enum(["create", "always"]).default("create").describe("Once, or at every start."),
  timeout: z.int().min(1).default(1800).describe("Seconds that the step may take."),
});

export const waitFor = z.object({
  condition: z
    .enum(["agent", "ssh", "cloud_init", "port", "console", "none"])
    .describe(
      "What tells that the machine is ready: its guest agent answers, one can log in, cloud-init is done, a port answers, the console shows a text.",
    ),
  timeout: z.int().min(1).default(600).describe("Seconds from the start."),
  port: z.int().min(1).max(65535).optional().describe("Port in the guest that must answer (port)."),
  text: z.string().optional().describe("Text that the console must show (console)."),
});
