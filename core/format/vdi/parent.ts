import { GuestkitError } from "../../kit/errors.ts";
import type { ByteSource } from "../../source/source.ts";
import type { Image } from "../format.ts";
import { openLinked } from "../linked-parent.ts";
import type { Asker } from "../named.ts";
import { header, NO_UUID, preHeader, SIGNATURE } from "./layout.ts";

/** As a child's header has it. */
export interface ParentLink {
  readonly id: string;
  /** Of its last modification when the child was made. */
  readonly modification: string;
}

/**
 * Opens the parent of an image, which names it by its id alone: VirtualBox's register says where that lies. Here it is a
 * VDI beside the child, of two with the same id (a copy) the one that was not changed since.
 * Throws `E_IMAGE_BACKING`, `E_IMAGE_PARENT`.
 */
export async function openVdiParent(asker: Asker, link: ParentLink): Promise<NonNullable<Image["backing"]>> {
  const { source, context } = asker;
  const find = (isIt: (found: ParentLink) => boolean) =>
    context.findFile?.(source.name, ".vdi", async (file) => isIt(await idsOf(file)));
  const name = (await find((found) => isParent(found, link))) ?? (await find(({ id }) => id === link.id)) ?? null;
  if (name === null) throw notFound(source, link);
  return openLinked(asker, {
    names: [{ written: link.id, path: name }],
    format: "vdi",
    mismatch: ({ details }) =>
      isParent({ id: String(details.uuid), modification: String(details.modification_uuid) }, link)
        ? null
        : `it was modified (${details.modification_uuid}) since its child was made (${link.modification})`,
  });
}

const isParent = (found: ParentLink, link: ParentLink): boolean =>
  found.id === link.id && (link.modification === NO_UUID || found.modification === link.modification);

async function idsOf(file: ByteSource): Promise<ParentLink> {
  const bytes = await file.read(0, header.size);
  if (preHeader.decode(bytes).signature !== SIGNATURE) return { id: NO_UUID, modification: NO_UUID };
  const { uuidCreate: id, uuidModify: modification } = header.decode(bytes);
  return { id, modification };
}

function notFound(source: ByteSource, { id }: ParentLink): GuestkitError {
  return new GuestkitError(
    "E_IMAGE_BACKING",
    `Cannot open the parent of "${source.name}": no VDI beside it has the id ${id}`,
    {
      at: { file: source.name, offset: 0x1a8 },
      help: `Put it beside its child; VirtualBox knows where it is: VBoxManage showmediuminfo ${id}`,
    },
  );
}
