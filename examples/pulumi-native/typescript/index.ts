// A disk image that holds a secret, and a machine of it that is not started yet.
import * as guestkit from "@guestkit/pulumi-native";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();
const token = config.requireSecret("token");

const image = new guestkit.DiskImage("image", {
  path: "data.raw",
  format: "raw",
  size: config.get("size") ?? "64M",
  layout: { partitions: [{ name: "data", filesystem: "ext4", label: "data" }] },
  files: [{ path: "/token", secretContent: token }],
});

const machine = new guestkit.VirtualMachine("machine", {
  name: "native",
  running: false,
  preflight: "off",
  disks: { data: { image: image.id } },
  cloudInit: { hostname: "native", writeFiles: [{ path: "/run/token", secretContent: token }] },
});

export const id = image.id;
export const format = guestkit.getImageInfoOutput({ diskImage: image.id }).format;
export const machineName = machine.id;
export const secret = token;
