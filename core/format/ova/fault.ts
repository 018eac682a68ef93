import { GuestkitError } from "../../kit/errors.ts";
import type { ByteSource } from "../../source/source.ts";
import { faultsOf } from "../fault.ts";

/** An archive that does not hold together: `E_OVA_<part>`. */
export const { damaged } = faultsOf("OVA", (name) => `fetch it anew, and see what it holds: tar tvf "${name}"`);

/** What is not to be had of it: which disk, a member, what is not read. */
export function refuse(
  { name }: Pick<ByteSource, "name">,
  part: "MEMBER" | "FEATURE" | "DISKS",
  why: string,
  help: string,
): GuestkitError {
  return new GuestkitError(`E_OVA_${part}`, `Cannot open "${name}": ${why}`, { help, at: { file: name } });
}
