/**
 * Unified kernel image: an EFI stub with further PE sections, as the UAPI group's specification lays them out
 * (https://uapi-group.org/specifications/specs/unified_kernel_image/). PE structures as in Microsoft's PE/COFF
 * specification.
 */
import { GuestkitError } from "../../kit/errors.ts";

export interface UkiParts {
  readonly osRelease: Uint8Array;
  readonly cmdline: string;
  /** `uname -r` of the kernel. */
  readonly uname: string;
  readonly linux: Uint8Array;
  readonly initrd: Uint8Array;
}

const SECTION_SIZE = 40;
/** IMAGE_SCN_CNT_INITIALIZED_DATA | IMAGE_SCN_MEM_READ */
const READ_ONLY_DATA = 0x4000_0040;
/** Sections start on pages, whatever the stub's own alignment. */
const PAGE = 4096;

/** Adds the parts to the stub. Throws `E_UKI_STUB` where the stub is no PE32+ program or has no room for them. */
export function buildUki(stub: Uint8Array, parts: UkiParts): Uint8Array {
  const text = new TextEncoder();
  const sections = [
    { name: ".osrel", bytes: parts.osRelease },
    { name: ".cmdline", bytes: text.encode(`${parts.cmdline}\0`) },
    { name: ".uname", bytes: text.encode(`${parts.uname}\0`) },
    { name: ".initrd", bytes: parts.initrd },
    // Last: some stubs let the kernel grow in place past its section.
    { name: ".linux", bytes: parts.linux },
  ];
  const header = readHeader(stub, sections.length);
  const placed = place(sections, header, stub.length);
  const end = placed.at(-1);
  const image = new Uint8Array(end ? end.offset + alignUp(end.bytes.length, header.fileAlignment) : stub.length);
  image.set(stub);
  for (const each of placed) image.set(each.bytes, each.offset);
  writeHeader(new DataView(image.buffer), header, placed);
  return image;
}

interface Header {
  /** Offset of the COFF header. */
  readonly coff: number;
  /** Offset of the optional header. */
  readonly optional: number;
  /** Offset of the first section header that is free. */
  readonly free: number;
  readonly sections: number;
  readonly fileAlignment: number;
  readonly sectionAlignment: number;
  /** First address after the last section. */
  readonly imageEnd: number;
}

interface PlacedSection {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly offset: number;
  readonly address: number;
}

function readHeader(stub: Uint8Array, adding: number): Header {
  const view = new DataView(stub.buffer, stub.byteOffset, stub.byteLength);
  if (stub.length < 1024 || view.getUint16(0, true) !== 0x5a4d) throw unfit("it is no PE program");
  const signature = view.getUint32(0x3c, true);
  if (signature > stub.length - 512 || view.getUint32(signature, true) !== 0x4550) throw unfit("it is no PE program");
  const coff = signature + 4;
  const optional = coff + 20;
  if (view.getUint16(optional, true) !== 0x20b) throw unfit("it is no PE32+ program");
  const sections = view.getUint16(coff + 2, true);
  const table = optional + view.getUint16(coff + 16, true);
  const free = table + sections * SECTION_SIZE;
  if (free + adding * SECTION_SIZE > view.getUint32(optional + 60, true)) throw unfit("its headers leave no room");
  return {
    coff,
    optional,
    free,
    sections,
    sectionAlignment: view.getUint32(optional + 32, true),
    fileAlignment: view.getUint32(optional + 36, true),
    imageEnd: view.getUint32(optional + 56, true),
  };
}

function place(sections: readonly { name: string; bytes: Uint8Array }[], header: Header, end: number) {
  const unit = Math.max(PAGE, header.sectionAlignment);
  let offset = alignUp(end, header.fileAlignment);
  let address = alignUp(header.imageEnd, unit);
  return sections.map((each): PlacedSection => {
    const placed = { ...each, offset, address };
    offset += alignUp(each.bytes.length, header.fileAlignment);
    address += alignUp(each.bytes.length, unit);
    return placed;
  });
}

function writeHeader(view: DataView, header: Header, sections: readonly PlacedSection[]): void {
  for (const [index, each] of sections.entries()) {
    const at = header.free + index * SECTION_SIZE;
    for (let byte = 0; byte < SECTION_SIZE; byte++) view.setUint8(at + byte, each.name.charCodeAt(byte) || 0);
    view.setUint32(at + 8, each.bytes.length, true);
    view.setUint32(at + 12, each.address, true);
    view.setUint32(at + 16, alignUp(each.bytes.length, header.fileAlignment), true);
    view.setUint32(at + 20, each.offset, true);
    view.setUint32(at + 36, READ_ONLY_DATA, true);
  }
  view.setUint16(header.coff + 2, header.sections + sections.length, true);
  const last = sections.at(-1);
  if (last)
    view.setUint32(header.optional + 56, alignUp(last.address + last.bytes.length, header.sectionAlignment), true);
  // The checksum of the stub holds no longer; zero says that there is none.
  view.setUint32(header.optional + 64, 0, true);
}

function alignUp(value: number, unit: number): number {
  return Math.ceil(value / unit) * unit;
}

function unfit(why: string): GuestkitError {
  return new GuestkitError("E_UKI_STUB", `Cannot make the image bootable by UEFI: the EFI stub does not fit: ${why}`, {
    help: "Install it anew: sudo apt-get install --reinstall systemd-boot-efi",
  });
}
