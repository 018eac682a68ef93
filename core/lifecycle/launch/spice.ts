import { run } from "../../host/program/process.ts";
import type { Context } from "../../kit/context.ts";
import { GuestkitError } from "../../kit/errors.ts";
import type { Machine } from "../../machine/machine.ts";
import type { Emulator } from "../../qemu/emulator.ts";

/** SPICE is a module that not every QEMU has. Throws `E_SPICE_MISSING`. */
export async function demandSpice(machine: Machine, { program }: Emulator, { signal }: Context): Promise<void> {
  if (machine.graphics?.kind !== "spice") return;
  // It ends with 1 in either case.
  const { stdout } = await run(program, ["-spice", "help"], { signal, accept: [0, 1] });
  if (stdout.includes("options")) return;
  throw new GuestkitError("E_SPICE_MISSING", "Cannot show the screen by SPICE: this QEMU is without it", {
    at: { field: ["graphics", "kind"] },
    help: 'Install it: sudo apt-get install qemu-system-modules-spice (Fedora: qemu-ui-spice-core); or set kind to "vnc".',
  });
}
