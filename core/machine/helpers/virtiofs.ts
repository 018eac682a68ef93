import { whereIs } from "../../build/process.ts";
import { GuestkitError } from "../../kit/errors.ts";
import { byName } from "../arguments/drives.ts";
import type { Subject } from "../arguments/facts.ts";
import { shareId } from "../arguments/id.ts";
import { shareKind } from "../arguments/shares.ts";
import type { Share } from "../machine.ts";
import type { Helper } from "./helper.ts";

/**
 * The server in Rust; where distributions lay it. The one that older QEMUs brought along (/usr/lib/qemu of Debian 12)
 * needs root and is left alone.
 */
const PLACES = ["virtiofsd", "/usr/libexec/virtiofsd", "/usr/lib/virtiofsd"];

/** One virtiofsd a share. Throws `E_VIRTIOFSD_MISSING`. */
export function virtiofs(subject: Subject): readonly Helper[] {
  const served = byName(subject.machine.shares).filter(([, share]) => shareKind(share) === "virtiofs");
  return served.map(([tag, share]) => serve(tag, share, subject));
}

/** Where virtiofsd is; null without it. */
export function findVirtiofsd(): string | null {
  for (const place of PLACES) {
    const found = whereIs(place);
    if (found !== null) return found;
  }
  return null;
}

function serve(tag: string, share: Share, { folder }: Subject): Helper {
  const id = shareId(tag);
  const socket = folder.socket(id);
  const program = findVirtiofsd();
  if (program === null) throw missing(tag);
  const argv = ["--socket-path", socket, "--shared-dir", share.path, "--sandbox", "namespace"];
  return { name: id, program, argv: [...argv, ...(share.read_only ? ["--readonly"] : [])], socket, links: {} };
}

function missing(tag: string): GuestkitError {
  return new GuestkitError("E_VIRTIOFSD_MISSING", `Cannot share "${tag}" by virtiofs: virtiofsd is not installed`, {
    at: { field: ["shares", tag, "kind"] },
    help: 'Install it (apt-get install virtiofsd, or: cargo install virtiofsd), or set kind = "9p".',
  });
}
