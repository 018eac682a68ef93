import type { Contract } from "@guestkit/core/model";

/** An option that modules have beside their contract's fields. */
export interface CommonOption {
  readonly name: string;
  readonly description: readonly string[];
  /** As argument_spec has it, and DOCUMENTATION but for what is secret. */
  readonly spec: Readonly<Record<string, unknown>>;
  /** It is of the one thing; the others are of whoever asks, and where. */
  readonly isOfThing?: true;
}

const STATE: CommonOption = {
  name: "state",
  description: ["Whether the thing is to be there or to be gone."],
  spec: { type: "str", choices: ["present", "absent"], default: "present" },
  isOfThing: true,
};

const OWNER: CommonOption = {
  name: "owner",
  description: [
    "For whom the task works. What it makes belongs to that owner, and what another one owns is refused.",
    "V(ansible) is any playbook, and no other face. A name of its own keeps projects apart, as in V(ansible:shop) or V(shop).",
    "The owner that a refusal names, as in V(terraform:ID), acts for that one; V(none) on what nobody owns.",
  ],
  spec: { type: "str", default: "ansible" },
};

const KEYS: CommonOption = {
  name: "keys",
  description: [
    "What opens encrypted devices, by device, UUID or V(*) for any. Each is a dict with C(passphrase) or C(file), a path on the managed host, and with C(header) where a device's LUKS header stands in a file of its own there.",
    "It is kept nowhere and shown nowhere.",
  ],
  spec: { type: "dict", no_log: true },
};

const EXECUTABLE: CommonOption = {
  name: "executable",
  description: [
    "The guestkit program on the managed host.",
    "What E(GUESTKIT_COMMAND) names in the task's environment where left out, else the one on PATH.",
  ],
  spec: { type: "path" },
};

/** In the order in which modules show them, behind the contract's own. */
export function commonOptions(contract: Contract): readonly CommonOption[] {
  const ofResources = contract.kind === "resource" ? [STATE, OWNER] : [];
  return [...ofResources, ...(readsDisks(contract) ? [KEYS] : []), EXECUTABLE];
}

/** What it reads may be encrypted. */
export const readsDisks = ({ input }: Contract): boolean => input.some(({ disks }) => disks);
