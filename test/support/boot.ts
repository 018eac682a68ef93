import { type ChildProcess, spawn } from "node:child_process";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** By UEFI from the disk alone, or straight into a kernel of the host. */
export type BootWay = "uefi" | { readonly kernel: string; readonly initrd: string; readonly cmdline: string };

export interface BootOptions {
  readonly way: BootWay;
  /** What the serial console must print. */
  readonly until: RegExp;
  readonly timeoutMs: number;
  readonly format?: "raw" | "qcow2";
}

const FIRMWARE = "/usr/share/OVMF/OVMF_CODE_4M.fd";
const FIRMWARE_STATE = "/usr/share/OVMF/OVMF_VARS_4M.fd";
const TAIL = 4000;

/**
 * Boots an image in QEMU (emulated, so that it does the same everywhere), leaving the image as it is. Gives the whole
 * console once `until` has come; throws with the console's tail at the deadline or when QEMU ends before.
 */
export async function bootUntil(image: string, options: BootOptions): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "guestkit-boot-"));
  const state = join(dir, "vars.fd");
  if (options.way === "uefi") await copyFile(FIRMWARE_STATE, state);
  const child = spawn("qemu-system-x86_64", qemuArgs(image, state, options), { stdio: ["ignore", "pipe", "pipe"] });
  try {
    return await watch(child, options);
  } finally {
    if (child.exitCode === null) child.kill("SIGKILL");
    await rm(dir, { recursive: true, force: true });
  }
}

function qemuArgs(image: string, state: string, { way, format = "raw" }: BootOptions): string[] {
  const boot =
    way === "uefi"
      ? [
          ...["-drive", `if=pflash,format=raw,unit=0,readonly=on,file=${FIRMWARE}`],
          ...["-drive", `if=pflash,format=raw,unit=1,file=${state}`],
        ]
      : ["-kernel", way.kernel, "-initrd", way.initrd, "-append", way.cmdline];
  return [
    ...["-machine", "q35,accel=tcg", "-cpu", "max", "-smp", "2", "-m", "1024", "-no-reboot"],
    ...["-nodefaults", "-display", "none", "-serial", "stdio", "-device", "virtio-rng-pci"],
    ...["-drive", `if=virtio,format=${format},snapshot=on,file=${image}`],
    ...boot,
  ];
}

function watch(child: ChildProcess, { until, timeoutMs }: BootOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const fail = (why: string) => reject(new Error(`${why}; the console's tail:\n${text.slice(-TAIL)}`));
    const timer = setTimeout(() => fail(`no ${until} within ${timeoutMs} ms`), timeoutMs);
    const onData = (chunk: Buffer) => {
      text += chunk.toString("latin1");
      if (until.test(text)) resolve(text);
    };
    child.stdout?.on("data", onData);
    child.stderr?.on("data", onData);
    child.once("error", (error) => fail(error.message));
    child.once("close", (code) => {
      clearTimeout(timer);
      fail(`QEMU ended with code ${code}`);
    });
  });
}
