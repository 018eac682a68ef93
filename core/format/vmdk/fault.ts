import { GuestkitError } from "../../kit/errors.ts";
import type { ByteSource } from "../../source/source.ts";
import { faultsOf } from "../fault.ts";

/** An image that does not hold together: `E_VMDK_<part>`. */
export const faults = faultsOf("VMDK");
export const { damaged, checkRange } = faults;

/** What is known, and not read: `E_VMDK_FEATURE`. */
export function unread(source: ByteSource, what: string, help = BY_VMWARE): GuestkitError {
  return new GuestkitError("E_VMDK_FEATURE", `Cannot open "${source.name}": ${what}`, {
    at: { file: source.name },
    help,
  });
}

const BY_VMWARE =
  "VMware's own tools make one that is read: vmkfstools -i IMAGE.vmdk -d thin NEW.vmdk, or vmware-vdiskmanager -r IMAGE.vmdk -t 0 NEW.vmdk";
