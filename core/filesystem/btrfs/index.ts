import type { FileSystemKind } from "../filesystem.ts";
import { probeBtrfs } from "./devices.ts";
import { openBtrfs } from "./open.ts";

export const btrfs: FileSystemKind = { name: "btrfs", spans: true, probe: probeBtrfs, open: openBtrfs };
