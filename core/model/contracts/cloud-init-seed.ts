import { z } from "zod";
import { changesWith, createOnly, hostPath, immutable, resource } from "../declare.ts";
import { cloudInitFields } from "./cloud-init.ts";

const anyDocument = changesWith(...Object.keys(cloudInitFields), "secret_user_data_version");

export const cloudInitSeed = resource({
  name: "cloud_init_seed",
  since: "0.2.0",
  summary: "A medium from which cloud-init reads what a new machine is to be (NoCloud).",
  description:
    "Writes an ISO 9660 image labelled cidata with user-data, meta-data and network-config, readable by its owner alone. The same declaration makes the same bytes on every host, and the file is not touched while they are equal. A change of what is declared changes the instance-id, so that cloud-init runs anew at the next boot. A virtual_machine makes a seed of its own from cloud_init: this resource is for other hypervisors and for seeds that several machines share.",
  identity: ["path"],
  input: z.object({
    path: hostPath().meta(immutable).describe("Where the image lies on the host."),
    ...cloudInitFields,
    overwrite: z
      .boolean()
      .default(false)
      .meta(createOnly)
      .describe("Replace a file at path that guestkit did not make."),
  }),
  output: z.object({
    effective_instance_id: z
      .string()
      .nullable()
      .meta(anyDocument)
      .describe("The instance-id that the seed carries: the declared one, or the one derived from the declaration."),
    size: z.int().nullable().meta(anyDocument).describe("Bytes of the image."),
    sha256: z
      .string()
      .nullable()
      .meta(anyDocument)
      .describe("Digest of the image in hex; null where the image holds a secret, of which it would be a digest."),
    drift: z
      .array(
        z.object({
          path: z.string().describe("The declared field that it concerns."),
          why: z.string().describe("What was found in the image."),
          action: z.enum(["update", "replace"]).describe("What mends it."),
        }),
      )
      .describe("Where the image departs from its declaration; empty when all is as declared."),
  }),
  aliases: {
    terraform: {
      moved: [
        // The id of 0.8 is the volume's path and a random UUID behind it.
        { provider: "dmacvicar/libvirt", type: "libvirt_cloudinit_disk", from: ["id"], until: ";" },
        // From 0.9 on the medium is a volume as any other.
        { provider: "dmacvicar/libvirt", type: "libvirt_volume", from: ["path", "id"] },
      ],
    },
  },
  examples: [
    {
      title: "A user with a key, a package and a command",
      input: {
        path: "web-seed.iso",
        hostname: "web",
        users: { me: { ssh_authorized_keys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA me@home"], sudo: true } },
        packages: ["nginx"],
        write_files: [{ path: "/etc/motd", content: "Made by guestkit\n" }],
        runcmd: ["systemctl enable --now nginx"],
      },
    },
    {
      title: "A document as it is",
      input: { path: "raw-seed.iso", user_data: "#cloud-config\npackages: [nginx]\n", hostname: "web" },
    },
  ],
});
