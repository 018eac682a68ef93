import { option } from "../../qemu/options/option.ts";
import type { Subject } from "./facts.ts";

/** A TPM 2.0 whose work swtpm does. */
export function tpm({ machine, folder, facts }: Subject): string[] {
  if (!machine.tpm) return [];
  const front = facts.firmware ? "tpm-crb" : "tpm-tis";
  return [
    ...["-chardev", option("socket", { id: "tpm", path: folder.socket("tpm") })],
    ...["-tpmdev", "emulator,id=tpm,chardev=tpm"],
    ...["-device", `${front},tpmdev=tpm`],
  ];
}
