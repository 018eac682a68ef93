import { byName } from "../kit/by-name.ts";
import { GuestkitError } from "../kit/errors.ts";
import type { Machine, Share } from "../machine/machine.ts";
import type { Attachment, Run } from "../machine/run.ts";
import { CHANNELS, channelPort, openChannel } from "../qemu/channel.ts";
import type { MountPlace } from "./kind.ts";
import { channelNetwork } from "./network.ts";
import { kindOf } from "./table.ts";

export const attachmentsOf = (run: Pick<Run, "attached"> | null): readonly Attachment[] => run?.attached ?? [];

/** The shares of a start, each with its channel. Throws `E_SHARE_CHANNEL` where there are more than channels. */
export function declaredAttachments({ shares }: Machine): readonly Attachment[] {
  let next = 0;
  return byName(shares).map(([tag, share]) => {
    const channel = kindOf(share).carried.by === "channel" ? next++ : null;
    if (channel !== null && channel >= CHANNELS) throw noChannel(tag);
    return { tag, share, channel, declared: true };
  });
}

/** A share that joins those which are there. Throws `E_SHARE_CHANNEL`. */
export function nextAttachment(
  tag: string,
  share: Share,
  declared: boolean,
  present: readonly Attachment[],
): Attachment {
  const free = Array.from({ length: CHANNELS }, (_, at) => at).find((at) =>
    present.every(({ channel }) => channel !== at),
  );
  if (free === undefined) throw noChannel(tag);
  return { tag, share, channel: free, declared };
}

/** Makes the servers of shares reachable. Throws `E_SHARE_HOST` with what this host lacks. */
export async function openChannels(attached: readonly Attachment[], sockets: string): Promise<void> {
  for (const { tag, share, channel } of attached) {
    const { carried, lacks, name } = kindOf(share);
    if (carried.by !== "channel" || channel === null) continue;
    const lack = await lacks(share);
    if (lack) {
      throw new GuestkitError("E_SHARE_HOST", `Cannot share "${tag}" by ${name}: ${lack.what}`, {
        at: { field: ["shares", tag, "kind"] },
        help: lack.help,
      });
    }
    await openChannel(sockets, channel, await carried.serve(share));
  }
}

/** Where the guest finds it. Throws `E_SHARE_NETWORK` without a network that has channels. */
export function placeOf({ tag, channel }: Attachment, machine: Machine): MountPlace {
  if (channel === null) return { tag, channel: null };
  const network = channelNetwork(machine);
  if (!network) throw noNetwork(tag);
  return { tag, channel: { address: network.address, port: channelPort(channel) } };
}

function noNetwork(tag: string): GuestkitError {
  return new GuestkitError("E_SHARE_NETWORK", `Cannot share "${tag}": the machine has no network of kind user`, {
    at: { field: ["shares", tag, "kind"] },
    help: 'Add one (it may be isolated), or set kind to "9p" or "virtiofs".',
  });
}

function noChannel(tag: string): GuestkitError {
  const message = `Cannot share "${tag}": a machine takes ${CHANNELS} shares by sshfs, nfs and smb`;
  return new GuestkitError("E_SHARE_CHANNEL", message, {
    at: { field: ["shares", tag] },
    help: "Share a folder above several of them, or take another kind for some.",
  });
}
