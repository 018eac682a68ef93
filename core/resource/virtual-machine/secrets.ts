import { tellable } from "../../engine/tellable.ts";
import { asMachine, type Machine } from "../../machine/machine.ts";
import type { MachineDetails } from "../../machine/memory.ts";
import { contractOf } from "../../model/index.ts";
import type { ValueObject } from "../../model/value.ts";

/** What may be written down of a machine. */
export function withoutSecrets(machine: Machine): Machine {
  const { input } = contractOf("virtual_machine", "resource");
  return asMachine(tellable(input, machine as unknown as ValueObject));
}

/** What is remembered of secrets: that there are some. */
export const secretsOf = ({ graphics }: Machine): Pick<MachineDetails, "screenLocked"> => ({
  screenLocked: (graphics?.password ?? null) !== null,
});
