import { GuestkitError } from "../../kit/errors.ts";
import { device, type Properties } from "./option.ts";
import type { Slots } from "./slots.ts";

const SATA_PORTS = 6;

/** Places on controllers, which come into being as they are needed. */
export interface Buses {
  scsi(): Properties;
  sata(): Properties;
  /** The IDE of the machine type pc. Throws `E_MACHINE_IDE`. */
  ide(): Properties;
  usb(): Properties;
  /** The controllers; they come before the devices. */
  argv(): string[];
}

export function busesOf(machine: "q35" | "pc", slots: Slots): Buses {
  const controllers: string[] = [];
  let [scsi, usb, sata, ide] = [false, false, 0, 0];
  // q35 brings one SATA controller along, whose ports are called ide.0 and on.
  const builtin = machine === "q35" ? SATA_PORTS : 0;
  return {
    scsi: () => {
      if (!scsi) controllers.push(...device("virtio-scsi-pci", { id: "scsi", ...slots.fixed("scsi") }));
      scsi = true;
      return { bus: "scsi.0" };
    },
    usb: () => {
      if (!usb) controllers.push(...device("qemu-xhci", { id: "usb", ...slots.fixed("usb") }));
      usb = true;
      return { bus: "usb.0" };
    },
    sata: () => {
      const at = sata++;
      if (at < builtin) return { bus: `ide.${at}` };
      const [controller, port] = [Math.floor((at - builtin) / SATA_PORTS), (at - builtin) % SATA_PORTS];
      if (port === 0) controllers.push(...device("ahci", { id: `sata${controller}`, ...slots.storage() }));
      return { bus: `sata${controller}.${port}` };
    },
    ide: () => {
      const at = ide++;
      if (machine === "pc" && at < 4) return { bus: `ide.${at >> 1}`, unit: at & 1 };
      throw noIde(machine);
    },
    argv: () => controllers,
  };
}

function noIde(machine: "q35" | "pc"): GuestkitError {
  const why = machine === "pc" ? "its IDE takes four drives" : "the machine type q35 has no IDE";
  return new GuestkitError("E_MACHINE_IDE", `Cannot start the machine: ${why}`, {
    at: { field: ["disks"] },
    help: machine === "pc" ? 'Use another bus, "sata" or "virtio".' : 'Use the bus "sata", or set machine to "pc".',
  });
}
