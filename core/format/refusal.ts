import { HEADS } from "./marks.ts";

/** Why a file is not used, and what to do about it. */
export interface Refusal {
  readonly why: string;
  readonly help: string;
}

/** What is evidently no disk, in words. */
const OTHERS: Readonly<Record<string, string>> = {
  text: "text",
  html: "text (HTML)",
  xml: "text (XML)",
  "git-lfs": "text (the pointer that Git LFS keeps instead of a file)",
  tar: "an archive (tar)",
  zip: "an archive (zip)",
  "7z": "an archive (7z)",
  rar: "an archive (rar)",
  cpio: "an archive (cpio)",
  ar: "an archive (ar, as Debian's packages are)",
  rpm: "a package (rpm)",
  cab: "an archive (cab)",
  xar: "an archive (xar)",
  wim: "an archive (Windows' WIM)",
  torrent: "a torrent",
  pdf: "a document (PDF)",
  png: "a picture (PNG)",
  jpeg: "a picture (JPEG)",
  sqlite: "a database (SQLite)",
  elf: "a program (ELF)",
  program: "a program (PE, as kernels and EFI programs are)",
  empty: "empty",
};

const UNALIGNED = "unaligned";

const UNPACK: Readonly<Record<string, string>> = {
  gzip: "gzip -dk",
  xz: "xz -dk",
  zstd: "zstd -dk",
  bzip2: "bzip2 -dk",
  lz4: "lz4 -dk",
  lzip: "lzip -dk",
  lzma: "xz --format=lzma -dk",
  lzop: "lzop -d",
  compress: "gzip -dk",
};

/** How to make a disk of what QEMU's tools do not read. */
const RESTORE: Readonly<Record<string, string>> = {
  ewf: "ewfexport -f raw",
  "android-sparse": "simg2img IN OUT",
  partclone: "partclone.restore -C -s IN -O OUT",
  ntfsclone: "ntfsclone --restore-image --overwrite OUT IN",
  cloop: "extract_compressed_fs IN OUT",
};

const SAY =
  "Where it is a raw disk all the same, say so: --image-format raw (verbs), format (a disk), source.format, backing_format.";

/**
 * What is said of a file `name` of `size` bytes that `decideFormat` calls `format`, which is not used. `isRead`: an image of
 * one's own can be made of it.
 */
export function describeRefusal(format: string, name: string, size: number, isRead: boolean): Refusal {
  const other = OTHERS[format];
  if (other !== undefined) return { why: `it is ${other}, no disk image`, help: helpFor(format, name) };
  if (format === UNALIGNED) {
    const why = `it is no disk image: its length, ${size} bytes, is no multiple of 512`;
    return { why, help: `A download may have been cut off: compare its size and digest with the publisher's. ${SAY}` };
  }
  if (isPacked(format)) {
    const help = `Unpack it first: ${UNPACK[format] ?? format} "${name}"; a disk_image's source may be packed by gzip, xz, zstd or bzip2.`;
    return { why: `it is compressed (${format})`, help };
  }
  const make = isRead ? `guestkit create --source "${name}" IMAGE.qcow2` : RESTORE[format];
  const help = `Convert it first: ${make ?? `qemu-img convert -O qcow2 "${name}" IMAGE.qcow2`}`;
  return { why: `its format is ${format}, which cannot be used here`, help };
}

function helpFor(format: string, name: string): string {
  if (/^(?:tar|zip|7z|rar|cpio|cab)$/.test(format)) return `Unpack it, and name the image that it holds. ${SAY}`;
  if (format === "git-lfs") return `Fetch the file itself: git lfs pull --include "${name}"`;
  if (format === "html")
    return "The address may lead to a page, or a proxy may want you to sign in: open it in a browser.";
  return `Look at what it is: file "${name}". ${SAY}`;
}

/** Whether that is a compression. */
export const isPacked = (format: string): boolean =>
  HEADS.some((each) => each.kind === "packed" && each.name === format);

/**
 * What a parent is opened as that `decideFormat` calls `format`, where the image over it does not say: it is in use as a
 * disk, of whatever length and content.
 */
export const asParent = (format: string): string => (isNoParent(format) ? "raw" : format);

const isNoParent = (format: string): boolean => format in OTHERS || format === UNALIGNED || format === "ova";
