import { GuestkitError } from "../../kit/errors.ts";
import type { Properties } from "./option.ts";

/**
 * Places on the PCI bus. They are fixed by what a device is, so that a further disk does not rename the guest's network
 * cards. Slots 0 and 1 (pc's south bridge) and 31 (q35's) are the chipset's.
 */
const FIXED = { screen: 2, serial: 3, random: 4, balloon: 5, usb: 6, scsi: 7 } as const;
const NETWORKS = { first: 8, count: 8 };
/** Disks on PCI, extra controllers, shares. */
const STORAGE = { first: 16, count: 12 };
/** Slots whose eight functions are ports: one for devices that find no slot, one kept free for hot-plugging. */
const OVERFLOW = 28;
const SPARE = 29;
const SPARE_PORTS = 4;
const FUNCTIONS = 8;

export interface Slots {
  fixed(device: keyof typeof FIXED): Properties;
  network(): Properties;
  storage(): Properties;
  /** The ports and bridges that the places given out so far stand on; they come before the devices. */
  argv(): string[];
}

/** Gives out places for one machine. Throws `E_MACHINE_SLOTS` where there are no more. */
export function slotsOf(machine: "q35" | "pc"): Slots {
  const bus = machine === "q35" ? "pcie.0" : "pci.0";
  let networks = 0;
  let storage = 0;
  let overflow = 0;
  const at = (slot: number): Properties => ({ bus, addr: `0x${slot.toString(16)}` });
  const beyond = (): Properties => {
    const place = machine === "q35" ? behindPort(overflow) : behindBridge(overflow);
    overflow += 1;
    return place;
  };
  return {
    fixed: (name) => at(FIXED[name]),
    network: () => (networks < NETWORKS.count ? at(NETWORKS.first + networks++) : beyond()),
    storage: () => (storage < STORAGE.count ? at(STORAGE.first + storage++) : beyond()),
    argv: () => (machine === "q35" ? ports(overflow) : bridge(overflow)),
  };
}

function behindPort(index: number): Properties {
  if (index >= FUNCTIONS) throw tooMany();
  return { bus: `port-${index}` };
}

/** A bridge's slot 0 is its hot-plug controller's. */
function behindBridge(index: number): Properties {
  if (index >= 31) throw tooMany();
  return { bus: "bridge-0", addr: `0x${(index + 1).toString(16)}` };
}

function ports(overflow: number): string[] {
  const used = Array.from({ length: overflow }, (_, at) => port(`port-${at}`, 1 + at, OVERFLOW, at));
  const spare = Array.from({ length: SPARE_PORTS }, (_, at) => port(`hotplug-${at}`, 32 + at, SPARE, at));
  return [...used, ...spare].flatMap((each) => ["-device", each]);
}

function port(id: string, chassis: number, slot: number, at: number): string {
  const multifunction = at === 0 ? ",multifunction=on" : "";
  return `pcie-root-port,id=${id},chassis=${chassis},bus=pcie.0,addr=0x${slot.toString(16)}.${at}${multifunction}`;
}

function bridge(overflow: number): string[] {
  if (overflow === 0) return [];
  return ["-device", `pci-bridge,id=bridge-0,chassis_nr=1,bus=pci.0,addr=0x${OVERFLOW.toString(16)}`];
}

function tooMany(): GuestkitError {
  return new GuestkitError("E_MACHINE_SLOTS", "Cannot start the machine: it has more devices than its PCI bus takes", {
    help: 'Give disks the bus "scsi": all of them together take one place.',
  });
}
