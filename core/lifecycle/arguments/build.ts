import { busesOf } from "../../qemu/options/buses.ts";
import { slotsOf } from "../../qemu/options/slots.ts";
import { shareArguments } from "../../share/table.ts";
import { basis } from "./basis.ts";
import { boot } from "./boot.ts";
import { channels } from "./channels.ts";
import { drives } from "./drives.ts";
import type { Subject } from "./facts.ts";
import { networks } from "./networks.ts";
import { screen } from "./screen.ts";
import { tpm } from "./tpm.ts";

/** The whole command line of a machine, without the program. The same machine and facts give the same arguments. */
export function buildArguments(subject: Subject): readonly string[] {
  const slots = slotsOf(subject.machine.machine);
  const buses = busesOf(subject.machine.machine, slots);
  // Devices before controllers here: they tell which ones are needed.
  const devices = [
    ...networks(subject, slots),
    ...drives(subject, buses, slots),
    ...shareArguments(subject, slots),
    ...screen(subject, buses, slots),
  ];
  return [
    ...basis(subject),
    ...boot(subject),
    ...slots.argv(),
    ...channels(subject, slots),
    ...buses.argv(),
    ...devices,
    ...tpm(subject),
    ...subject.machine.extra_args,
  ];
}
