import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdir, open, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { run } from "../support/tool.ts";
import { type BlockWrite, type Epoch, readBlockLog } from "./block-log.ts";

const SIZE = "160M";
const PATIENCE = 10_000;

/** Whether this host lets us: loop devices, FUSE, and mounts, which means root. */
export async function canLosePages(): Promise<boolean> {
  const needs = ["/dev/fuse", "/dev/loop-control"].map((path) => access(path));
  const found = await Promise.allSettled([...needs, promisify(execFile)("qemu-storage-daemon", ["--version"])]);
  return process.getuid?.() === 0 && found.every(({ status }) => status === "fulfilled");
}

export interface Recording {
  readonly epochs: readonly Epoch[];
  /** How many flushes had come to pass when the work was done. */
  readonly atEnd: number;
}

/**
 * A small ext4 on a disk of which every write is logged: qemu-storage-daemon exports it by FUSE, a loop device lies over
 * that. Afterwards it can be had as it was at any flush, as after a loss of power.
 */
export class LoggedDisk {
  readonly #folder: string;
  readonly #mountpoint: string;

  private constructor(folder: string, mountpoint: string) {
    this.#folder = folder;
    this.#mountpoint = mountpoint;
  }

  /** A new one; `folder` holds its files, what writes works in `mountpoint`. */
  static async make(folder: string, mountpoint: string): Promise<LoggedDisk> {
    const disk = new LoggedDisk(folder, mountpoint);
    await Promise.all([mkdir(folder, { recursive: true }), mkdir(mountpoint, { recursive: true })]);
    await run("truncate", ["--size", "0", disk.#at("disk")]);
    await run("truncate", ["--size", SIZE, disk.#at("disk")]);
    await run("mke2fs", ["-q", "-F", "-t", "ext4", "-b", "4096", disk.#at("disk")]);
    return disk;
  }

  /** Does something in the file system, nothing of it logged. */
  async prepare<T>(work: () => Promise<T>): Promise<T> {
    return this.#mounted(this.#at("disk"), work);
  }

  /** Does something with every write logged; gives what was written, flush by flush. */
  async record(work: () => Promise<void>): Promise<Recording> {
    await run("cp", ["--sparse=always", this.#at("disk"), this.#at("before")]);
    for (const name of ["log", "export"]) await writeFile(this.#at(name), "");
    const daemon = spawn("qemu-storage-daemon", this.#daemonArguments(), { stdio: ["ignore", "ignore", "inherit"] });
    const ended = once(daemon, "exit");
    let atEnd = 0;
    try {
      await this.#exported();
      await this.#mounted(this.#at("export"), async () => {
        await work();
        atEnd = (await this.#epochs()).length - 1;
      });
    } finally {
      daemon.kill("SIGTERM");
      await ended;
    }
    return { epochs: await this.#epochs(), atEnd };
  }

  /** The file system as it was with these writes and no others. */
  async after<T>(writes: readonly BlockWrite[], work: () => Promise<T>): Promise<T> {
    const copy = this.#at("copy");
    await run("cp", ["--sparse=always", this.#at("before"), copy]);
    const handle = await open(copy, "r+");
    try {
      for (const { offset, data } of writes) await handle.write(data, 0, data.length, offset);
    } finally {
      await handle.close();
    }
    // A host that starts anew may number its devices otherwise: the first free one is taken meanwhile.
    return attached(this.#at("before"), () => this.#mounted(copy, work));
  }

  /** The log counts its entries at each flush. */
  async #epochs(): Promise<readonly Epoch[]> {
    return readBlockLog(await readFile(this.#at("log")));
  }

  #at(name: string): string {
    return join(this.#folder, name);
  }

  #daemonArguments(): readonly string[] {
    const node = (name: string) => `driver=file,node-name=${name},filename=${this.#at(name)}`;
    return [
      ...["--blockdev", node("disk"), "--blockdev", node("log")],
      ...["--blockdev", "driver=blklogwrites,node-name=logged,file=disk,log=log,log-sector-size=512"],
      ...["--export", `type=fuse,id=export,node-name=logged,mountpoint=${this.#at("export")},writable=on`],
    ];
  }

  /** A FUSE export over a file: from then on the file has the disk's size. */
  async #exported(): Promise<void> {
    const deadline = performance.now() + PATIENCE;
    while (!(await readFile("/proc/self/mounts", "utf8")).includes(this.#at("export"))) {
      if (performance.now() > deadline) throw new Error("qemu-storage-daemon exports nothing");
      await sleep(20);
    }
  }

  async #mounted<T>(file: string, work: () => Promise<T>): Promise<T> {
    return attached(file, async (loop) => {
      await run("mount", ["-t", "ext4", loop, this.#mountpoint]);
      try {
        return await work();
      } finally {
        await run("umount", [this.#mountpoint]);
      }
    });
  }
}

async function attached<T>(file: string, work: (loop: string) => Promise<T>): Promise<T> {
  const loop = (await run("losetup", ["--find", "--show", file])).trim();
  try {
    return await work(loop);
  } finally {
    await run("losetup", ["--detach", loop]);
  }
}
