import { blockdev } from "../../qemu/block/blockdev.ts";
import type { Subject } from "./facts.ts";

/** What the machine starts by: firmware with its variables, a kernel of the host's. */
export function boot(subject: Subject): string[] {
  const { kernel, initrd, cmdline } = subject.machine;
  return [
    ...flash(subject),
    // Only what has a place in the order is tried: no waiting for a network to boot from.
    ...["-boot", "menu=off,strict=on"],
    ...(kernel === null ? [] : ["-kernel", kernel]),
    ...(initrd === null ? [] : ["-initrd", initrd]),
    ...(cmdline === null || cmdline === "" ? [] : ["-append", cmdline]),
  ];
}

function flash({ folder, facts: { firmware } }: Subject): string[] {
  if (!firmware) return [];
  const layer = { isDevice: false, format: firmware.format };
  const options = { discard: "ignore", cache: "writeback" } as const;
  const code = blockdev("firmware-code", [{ ...layer, path: firmware.code }], { ...options, readOnly: true });
  const variables = { ...layer, format: firmware.variablesFormat, path: folder.nvram };
  return [
    ...code,
    ...blockdev("firmware-variables", [variables], { ...options, readOnly: false }),
    // Variables may be written from system management mode alone, so that the guest's kernel cannot forge keys.
    ...(firmware.secure ? ["-global", "driver=cfi.pflash01,property=secure,value=on"] : []),
  ];
}
