import { luksLabel } from "../../luks/index.ts";
import type { StackKind } from "../stack.ts";
import { assembleLuks } from "./assemble.ts";
import { type LuksMember, readMember } from "./member.ts";

/** LUKS1 and LUKS2: one device in a container. */
export const luks: StackKind<LuksMember> = {
  type: "crypto_LUKS",
  probe: async (source) => (await luksLabel(source)) !== null,
  read: readMember,
  assemble: assembleLuks,
};
