import { randomBytes } from "node:crypto";
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { makeOwnFolder } from "../host/folder.ts";
import { demandOwnPlace } from "../host/own-place.ts";
import { isGone, ownOwner } from "../host/owner.ts";
import type { Settings } from "../kit/context.ts";
import { log } from "../kit/log.ts";
import { reasonOf } from "../kit/system-error.ts";
import type { QemuPlace } from "../qemu/process/spawn.ts";

/** Where one appliance's QEMU lives; disposing removes it. */
export interface AppliancePlace extends QemuPlace, AsyncDisposable {
  /** What its kernel and its jobs say on the console. */
  readonly console: string;
}

/** Short: a socket's path has 107 bytes (unix(7)). */
const NAME = /^a-(\d+)-((?:[0-9a-f]{8}){0,2})-[0-9a-f]{8}$/;

/** Makes a folder of sockets, after removing those whose process is gone. Throws `E_FOLDER_FOREIGN`. */
export async function makePlace({ runtimeDir }: Settings): Promise<AppliancePlace> {
  await makeOwnFolder(runtimeDir);
  await demandOwnPlace(runtimeDir);
  await sweep(runtimeDir);
  const { pid, tag } = ownOwner();
  const sockets = join(runtimeDir, `a-${pid}-${tag}-${randomBytes(4).toString("hex")}`);
  await mkdir(sockets, { mode: 0o700 });
  return {
    sockets,
    qemuLog: join(sockets, "qemu.log"),
    console: join(sockets, "console.log"),
    socket: (name) => join(sockets, `${name}.sock`),
    // What cannot be removed stops nothing: the next one does.
    [Symbol.asyncDispose]: () =>
      rm(sockets, { recursive: true, force: true }).catch((error: unknown) =>
        log("warn", "the folder of an appliance is left", { sockets, error: reasonOf(error) }),
      ),
  };
}

async function sweep(runtimeDir: string): Promise<void> {
  for (const name of await readdir(runtimeDir)) {
    const [, pid, tag = ""] = NAME.exec(name) ?? [];
    if (pid !== undefined && isGone({ pid: Number(pid), tag }))
      await rm(join(runtimeDir, name), { recursive: true, force: true });
  }
}
