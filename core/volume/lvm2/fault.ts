import { GuestkitError } from "../../kit/errors.ts";
import { printable } from "../../kit/name.ts";
import type { ByteSource } from "../../source/source.ts";

/** A text of LVM may hold any character: none of it becomes a line of ours. */
const plain = (what: string): string => printable(what).replaceAll("\\\\", "\\");

/** A physical volume that does not hold together, `E_LVM2_<part>`; `offset` is bytes into it. */
export function damaged(source: ByteSource, part: string, offset: number, what: string): GuestkitError {
  return new GuestkitError(`E_LVM2_${part}`, `Cannot read the physical volume "${source.name}": ${plain(what)}`, {
    at: { file: source.name, offset },
    help: "It is damaged or cut short: pvck --dump headers DEVICE tells more, vgcfgrestore writes metadata that was kept.",
  });
}

/** A logical volume that cannot be read, `E_LVM2_<part>`. */
export function unreadable(volume: string, part: string, what: string, help?: string): GuestkitError {
  return new GuestkitError(`E_LVM2_${part}`, `Cannot read the logical volume "${volume}": ${plain(what)}`, {
    at: { file: volume },
    help: help ?? "The other volumes of the group can be read. To read this one, activate the group: vgchange -ay.",
  });
}
