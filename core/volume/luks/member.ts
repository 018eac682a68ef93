import { GuestkitError } from "../../kit/errors.ts";
import { luksLabel } from "../../luks/label.ts";
import type { ByteSource } from "../../source/source.ts";
import type { Member, MemberLabel } from "../stack.ts";

export type LuksMember = MemberLabel;

/** What its header stands on. */
export const headerOf = ({ header, source }: Member): ByteSource => header ?? source;

/** Each container stands alone: two with the same UUID are copies of one another. Throws `E_LUKS_HEADER`. */
export async function readMember(member: Member): Promise<LuksMember> {
  const { name } = headerOf(member);
  const found = await luksLabel(headerOf(member));
  if (found) return { member, ...found, group: `${found.uuid} ${member.device}` };
  throw new GuestkitError("E_LUKS_HEADER", `Cannot read the LUKS header of "${name}": there is none`, {
    at: { file: name, offset: 0 },
    help: "Where a copy of it was made: cryptsetup luksHeaderRestore DEVICE --header-backup-file COPY",
  });
}
