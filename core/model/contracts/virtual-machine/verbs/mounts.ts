import { z } from "zod";
import { hostPath, spelled } from "../../../declare.ts";
import { verb } from "./verb.ts";

const guestFolder = () => z.string().startsWith("/").meta(spelled("guestPath")).describe("Folder in the guest.");

export const mount = verb(
  "mount",
  "Mount a folder of the host in a running machine",
  "At once and for this run alone: the declaration stays as it is, and the mount is gone when the machine stops. By a server that this machine alone reaches through its network of kind user; 9p and virtiofs cannot be added while a machine runs.",
  {
    path: hostPath().describe("Folder on the host."),
    mount: guestFolder(),
    kind: z.enum(["sshfs", "nfs", "smb"]).default("sshfs").describe("How it is carried."),
    read_only: z.boolean().default(false).describe("The guest may not write to it."),
    options: z.array(z.string()).default([]).describe("Further mount options in the guest (mount -o): noatime."),
    ownership: z
      .enum(["squash", "map"])
      .default("squash")
      .describe("squash: files are the host user's own; map: the guest's owners are kept (nfs)."),
  },
  { mount: z.string().describe("Where it is mounted.") },
  { positional: ["path", "mount"], example: { path: "./site", mount: "/srv/site" } },
);

export const umount = verb(
  "umount",
  "Unmount a folder that vm mount has mounted",
  "Fails with the guest's own words while something in the guest uses it. Shares of the declaration are taken away by changing it.",
  { mount: guestFolder() },
  { mount: z.string().describe("Where it was mounted.") },
  { positional: ["mount"], example: { mount: "/srv/site" } },
);
