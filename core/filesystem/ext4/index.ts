import type { FileSystemKind } from "../filesystem.ts";
import { openExt4, probeExt4 } from "./open.ts";

/** ext2, ext3 and ext4. */
export const ext4 = { name: "ext4", probe: probeExt4, open: openExt4 } satisfies FileSystemKind;
