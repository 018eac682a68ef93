import { device, socketChardev } from "../../qemu/options/option.ts";
import type { Slots } from "../../qemu/options/slots.ts";
import type { Subject } from "./facts.ts";

/** How guestkit talks with QEMU and the guest: monitors, serial console, guest agent; random numbers and the balloon. */
export function channels({ folder }: Subject, slots: Slots): string[] {
  return [
    ...monitor("qmp", folder.socket("qmp")),
    // A monitor serves one client: somebody who sits on the first one does not lock us out.
    ...monitor("qmp2", folder.socket("qmp2")),
    ...socketChardev("console", folder.socket("console"), { logfile: folder.consoleLog, logappend: true }),
    ...["-serial", "chardev:console"],
    ...device("virtio-serial-pci", { id: "serial", ...slots.fixed("serial") }),
    ...socketChardev("agent", folder.socket("agent")),
    ...device("virtserialport", { bus: "serial.0", chardev: "agent", id: "agent", name: "org.qemu.guest_agent.0" }),
    ...["-object", "rng-random,id=random,filename=/dev/urandom"],
    ...device("virtio-rng-pci", { id: "rng", rng: "random", ...slots.fixed("random") }),
    ...device("virtio-balloon-pci", {
      id: "balloon",
      "deflate-on-oom": true,
      "free-page-reporting": true,
      ...slots.fixed("balloon"),
    }),
  ];
}

function monitor(id: string, path: string): string[] {
  return [...socketChardev(id, path), "-mon", `chardev=${id},mode=control`];
}
