import { readdir, readFile, stat } from "node:fs/promises";
import { ownerOf } from "../../host/owner.ts";
import { eachOf, sharedLook } from "../../kit/shared-look.ts";
import type { MachineFolder } from "../../machine/folder.ts";
import type { ForwardResult } from "../../machine/memory.ts";
import type { Run } from "../../machine/run.ts";

/** How many processes are asked at a time. */
const PARALLEL = 8;

/**
 * A QEMU that holds this machine's sockets without being in `run.json`: guestkit was killed while it started one, or
 * somebody started it by hand. Null where there is none. The sockets' folder is named nowhere but on its command line.
 */
export async function findOrphan(folder: MachineFolder, last: Run | null): Promise<Run | null> {
  for (const { pid, argv } of await ownQemus()) {
    if (!isQemuOf(folder, argv)) continue;
    const qemu = ownerOf(pid);
    if (qemu) return isSame(argv, last) ? { ...last, qemu } : adopted(qemu, argv);
  }
  return null;
}

interface Qemu {
  readonly pid: number;
  readonly argv: readonly string[];
}

/** This user's QEMU processes: one look at the process table serves all machines that are looked at meanwhile. */
const ownQemus = sharedLook(async (): Promise<readonly Qemu[]> => {
  const pids = (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name));
  const found = await eachOf(pids, PARALLEL, async (pid) => {
    const argv = (await isOwn(pid)) ? await argumentsOf(pid) : null;
    return argv && isQemu(argv) ? [{ pid: Number(pid), argv }] : [];
  });
  return found.flat();
});

/** Anybody may start a program with any arguments: what another user runs is none of ours. */
const isOwn = (pid: string): Promise<boolean> =>
  stat(`/proc/${pid}`).then(
    ({ uid }) => uid === process.getuid?.(),
    () => false,
  );

async function argumentsOf(pid: string): Promise<readonly string[] | null> {
  const text = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  return text === "" ? null : becomes(text.split("\0").slice(0, -1));
}

const isQemu = ([program = ""]: readonly string[]): boolean => /(^|\/)qemu-system-[^/]*$/.test(program);

/** Only QEMU has the machine's pid file, or one of somebody else's its QMP socket, among its arguments. */
function isQemuOf(folder: MachineFolder, argv: readonly string[]): boolean {
  const qmp = folder.socket("qmp").replaceAll(",", ",,");
  return argv[argv.indexOf("-pidfile") + 1] === folder.pid || argv.some((each) => each.includes(qmp));
}

/** The shell that starts the helpers has QEMU's arguments behind its own four, and becomes QEMU (qemu/process/launcher.ts). */
const becomes = (argv: readonly string[]): readonly string[] =>
  argv[0] === "/bin/sh" && argv[1] === "-c" && argv[3] === "sh" ? argv.slice(4) : argv;

/** It is the start that `run.json` tells of: guestkit was killed before it knew the process. */
const isSame = (argv: readonly string[], last: Run | null): last is Run =>
  last !== null && argv.join("\0") === [last.program, ...last.argv].join("\0");

function adopted(qemu: Run["qemu"], argv: readonly string[]): Run {
  const accelerator = /^[a-z]+/.exec(argv[argv.indexOf("-accel") + 1] ?? "")?.[0] ?? "tcg";
  const [program = "", ...rest] = argv;
  return {
    format_version: 1,
    qemu,
    program,
    argv: rest,
    accelerator,
    forwards: argv.flatMap(forwardsOf),
    display: null,
    machine: null,
    ready: null,
  };
}

/** `user,id=net-lan,hostfwd=tcp:127.0.0.1:2222-:22`. What the declaration calls a forward is not told there. */
function forwardsOf(argument: string): ForwardResult[] {
  const network = /^user,(?:.*,)?id=net-([^,]+)/.exec(argument)?.[1];
  if (network === undefined) return [];
  return [...argument.matchAll(/hostfwd=(tcp|udp):([\d.]*):(\d+)-:(\d+)/g)].map(
    ([, protocol, host_address = "", host_port, guest_port]) => ({
      network,
      name: `port ${guest_port}`,
      protocol: protocol as "tcp" | "udp",
      host_address,
      host_port: Number(host_port),
      guest_port: Number(guest_port),
    }),
  );
}
