import { GuestkitError } from "../../kit/errors.ts";
import type { ByteSource } from "../../source/source.ts";
import type { Image, OpenContext } from "../format.ts";
import { imageOf } from "../image.ts";
import { joined } from "../joined.ts";
import { refuseSnapshot } from "../no-snapshots.ts";
import { type Numbering, numberingOf, partName, split } from "./parts.ts";

const MOST = 2048;
const TOGETHER = "All parts of the image belong into one folder, numbered without a gap.";

/**
 * Opens a raw disk that was cut into numbered files, by its first one. Nothing in a file says that: it is to be declared.
 * Throws `E_SPLIT_NAME`, `E_SPLIT_PARTS`, and what opening the parts throws.
 */
export async function openSplit(source: ByteSource, context: OpenContext): Promise<Image> {
  refuseSnapshot(source, context, "split");
  const numbering = numberingOf(source.name);
  if (!numbering)
    throw split(
      source.name,
      "NAME",
      "its name has no number of a first part",
      "Name the first part: disk.001, disk.raw.000.",
    );
  const others: ByteSource[] = [];
  try {
    await openOthers(source, numbering, context, others);
    checkLengths(source, others);
    const stretches = [source, ...others].map((each) => ({ length: each.size, source: each }));
    const reader = joined(source.name, stretches);
    const details = { parts: stretches.length, part_size: source.size };
    return imageOf({ format: "split", source, size: reader.size, reader, others, details });
  } catch (error) {
    for (const each of others) await each[Symbol.asyncDispose]();
    throw error;
  }
}

/** Up to the first number that is not there; there is none behind that either. */
async function openOthers(
  source: ByteSource,
  numbering: Numbering,
  context: OpenContext,
  others: ByteSource[],
): Promise<void> {
  const next = () => openPart(source, partName(numbering, others.length + 1), context);
  for (let part = await next(); part; part = await next()) {
    others.push(part);
    if (others.length >= MOST) throw split(source.name, "PARTS", `it has more than ${MOST} parts`, TOGETHER);
  }
  const missing = partName(numbering, others.length + 1);
  const behind = await openPart(source, partName(numbering, others.length + 2), context);
  if (!behind) return;
  await behind[Symbol.asyncDispose]();
  throw split(source.name, "PARTS", `there is no "${missing}", and there is "${behind.name}"`, TOGETHER);
}

/** Null where there is no such file. */
async function openPart(source: ByteSource, name: string | null, context: OpenContext): Promise<ByteSource | null> {
  try {
    return name === null ? null : await context.openFile(name, source.name);
  } catch (error) {
    const { cause } = error instanceof GuestkitError ? error : { cause: undefined };
    if ((cause as { code?: unknown } | undefined)?.code === "ENOENT") return null;
    throw error;
  }
}

/** The last one alone may be shorter. */
function checkLengths(source: ByteSource, others: readonly ByteSource[]): void {
  const odd = others.find(({ size }, index) => size > source.size || (size < source.size && index < others.length - 1));
  if (!odd && source.size > 0) return;
  const what = odd
    ? `"${odd.name}" has ${odd.size} bytes, and the first part ${source.size}`
    : "its first part is empty";
  throw split(source.name, "PARTS", what, TOGETHER);
}
