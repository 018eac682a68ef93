import { readdir, readFile } from "node:fs/promises";
import { ownerOf } from "../host/owner.ts";
import type { MachineFolder } from "./folder.ts";
import type { Run } from "./run.ts";

/**
 * A QEMU that holds this machine's sockets without being in `run.json`: guestkit was killed while it started one, or
 * somebody started it by hand. Null where there is none. The sockets' folder is named nowhere but on its command line.
 */
export async function findOrphan(folder: MachineFolder): Promise<Run | null> {
  for (const name of await readdir("/proc").catch(() => [])) {
    if (!/^\d+$/.test(name)) continue;
    const argv = await argumentsOf(name);
    if (!argv || !isQemuOf(folder, argv)) continue;
    const qemu = ownerOf(Number(name));
    if (qemu) return adopted(qemu, argv);
  }
  return null;
}

async function argumentsOf(pid: string): Promise<readonly string[] | null> {
  const text = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  return text === "" ? null : text.split("\0").slice(0, -1);
}

/** Its helpers name the same folder: only QEMU has the QMP socket among its arguments. */
function isQemuOf(folder: MachineFolder, argv: readonly string[]): boolean {
  const qmp = folder.socket("qmp");
  return /(^|\/)qemu-system-[^/]*$/.test(argv[0] ?? "") && argv.some((each) => each.includes(qmp));
}

function adopted(qemu: Run["qemu"], argv: readonly string[]): Run {
  const accelerator = /^[a-z]+/.exec(argv[argv.indexOf("-accel") + 1] ?? "")?.[0] ?? "tcg";
  const [program = "", ...rest] = argv;
  return {
    format_version: 1,
    qemu,
    program,
    argv: rest,
    accelerator,
    forwards: [],
    display: null,
    machine: null,
  };
}
