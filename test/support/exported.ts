import { spawn } from "node:child_process";
import { once } from "node:events";
import { stat, writeFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";

/** Runs `use` with a qcow2's disk as a file of raw bytes, at `place`, where it may be written to. */
export async function withExport<T>(image: string, place: string, use: (raw: string) => Promise<T>): Promise<T> {
  await writeFile(place, "");
  const node = `driver=qcow2,node-name=disk,discard=unmap,file.driver=file,file.filename=${image}`;
  const fuse = `type=fuse,id=disk,node-name=disk,mountpoint=${place},writable=on`;
  const daemon = spawn("qemu-storage-daemon", ["--blockdev", node, "--export", fuse], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const ended = once(daemon, "close");
  try {
    while ((await stat(place)).size === 0) {
      if (daemon.exitCode !== null) throw new Error(`${image} cannot be exported`);
      await setTimeout(20);
    }
    return await use(place);
  } finally {
    daemon.kill();
    await ended;
  }
}
