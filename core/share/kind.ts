import type { MachineFolder } from "../machine/folder.ts";
import type { Machine, Share, ShareKind } from "../machine/machine.ts";
import type { Slots } from "../qemu/options/slots.ts";
import type { Helper } from "../qemu/process/helper.ts";

/** Whose shares they are. */
export interface Sharer {
  readonly machine: Machine;
  readonly folder: MachineFolder;
}

/** Everything that is to be known of one kind of share: a file each. */
export interface Kind {
  readonly name: ShareKind;
  /** Bytes that the share's name may have. */
  readonly longestTag: number;
  /** Modules of the guest's kernel: of each list one is needed. */
  readonly drivers: readonly (readonly string[])[];
  /** The program of the guest that mounts it; null where the kernel does alone. */
  readonly program: string | null;
  /** It can keep the guest's owners: ownership = "map". */
  readonly maps: boolean;
  readonly carried: ByDevice | ByChannel;
  /** What keeps this host from serving such a share; null where nothing does. */
  lacks(share: Share): Promise<Lack | null>;
  /** The command of the guest that mounts it, without the folder that it is mounted on. */
  mount(place: MountPlace): MountCommand;
}

/** A device of QEMU's that stands on its command line: nothing can be added while the machine runs. */
interface ByDevice {
  readonly by: "device";
  argv(attached: Attached): string[];
  /** A server beside QEMU. */
  readonly helper?: (tag: string, share: Share, sharer: Sharer) => Promise<Helper>;
}

/** A server on the host for each connection, through a channel that is always there (qemu/channel.ts). */
interface ByChannel {
  readonly by: "channel";
  /** A shell command that speaks the protocol on its standard input and output, and ends with them. */
  serve(share: Share): Promise<string>;
}

export interface Attached {
  readonly id: string;
  /** What the guest mounts it by: the share's name. */
  readonly tag: string;
  readonly share: Share;
  readonly sharer: Sharer;
  readonly slots: Slots;
}

export interface Lack {
  /** What is so, after "share NAME is KIND, and". */
  readonly what: string;
  /** The next step. */
  readonly help: string;
}

export interface MountPlace {
  readonly tag: string;
  /** Where the channel is reached in the guest; null for devices. */
  readonly channel: { readonly address: string; readonly port: number } | null;
}

/** `PROGRAM ARGS -o OPTIONS SOURCE TARGET` */
export interface MountCommand {
  readonly program: readonly string[];
  readonly options: readonly string[];
  readonly source: string;
}

/** Where a channel's server finds the folder, and what the guest asks for. */
export const EXPORT = "/share";

/** A channel is what its guest reaches it by. */
export function channelOf({ channel }: MountPlace): { readonly address: string; readonly port: number } {
  if (channel === null) throw new Error("a share by a server has a channel");
  return channel;
}
