import { byName } from "../kit/by-name.ts";
import { GuestkitError } from "../kit/errors.ts";
import type { Share, ShareKind } from "../machine/machine.ts";
import { shareId } from "../qemu/options/id.ts";
import type { Slots } from "../qemu/options/slots.ts";
import type { Helper } from "../qemu/process/helper.ts";
import type { Kind, Sharer } from "./kind.ts";
import { nfs } from "./nfs.ts";
import { plan9 } from "./plan9.ts";
import { smb } from "./smb.ts";
import { sshfs } from "./sshfs.ts";
import { virtiofs } from "./virtiofs.ts";

/** Every kind of share: the one table that arguments, servers, mounts, rules and preflight go by. */
export const KINDS: Readonly<Record<ShareKind, Kind>> = { "9p": plan9, virtiofs, sshfs, nfs, smb };

/** 9p where nothing is said: QEMU serves it without another process. */
export const kindOf = ({ kind }: Pick<Share, "kind">): Kind => KINDS[kind ?? "9p"];

/** Shares that are devices, as QEMU's arguments. Throws `E_SHARE_NAME`. */
export function shareArguments(sharer: Sharer, slots: Slots): string[] {
  return byName(sharer.machine.shares).flatMap(([tag, share]) => {
    const { carried, longestTag } = kindOf(share);
    if (Buffer.byteLength(tag) > longestTag) throw tagTooLong(tag, longestTag);
    return carried.by === "device" ? carried.argv({ id: shareId(tag), tag, share, sharer, slots }) : [];
  });
}

/** Servers that stand beside QEMU. Throws what their kinds throw where they are not installed. */
export async function shareServers(sharer: Sharer): Promise<readonly Helper[]> {
  const helpers = byName(sharer.machine.shares).map(async ([tag, share]) => {
    const { carried } = kindOf(share);
    return carried.by === "device" && carried.helper ? [await carried.helper(tag, share, sharer)] : [];
  });
  return (await Promise.all(helpers)).flat();
}

function tagTooLong(tag: string, longest: number): GuestkitError {
  return new GuestkitError("E_SHARE_NAME", `Cannot share as "${tag}": the name is longer than ${longest} bytes`, {
    at: { field: ["shares", tag] },
    help: "Give the share a shorter name.",
  });
}
