import { printable } from "../../kit/name.ts";
import { nameIn } from "../../kit/path.ts";
import type { ByteSource } from "../../source/source.ts";
import { decideFormat } from "../decide.ts";
import type { Image, OpenContext } from "../format.ts";
import { imageOf } from "../image.ts";
import { refuseSnapshot } from "../no-snapshots.ts";
import { type Archive, chooseDisk, memberOf, memberSource, readArchive } from "./archive.ts";
import { refuse } from "./fault.ts";

/**
 * Opens a disk of an appliance in place; what that names is looked for in the archive alone. Throws `E_OVA_*` and what the
 * disk's format throws.
 */
export async function openOva(source: ByteSource, context: OpenContext, seen: readonly string[]): Promise<Image> {
  refuseSnapshot(source, context, "OVA");
  const { name: wanted = null, format: said = null } = context.member ?? {};
  const archive = await readArchive(source);
  const disk = chooseDisk(archive, wanted);
  if (disk.compression !== null) throw packed(source, disk.name, disk.compression);
  const file = memberSource(archive, disk.name, disk.parts);
  const format = await decideFormat(file, said);
  if (format === "ova")
    throw refuse(source, "FEATURE", "its disk is an archive itself", "Unpack it first: tar xf FILE");
  const image = await context.openImage(file, format, [...seen, source.name], openerIn(archive, disk.name));
  return imageOf({
    ...{ source, size: image.size, format: "ova", reader: image },
    details: { member: disk.name, member_format: image.format, members: archive.members.length },
    warnings: image.warnings,
  });
}

function packed(source: ByteSource, name: string, compression: string): Error {
  const why = `its disk "${printable(name)}" is compressed (${printable(compression)})`;
  return refuse(
    source,
    "FEATURE",
    why,
    "Make an image of it, which unpacks gzip: disk_image with source.url, or guestkit create --source FILE.ova IMAGE.qcow2",
  );
}

/** Names are those of members, beside the disk's own or below. */
function openerIn(archive: Archive, disk: string): OpenContext["openFile"] {
  const folder = disk.slice(0, disk.length - nameIn(disk).length);
  return async (name) => {
    const path = `${folder}${name.replace(/^(?:\.\/)+/, "")}`;
    if (name.startsWith("/") || name.split("/").includes("..")) {
      throw refuse(archive.source, "MEMBER", `its disk names "${printable(name)}", which is no member of it`, SUSPECT);
    }
    return memberSource(archive, path, [memberOf(archive, path)]);
  };
}

const SUSPECT = "Whoever made the archive wanted a file of this host in it: trust nothing of it.";
