import { spawn } from "node:child_process";
import { once } from "node:events";
import { run } from "./tool.ts";

/**
 * Runs `use` with the image mounted (several where a file system lies on them); unmounted for good afterwards, whatever
 * happens. "replay" is a read-only mount that may write the journal back, "ro" one that cannot; anything else is given to
 * mount as it is.
 *
 * The mount stands in a namespace of its own and is reached through /proc. Where it stood in ours, any program that made
 * itself a mount namespace meanwhile (mmdebstrap, bwrap) would hold a copy of it: then umount succeeds, the file system
 * stays active below, and when that program ends the old superblock is written over whatever was mounted since.
 */
export async function withMount<T>(
  files: string | readonly string[],
  mode: string,
  use: (mount: string) => Promise<T>,
): Promise<T> {
  const devices: string[] = [];
  try {
    for (const file of typeof files === "string" ? [files] : files) devices.push(await attach(file, mode === "ro"));
    const [first = "", ...others] = devices;
    const options = [mode === "replay" ? "ro" : mode, ...others.map((device) => `device=${device}`)];
    await using mounted = await mountApart(first, options.join());
    return await use(mounted.path);
  } finally {
    for (const device of devices) await run("losetup", ["--detach", device]);
  }
}

async function attach(file: string, readOnly: boolean): Promise<string> {
  return (await run("losetup", [...(readOnly ? ["--read-only"] : []), "--find", "--show", file])).trim();
}

const MOUNT = 'mount -o "$1" "$2" /mnt || exit 1; echo mounted; read -r _; umount /mnt';

/** The namespace lives until it is told to unmount, or until we are gone. */
async function mountApart(device: string, options: string): Promise<{ readonly path: string } & AsyncDisposable> {
  const args = ["--mount", "--propagation", "private", "sh", "-c", MOUNT, "sh", options, device];
  const child = spawn("unshare", args, { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "close").then(([code]) => Number(code));
  const isMounted = await Promise.race([once(child.stdout, "data").then(() => true), ended.then(() => false)]);
  if (!isMounted) throw new Error(`mount -o ${options} ${device} failed`);
  return {
    path: `/proc/${child.pid}/root/mnt`,
    [Symbol.asyncDispose]: async () => {
      child.stdin.end();
      if ((await ended) !== 0) throw new Error(`umount of ${device} failed`);
    },
  };
}
