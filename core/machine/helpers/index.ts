import type { Subject } from "../arguments/facts.ts";
import type { Helper } from "./helper.ts";
import { passt } from "./passt.ts";
import { swtpm } from "./swtpm.ts";
import { virtiofs } from "./virtiofs.ts";

export type { Helper } from "./helper.ts";

/** Everything that a machine may need beside QEMU. */
const KINDS: readonly ((subject: Subject) => readonly Helper[])[] = [swtpm, passt, virtiofs];

export const helpersOf = (subject: Subject): readonly Helper[] => KINDS.flatMap((kind) => kind(subject));
