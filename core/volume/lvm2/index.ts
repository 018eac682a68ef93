import type { StackKind } from "../stack.ts";
import { assembleGroup } from "./assemble.ts";
import { probeLabel } from "./label.ts";
import { groupsOf, type PhysicalLabel, readPhysical } from "./physical.ts";

/** Volume groups of LVM2. */
export const lvm2: StackKind<PhysicalLabel> = {
  type: "LVM2_member",
  probe: probeLabel,
  read: readPhysical,
  groups: groupsOf,
  assemble: assembleGroup,
};
