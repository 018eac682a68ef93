import { basename, join } from "node:path";
import { findTool } from "../../host/program/process.ts";
import type { Helper } from "../../qemu/process/helper.ts";
import type { Subject } from "../arguments/facts.ts";

/**
 * A TPM 2.0 in software, whose state lies in the machine's folder. swtpm's options know no escape for a comma, so it runs
 * in the sockets' folder (qemu/process/launcher.ts) and is told names in there. Throws `E_TOOL_MISSING`.
 */
export function swtpm({ machine, folder }: Subject): readonly Helper[] {
  if (!machine.tpm) return [];
  const socket = folder.socket("tpm");
  const state = "tpm-state";
  const argv = [
    ...["socket", "--tpm2", "--terminate"],
    ...["--tpmstate", `dir=${state},mode=0600`],
    ...["--ctrl", `type=unixio,path=${basename(socket)},mode=0600`],
  ];
  return [
    { name: "tpm", program: findTool("swtpm"), argv, socket, links: { [join(folder.sockets, state)]: folder.tpm } },
  ];
}
