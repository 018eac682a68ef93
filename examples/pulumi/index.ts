// A Debian image that boots, built by an ordinary user, then inspected. Run it with:
//   npm install && pulumi up
import { DiskImage, type DiskImageArgs, getInspectionOutput } from "@guestkit/pulumi";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();

const content: Partial<DiskImageArgs> = config.requireBoolean("blank")
  ? { size: "64M", layout: { partitions: [{ name: "data", filesystem: "ext4", label: "data" }] } }
  : {
      size: "4G",
      bootstrap: {
        release: "bookworm",
        packages: ["openssh-server"],
        hostname: "web",
        users: { admin: { sudo: true } },
      },
    };

const image = new DiskImage("image", {
  path: config.require("path"),
  ...content,
  files: [{ path: "/etc/motd", content: "Made by guestkit\n" }],
});

const inside = getInspectionOutput({ diskImage: image.id });

export const id = image.id;
export const system = {
  type: inside.osType,
  distro: inside.distro,
  version: inside.version,
  name: inside.productName,
  hostname: inside.hostname,
  arch: inside.arch,
  packages: inside.apply(({ packages }) => packages?.length ?? 0),
};
export const filesystems = inside.filesystems;
