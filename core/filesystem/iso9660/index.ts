import type { FileSystemKind } from "../filesystem.ts";
import { openIso } from "./open.ts";
import { hasPrimary } from "./volume.ts";

/** ISO 9660 with Rock Ridge or Joliet names where it has them. */
export const iso9660 = { name: "iso9660", probe: hasPrimary, open: openIso } satisfies FileSystemKind;
