import type { Helper } from "../../qemu/process/helper.ts";
import { shareServers } from "../../share/table.ts";
import type { Subject } from "../arguments/facts.ts";
import { passt } from "./passt.ts";
import { swtpm } from "./swtpm.ts";

/** Everything that a machine may need beside QEMU. */
const KINDS: readonly ((subject: Subject) => readonly Helper[] | Promise<readonly Helper[]>)[] = [
  swtpm,
  passt,
  shareServers,
];

/** Throws `E_TOOL_MISSING` and the like for a server that is not installed. */
export async function helpersOf(subject: Subject): Promise<readonly Helper[]> {
  return (await Promise.all(KINDS.map((kind) => kind(subject)))).flat();
}
