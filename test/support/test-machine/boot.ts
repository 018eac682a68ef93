/** One run of the test machine's QEMU, from its start to its end. */
import { spawn } from "node:child_process";

/** A block device of the guest. */
export interface Device {
  /** Told to the guest as the serial number: at most 20 bytes (VIRTIO_BLK_ID_BYTES). */
  readonly serial: string;
  readonly path: string;
  readonly format: "raw" | "qcow2";
  readonly writable: boolean;
}

export interface Boot {
  readonly kernel: string;
  readonly initrd: string;
  readonly devices: readonly Device[];
  readonly deadlineMs: number;
}

/** `panic=-1` restarts at once, which ends QEMU. The kernel's log begins with warnings: the rest takes a second. */
const CMDLINE =
  "console=ttyS0 loglevel=5 panic=-1 reboot=t nokaslr mitigations=off cryptomgr.notests no_timer_check tsc=reliable " +
  "audit=0 8250.nr_uarts=1 random.trust_cpu=on";

/** Characters of the console that are kept. */
const TAIL = 16_000;

/**
 * Runs the machine until it ends by itself; the last that its console said. Emulated, so that it does the same
 * everywhere. Rejects at the deadline and when QEMU fails, with that console in the message; QEMU is gone by then, and it
 * dies with this process.
 */
export async function boot(options: Boot): Promise<string> {
  const deadline = AbortSignal.timeout(options.deadlineMs);
  const child = spawn("setpriv", ["--pdeathsig", "KILL", "qemu-system-x86_64", ...qemuArgs(options)], {
    stdio: ["ignore", "pipe", "pipe"],
    signal: deadline,
    killSignal: "SIGKILL",
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (piece: Buffer) => {
      said = (said + piece.toString("latin1").replaceAll("\r", "")).slice(-TAIL);
    });
  }
  const why = await new Promise<string | null>((resolve) => {
    child.once("error", (error) => child.pid === undefined && resolve(error.message));
    child.once("close", (code) => resolve(code === 0 ? null : `QEMU ended with ${code}`));
  });
  if (deadline.aborted) throw new Error(`it did not end within ${options.deadlineMs} ms; its console:\n${said}`);
  if (why !== null) throw new Error(`${why}; its console:\n${said}`);
  return said;
}

function qemuArgs({ kernel, initrd, devices }: Boot): string[] {
  return [
    ...["-nodefaults", "-no-user-config", "-no-reboot", "-display", "none", "-serial", "stdio"],
    ...["-machine", "q35,accel=tcg", "-cpu", "max", "-smp", "1", "-m", "768", "-device", "virtio-rng-pci"],
    ...["-kernel", kernel, "-initrd", initrd, "-append", CMDLINE],
    ...devices.flatMap(deviceArgs),
  ];
}

/** What is written is not synced: files that a power cut loses are made again. Zeros and discards leave holes. */
function deviceArgs({ serial, path, format, writable }: Device, at: number): string[] {
  const holes = writable ? { discard: "unmap", "detect-zeroes": "unmap" } : {};
  const file = { driver: "file", filename: path, ...(writable && { discard: "unmap" }) };
  const node = { "node-name": `disk${at}`, driver: format, "read-only": !writable, ...holes, file };
  const cache = { cache: { "no-flush": true } };
  return [
    ...["-blockdev", JSON.stringify({ ...node, ...cache })],
    ...["-device", `virtio-blk-pci,drive=disk${at},serial=${serial}`],
  ];
}
