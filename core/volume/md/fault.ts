import { GuestkitError } from "../../kit/errors.ts";
import type { ByteSource } from "../../source/source.ts";

/** A member that does not hold together, `E_MD_<part>`; `offset` is bytes into it. */
export function damaged(source: ByteSource, part: string, offset: number, what: string): GuestkitError {
  return new GuestkitError(`E_MD_${part}`, `Cannot read the RAID member "${source.name}": ${what}`, {
    at: { file: source.name, offset },
    help: "mdadm --examine DEVICE tells what it finds; where other members are sound, give them without this one.",
  });
}

/** An array that cannot be read, `E_MD_<part>`. */
export function unreadable(array: string, part: string, what: string, help: string): GuestkitError {
  return new GuestkitError(`E_MD_${part}`, `Cannot read the RAID array "${array}": ${what}`, {
    at: { file: array },
    help,
  });
}
