import type { Context } from "../kit/context.ts";
import { GuestkitError } from "../kit/errors.ts";
import type { MachineFolder } from "../machine/folder.ts";
import type { Machine, Share } from "../machine/machine.ts";
import { type Attachment, type Run, writeRun } from "../machine/run.ts";
import { closeChannel } from "../qemu/channel.ts";
import { attachmentsOf, nextAttachment, openChannels } from "./attachment.ts";
import { mount, unmount } from "./mount.ts";
import { demandOwnWay } from "./nested.ts";
import { kindOf } from "./table.ts";

/** A running machine, whose run.json follows every step. */
export interface LiveGuest {
  readonly machine: Machine;
  readonly folder: MachineFolder;
  readonly run: Run;
}

/** Kinds that come and go while the machine runs. */
export const isLiveKind = (kind: Share["kind"]): boolean => kind !== null && kindOf({ kind }).carried.by === "channel";

/** Gives a running guest a folder and mounts it. Throws `E_SHARE_LIVE`, `E_SHARE_HOST`, `E_SHARE_CHANNEL`, `E_SHARE_NESTED`, `E_SHARE_MOUNT`. */
export async function attach(
  tag: string,
  share: Share,
  declared: boolean,
  guest: LiveGuest,
  context: Context,
): Promise<Run> {
  if (!isLiveKind(share.kind)) throw notLive(tag, share, guest.machine);
  demandChannels(tag, guest);
  const present = attachmentsOf(guest.run);
  const attachment = nextAttachment(tag, share, declared, present);
  await demandOwnWay([attachment], context.settings);
  const run = { ...guest.run, attached: [...present, attachment] };
  await writeRun(guest.folder, run);
  try {
    await openChannels([attachment], guest.folder.sockets);
    if (share.mount !== null) await mount([attachment], { ...guest, run }, context);
    return run;
  } catch (error) {
    await leave(attachment, { ...guest, run });
    throw error;
  }
}

/** Takes it away again. Throws `E_SHARE_BUSY` where the guest uses it, and leaves it then. */
export async function detach(attachment: Attachment, guest: LiveGuest, context: Context): Promise<Run> {
  const { share } = attachment;
  if (share.mount !== null) await unmount(share.mount, guest, context);
  return await leave(attachment, guest);
}

async function leave({ tag, channel }: Attachment, { folder, run }: LiveGuest): Promise<Run> {
  if (channel !== null) await closeChannel(folder.sockets, channel);
  const left = { ...run, attached: attachmentsOf(run).filter((each) => each.tag !== tag) };
  await writeRun(folder, left);
  return left;
}

/** Brings the declared shares of a running machine to what is wanted; those of `vm mount` stay. */
export async function changeShares(wanted: Machine["shares"], guest: LiveGuest, context: Context): Promise<Run> {
  let { run } = guest;
  const stays = ({ tag, share }: Attachment) => isSame(share, wanted[tag]);
  for (const attachment of attachmentsOf(run).filter((each) => each.declared && !stays(each))) {
    run = await detach(attachment, { ...guest, run }, context);
  }
  for (const [tag, share] of Object.entries(wanted)) {
    if (attachmentsOf(run).some((each) => each.tag === tag)) continue;
    run = await attach(tag, share, true, { ...guest, run }, context);
  }
  return run;
}

function isSame(a: Share, b: Share | undefined): boolean {
  const spelled = (share: Share) => JSON.stringify(Object.entries(share).toSorted(([x], [y]) => (x < y ? -1 : 1)));
  return b !== undefined && spelled(a) === spelled(b);
}

function notLive(tag: string, { kind }: Share, { name }: Machine): GuestkitError {
  const message = `Cannot share "${tag}" with "${name}" while it runs: ${kind ?? "9p"} is a device that QEMU takes at its start alone`;
  return new GuestkitError("E_SHARE_LIVE", message, {
    at: { field: ["shares", tag, "kind"] },
    help: 'Set kind to "sshfs" or "smb", or declare the share and restart.',
  });
}

/** A machine that an older guestkit started has none. */
function demandChannels(tag: string, { machine, run }: LiveGuest): void {
  if (run.argv.some((each) => each.includes("guestfwd=tcp:") && each.includes("/channel-0"))) return;
  const { name } = machine;
  throw new GuestkitError("E_SHARE_LIVE", `Cannot share "${tag}" with "${name}" while it runs: it has no channels`, {
    at: { field: ["shares", tag] },
    help: `Channels come with a network of kind user, at a start: guestkit vm restart ${name}`,
  });
}
