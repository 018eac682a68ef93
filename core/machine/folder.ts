import { createHash } from "node:crypto";
import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder } from "../host/folder.ts";
import { demandOwnPlace } from "../host/own-place.ts";
import { sweepPartialsIn } from "../host/partial.ts";
import type { Settings } from "../kit/context.ts";
import { GuestkitError } from "../kit/errors.ts";
import { safeKey } from "../qemu/options/id.ts";

/** Where everything of one machine lies. */
export interface MachineFolder {
  /** `DATA_DIR/machines/NAME`, the owner's alone. */
  readonly path: string;
  /** Sockets: short, since a Unix socket's path ends at 108 bytes. */
  readonly sockets: string;
  /** What this start of QEMU is: pid, arguments, forwards (see run.ts). */
  readonly run: string;
  readonly consoleLog: string;
  readonly qemuLog: string;
  /** QEMU's own pid file, which it keeps locked: a second QEMU of the same machine ends at once. */
  readonly pid: string;
  readonly nvram: string;
  readonly tpm: string;
  readonly seed: string;
  readonly sshKey: string;
  readonly knownHosts: string;
  /** The machine's own thin copy of a disk. */
  overlay(disk: string): string;
  /** Where what is made anew at every start lies. */
  readonly fresh: string;
  /** The file of this start that a disk's writes go to. */
  freshDisk(disk: string): string;
  /** A Unix socket: `qmp`, `agent`, `console`, `tpm`. */
  socket(name: string): string;
}

/** Where the machines of this user lie. */
export const machinesFolder = (settings: Settings): string => join(settings.dataDir, "machines");

/** Whether a name leads out of the machines' folder: it is no machine's, and its folder is not to be asked for. */
export const leadsOut = (name: string): boolean => /[/\0]|^\.{0,2}$/.test(name);

export function machineFolder(name: string, settings: Settings): MachineFolder {
  const path = join(machinesFolder(settings), name);
  const hash = createHash("sha256").update(path).digest("hex").slice(0, 12);
  const sockets = join(settings.runtimeDir, `m-${hash}`);
  return {
    path,
    sockets,
    run: join(path, "run.json"),
    consoleLog: join(path, "console.log"),
    qemuLog: join(path, "qemu.log"),
    pid: join(path, "qemu.pid"),
    nvram: join(path, "nvram.fd"),
    tpm: join(path, "tpm"),
    seed: join(path, "seed.iso"),
    sshKey: join(path, "ssh_key"),
    knownHosts: join(path, "known_hosts"),
    overlay: (disk) => join(path, "disks", `${safeKey(disk)}.qcow2`),
    fresh: join(path, "fresh"),
    freshDisk: (disk) => join(path, "fresh", `${safeKey(disk)}.qcow2`),
    socket: (socket) => join(sockets, `${socket}.sock`),
  };
}

/**
 * Makes the folders, for the owner alone, and clears what killed commands left half-written. Throws `E_MACHINE_FOLDER`
 * where others may enter one of them, `E_FOLDER_FOREIGN` where they could swap the one of the sockets.
 */
export async function prepareFolder(folder: MachineFolder): Promise<void> {
  await prepareOwnFolder(folder);
  await prepareSockets(folder.sockets);
  await sweepPartialsIn(folder.sockets);
}

/** The same without a place for sockets: where there is one, QEMU may be running. Throws `E_MACHINE_FOLDER`. */
export async function prepareOwnFolder(folder: MachineFolder): Promise<void> {
  for (const path of [folder.path, join(folder.path, "disks")]) {
    await makeFolder(path, 0o700);
    await demandPrivate(path);
    await sweepPartialsIn(path);
  }
}

/** The same for a folder of sockets alone. */
export async function prepareSockets(path: string): Promise<void> {
  await makeFolder(path, 0o700);
  await demandPrivate(path);
  await demandOwnPlace(path);
}

async function demandPrivate(path: string): Promise<void> {
  const { uid, mode } = await lstat(path);
  const others = mode & 0o077;
  if (uid === process.getuid?.() && others === 0) return;
  const why = others === 0 ? `user ${uid} owns it` : `others may enter it (mode ${(mode & 0o777).toString(8)})`;
  throw new GuestkitError("E_MACHINE_FOLDER", `Cannot use the folder "${path}": ${why}`, {
    at: { file: path },
    help: `Make it yours alone: chmod 700 "${path}", or remove it.`,
  });
}
