import { device, option } from "../qemu/options/option.ts";
import type { Attached, Kind } from "./kind.ts";

/** 9p over virtio: QEMU serves it without another process. */
export const plan9: Kind = {
  name: "9p",
  // virtio-9p's own limit (MAX_TAG_LEN less its end).
  longestTag: 31,
  drivers: [["9p"], ["9pnet_virtio"], ["virtio_pci"]],
  program: null,
  maps: true,
  carried: { by: "device", argv },
  lacks: async () => null,
  mount: ({ tag }) => ({
    program: ["mount", "-t", "9p"],
    options: ["trans=virtio", "version=9p2000.L", "msize=512000", "cache=none"],
    source: tag,
  }),
};

/**
 * QEMU acts as the host's user in either way. `squash` is QEMU's security model "none": what the guest writes belongs to
 * that user, the guest sees the host's own owners and modes, and a chown that the user may not do is passed over.
 * `map` is "mapped-xattr": the guest's owners, modes, devices lie in extended attributes beside files of the user's.
 */
function argv({ id, tag, share, slots }: Attached): string[] {
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
