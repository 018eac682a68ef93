import { luksLabel } from "../../luks/label.ts";
import type { StackKind } from "../stack.ts";
import { type LuksMember, readMember } from "./member.ts";

/** LUKS1 and LUKS2: one device in a container. */
export const luks: StackKind<LuksMember> = {
  type: "crypto_LUKS",
  probe: async (source) => (await luksLabel(source)) !== null,
  read: readMember,
  // Loaded by the first container.
  assemble: async (labels, context) => (await import("./assemble.ts")).assembleLuks(labels, context),
};
