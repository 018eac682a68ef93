import { BOOT } from "./boot-parsers.ts";
import { DISKS } from "./disk-parsers.ts";
import { FACTS } from "./fact-parsers.ts";
import { GUEST } from "./guest-parsers.ts";
import { HOST } from "./host-parsers.ts";
import { SECURITY } from "./security-parsers.ts";
import type { Parser } from "./shape.ts";

/** Every parser of what others write. */
export const PARSERS: readonly Parser[] = [...GUEST, ...FACTS, ...DISKS, ...HOST, ...SECURITY, ...BOOT];
