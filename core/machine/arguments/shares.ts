import { GuestkitError } from "../../kit/errors.ts";
import type { Share } from "../machine.ts";
import { byName } from "./drives.ts";
import type { Subject } from "./facts.ts";
import { shareId } from "./id.ts";
import { device, option } from "./option.ts";
import type { Slots } from "./slots.ts";

type Kind = NonNullable<Share["kind"]>;

interface Attached {
  readonly id: string;
  /** What the guest mounts it by: the share's name. */
  readonly tag: string;
  readonly share: Share;
  readonly subject: Subject;
  readonly slots: Slots;
}

/** How a share reaches the guest, and how long its tag may be there. */
const KINDS: Readonly<Partial<Record<Kind, { longestTag: number; argv: (share: Attached) => string[] }>>> = {
  "9p": { longestTag: 31, argv: plan9 },
  virtiofs: { longestTag: 36, argv: virtiofs },
};

/** 9p where nothing is said: QEMU serves it without another process. */
export const shareKind = (share: Share): Kind => share.kind ?? "9p";

export function shares(subject: Subject, slots: Slots): string[] {
  return byName(subject.machine.shares).flatMap(([tag, share]) => {
    const kind = KINDS[shareKind(share)];
    if (!kind) return [];
    const { longestTag, argv } = kind;
    if (Buffer.byteLength(tag) > longestTag) throw tagTooLong(tag, longestTag);
    return argv({ id: shareId(tag), tag, share, subject, slots });
  });
}

/**
 * QEMU acts as the host's user in either way. `squash` is QEMU's security model "none": what the guest writes belongs to
 * that user, the guest sees the host's own owners and modes, and a chown that the user may not do is passed over.
 * `map` is "mapped-xattr": the guest's owners, modes, devices lie in extended attributes beside files of the user's.
 */
function plan9({ id, tag, share, slots }: Attached): string[] {
  const fsdev = option("local", {
    id,
    path: share.path,
    security_model: share.ownership === "map" ? "mapped-xattr" : "none",
    readonly: share.read_only || null,
    // Files of several host file systems keep distinct inode numbers.
    multidevs: "remap",
  });
  return ["-fsdev", fsdev, ...device("virtio-9p-pci", { id, fsdev: id, mount_tag: tag, ...slots.storage() })];
}

/** Served by virtiofsd (helpers/virtiofs.ts). */
function virtiofs({ id, tag, subject, slots }: Attached): string[] {
  return [
    ...["-chardev", option("socket", { id, path: subject.folder.socket(id) })],
    ...device("vhost-user-fs-pci", { id, chardev: id, tag, ...slots.storage() }),
  ];
}

function tagTooLong(tag: string, longest: number): GuestkitError {
  return new GuestkitError("E_SHARE_NAME", `Cannot share as "${tag}": the name is longer than ${longest} bytes`, {
    at: { field: ["shares", tag] },
    help: "Give the share a shorter name.",
  });
}
