import { userInfo } from "node:os";
import { run, whereIs } from "../host/program/process.ts";
import { GuestkitError } from "../kit/errors.ts";
import type { Share } from "../machine/machine.ts";
import { shareId } from "../qemu/options/id.ts";
import { device, option } from "../qemu/options/option.ts";
import type { Helper } from "../qemu/process/helper.ts";
import type { Attached, Kind, Sharer } from "./kind.ts";
import { subordinateIds } from "./subordinate-ids.ts";

/**
 * The server in Rust; where distributions lay it. The one that older QEMUs brought along (/usr/lib/qemu of Debian 12)
 * needs root and is left alone.
 */
const PLACES = ["virtiofsd", "/usr/libexec/virtiofsd", "/usr/lib/virtiofsd"];
const ALL_IDS = 2 ** 32 - 1;

/** virtiofs: one virtiofsd a share, QEMU's vhost-user device in front. */
export const virtiofs: Kind = {
  name: "virtiofs",
  // The specification's: virtio-fs, device configuration layout.
  longestTag: 36,
  drivers: [["virtiofs"], ["virtio_pci"]],
  program: null,
  maps: true,
  carried: { by: "device", argv: argvOf, helper: serve },
  lacks: async () => (findVirtiofsd() === null ? { what: "virtiofsd is not installed", help: INSTALL } : null),
  mount: ({ tag }) => ({ program: ["mount", "-t", "virtiofs"], options: [], source: tag }),
};

const INSTALL = 'Install it (apt-get install virtiofsd, or: cargo install virtiofsd), or set kind to "9p".';

function argvOf({ id, tag, sharer, slots }: Attached): string[] {
  return [
    ...["-chardev", option("socket", { id, path: sharer.folder.socket(id) })],
    ...device("vhost-user-fs-pci", { id, chardev: id, tag, ...slots.storage() }),
  ];
}

/** Where virtiofsd is; null without it. */
export function findVirtiofsd(): string | null {
  return PLACES.map(whereIs).find((found) => found !== null) ?? null;
}

/** Throws `E_VIRTIOFSD_MISSING`, `E_SHARE_OWNERSHIP`. */
async function serve(tag: string, share: Share, { folder }: Sharer): Promise<Helper> {
  const id = shareId(tag);
  const socket = folder.socket(id);
  const program = findVirtiofsd();
  if (program === null) throw missing(tag);
  const argv = [
    ...["--socket-path", socket, "--shared-dir", share.path, "--sandbox", "namespace", "--log-level", "error"],
    ...(share.read_only ? ["--readonly"] : []),
    ...(share.ownership === "map" ? await mapped(tag) : await squashed(program)),
  ];
  return { name: id, program, argv, socket, links: {} };
}

/**
 * Whoever writes in the guest, the file is the host user's; the guest sees the host's own owners. A virtiofsd before
 * 1.12 cannot: there only the guest's root, and its user with the same number, may write.
 */
async function squashed(program: string): Promise<string[]> {
  const { stdout } = await run(program, ["--help"]);
  if (!stdout.includes("--translate-uid")) return [];
  const { uid, gid } = userInfo();
  const squash = (id: number) => `squash-guest:0:${id}:${ALL_IDS}`;
  return ["--translate-uid", squash(uid), "--translate-gid", squash(gid)];
}

/**
 * The guest's owners are kept: its root is the host's user, the others are that user's subordinate ids. Root has every
 * id, and keeps them as they are.
 */
async function mapped(tag: string): Promise<string[]> {
  const { uid, gid } = userInfo();
  if (uid === 0) return [];
  const ids = await subordinateIds();
  if (!ids) throw noIds(tag);
  const ranges = (own: number, { first, count }: { first: number; count: number }) => [
    `:0:${own}:1:`,
    `:1:${first}:${count}:`,
  ];
  return [
    ...ranges(uid, ids.uids).flatMap((range) => ["--uid-map", range]),
    ...ranges(gid, ids.gids).flatMap((range) => ["--gid-map", range]),
  ];
}

function missing(tag: string): GuestkitError {
  return new GuestkitError("E_VIRTIOFSD_MISSING", `Cannot share "${tag}" by virtiofs: virtiofsd is not installed`, {
    at: { field: ["shares", tag, "kind"] },
    help: INSTALL,
  });
}

function noIds(tag: string): GuestkitError {
  const { username } = userInfo();
  return new GuestkitError(
    "E_SHARE_OWNERSHIP",
    `Cannot keep the guest's owners of "${tag}": you have no subordinate ids`,
    {
      at: { field: ["shares", tag, "ownership"] },
      help: `Run: sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 ${username}; or set ownership to "squash".`,
    },
  );
}
