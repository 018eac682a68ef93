import type { FileSystemKind } from "../filesystem.ts";
import { openXfs, probeXfs } from "./open.ts";

/** xfs of versions 4 and 5. */
export const xfs = { name: "xfs", probe: probeXfs, open: openXfs } satisfies FileSystemKind;
