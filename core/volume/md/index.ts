import type { StackKind } from "../stack.ts";
import { assembleArray } from "./assemble.ts";
import { probeMd, readMember } from "./find.ts";
import type { RaidLabel } from "./member.ts";

/** Arrays of Linux's software RAID. */
export const md: StackKind<RaidLabel> = {
  type: "linux_raid_member",
  probe: probeMd,
  read: readMember,
  assemble: assembleArray,
};
