import { open, readFile, stat } from "node:fs/promises";
import { userInfo } from "node:os";

/** Why a device cannot be opened, and how to mend it. */
export interface Obstacle {
  readonly reason: string;
  readonly help: string;
}

/** Tries to open a device for reading and writing; null where that works. */
export async function findObstacle(device: string): Promise<Obstacle | null> {
  try {
    const handle = await open(device, "r+");
    await handle.close();
    return null;
  } catch (error) {
    return await explain(device, error as NodeJS.ErrnoException);
  }
}

async function explain(device: string, { code, message }: NodeJS.ErrnoException): Promise<Obstacle> {
  const { username } = userInfo();
  switch (code) {
    case "ENOENT":
    case "ENODEV":
    case "ENXIO":
      return {
        reason: `this host has no ${device}`,
        help: "Switch on virtualization in the firmware (or nested virtualization where this is a guest), and load the module: sudo modprobe kvm_intel || sudo modprobe kvm_amd",
      };
    case "EACCES":
    case "EPERM":
      return {
        reason: `${username} may not open ${device}`,
        help: `Join the group that may: sudo usermod -aG ${await groupOf(device)} ${username}, then log in again.`,
      };
    default:
      return {
        reason: `${device} cannot be opened: ${message}`,
        help: `See what holds ${device}: sudo fuser -v ${device}`,
      };
  }
}

async function groupOf(path: string): Promise<string> {
  const { gid } = await stat(path);
  const groups = await readFile("/etc/group", "utf8").catch(() => "");
  const line = groups.split("\n").find((each) => each.split(":")[2] === String(gid));
  const name = line?.split(":")[0];
  return gid !== 0 && name ? name : "kvm";
}
