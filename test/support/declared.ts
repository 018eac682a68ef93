import type { ValueObject } from "../../core/model/value.ts";
import { microGuest } from "./micro-guest/index.ts";

/** Under emulation, on a machine that is busy with other tests. */
export const PATIENCE = 240;

/** A machine of the micro guest, its kernel started directly; ready when the agent answers. */
export async function microMachine(words = "", more: ValueObject = {}): Promise<ValueObject> {
  const { kernel, initrd, cmdline } = await microGuest();
  return {
    memory: "256M",
    kernel,
    initrd,
    cmdline: `${cmdline} ${words}`.trim(),
    wait_for: [{ condition: "agent", timeout: PATIENCE }],
    ...more,
  };
}

/** A machine with nothing to boot: QEMU and its firmware, up in a moment; deaf to the power button, and not asked by it. */
export function bareMachine(more: ValueObject = {}): ValueObject {
  return { memory: "64M", preflight: "off", wait_for: [], timeouts: { stop: 0, quit: 10 }, ...more };
}
