import { z } from "zod";
import { query } from "../declare.ts";
import { imagePath, imagePlace } from "./image-place.ts";

const text = (what: string) => z.string().nullable().describe(what);

const packageFact = z.object({
  name: z.string().describe("Name."),
  epoch: z.int().nullable().describe("Epoch of the version; null without one."),
  version: z.string().describe("Upstream version."),
  release: text("Distribution's revision."),
  arch: text("Architecture."),
  status: z.string().describe("installed, or what dpkg says instead."),
  source: text("Source package."),
  size: z.int().nullable().describe("Bytes installed."),
});

const mount = z.object({
  target: z.string().describe("Where it is mounted in the guest."),
  device: z.string().describe("Device as libguestfs names it: /dev/sda1."),
  type: z.string().describe("File system."),
  options: text("Mount options of fstab."),
});

const user = z.object({
  name: z.string().describe("Login name."),
  uid: z.int().describe("Number."),
  gid: z.int().describe("Number of the first group."),
  gecos: text("Full name and more."),
  home: z.string().describe("Home directory."),
  shell: z.string().describe("Login shell."),
  groups: z.array(z.string()).describe("Names of all groups."),
});

const filesystem = z.object({
  device: z.string().describe("Device as libguestfs names it: /dev/sda1."),
  type: text("File system; null where it is not recognised."),
  uuid: text("UUID."),
  label: text("Label."),
  size: z.int().nullable().describe("Bytes."),
  free: z.int().nullable().describe("Bytes free for files."),
});

const system = {
  os_type: text("linux, windows; null where there is no system."),
  distro: text("ID of os-release: debian."),
  version: text("VERSION_ID of os-release: 12."),
  product_name: text("Full name: Debian GNU/Linux 12 (bookworm)."),
  hostname: text("Host name."),
  arch: text("Architecture of its programs: x86_64."),
  package_format: text("deb, rpm, apk."),
  packages: z.array(packageFact).describe("Installed packages."),
  mounts: z.array(mount).describe("File systems as the guest would mount them."),
  users: z.array(user).describe("Accounts."),
};

export const inspection = query({
  name: "inspection",
  since: "0.1.0",
  summary: "What is inside an image: operating system, packages, users, file systems.",
  description:
    "Opens the image without mounting it, finds the operating systems in it and gathers their facts. An image without one is an answer, not an error: the same fields, null or empty.",
  input: z.object({ disk_image: imagePath(), ...imagePlace }),
  output: z.object({
    format_version: z.int().describe("Version of this shape."),
    ...system,
    filesystems: z.array(filesystem).describe("Every file system of the image."),
    operating_systems: z.array(z.object(system)).describe("Every system that was found; the first is the one above."),
    warnings: z.array(z.string()).describe("What was odd while reading."),
  }),
  examples: [{ title: "What runs in this image?", input: { disk_image: "ubuntu.qcow2" } }],
  aliases: { ansible: { name: "guestkit_inspect", fields: { disk_image: "disk" } }, cli: { name: "inspect" } },
});
