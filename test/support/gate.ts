import { dirname } from "node:path";
import { quote } from "../../core/qemu/process/launcher.ts";

/** A line of shell that waits until a file is there; it gives up with the file's folder, so that no failed test leaves it. */
export const atGate = (file: string): string =>
  `while [ ! -e ${quote(file)} ]; do [ -d ${quote(dirname(file))} ] || exit 1; sleep 0.02; done`;
