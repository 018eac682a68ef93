import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { MachineHost } from "./machine-host.ts";

/** Does `work`; gives the arguments of every QEMU that ran on the host meanwhile, too. */
export async function watchQemu<T>(
  host: MachineHost,
  work: Promise<T>,
): Promise<{ readonly value: T; readonly started: readonly (readonly string[])[] }> {
  const seen = new Map<number, readonly string[]>();
  let done = false;
  const watching = (async () => {
    while (!done) {
      for (const pid of await host.pids()) {
        const argv = (await readFile(`/proc/${pid}/cmdline`, "latin1").catch(() => "")).split("\0");
        if (argv[0]?.includes("qemu-system")) seen.set(pid, argv);
      }
      await sleep(250);
    }
  })();
  try {
    return { value: await work, started: [...seen.values()] };
  } finally {
    done = true;
    await watching;
  }
}

/** Whatever of QEMU's arguments is a network. */
export const networkIn = (argv: readonly string[]): readonly string[] =>
  argv.filter((each) => /^-(netdev|nic|net)$|hostfwd|virtio-net|e1000|rtl8139|passt/.test(each));
