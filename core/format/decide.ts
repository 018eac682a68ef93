import { GuestkitError } from "../kit/errors.ts";
import type { ByteSource } from "../source/source.ts";
import { type Looks, looksLike } from "./looks.ts";

/** What somebody else than the bytes themselves says of a file's format. */
export interface Testimony {
  /** Null where it says nothing that counts. */
  readonly format: string | null;
  /** Why what is there does not count, and may not be passed over either; null where nothing is in doubt. */
  readonly doubt: string | null;
  /** The doubt is of no account to who reads nothing but the file itself. */
  readonly harmless?: boolean;
}

/** Asked only where it could make a difference. */
export type Witness = () => Promise<Testimony | null>;

/**
 * What a file is to be opened as. A declaration decides, then what is recorded; content decides a first use alone. What is
 * a plain disk by its bytes is raw whoever says what: that names no other file. What is evidently no disk has a name of its
 * own (`gzip`, `html`), which nothing opens: see `refusalOf`.
 * A record that may not be read hinders nobody from looking into an image that stands alone: he could read its bytes anyway.
 * Throws `E_FORMAT_AMBIGUOUS` where content would decide and says two things, or a record is in doubt.
 */
export async function decideFormat(
  source: ByteSource,
  declared: string | null,
  witness: Witness = async () => null,
): Promise<string> {
  if (declared !== null) return declared;
  const looks = await looksLike(source);
  if (looks.format === null) return "raw";
  const said = await witness();
  if (said?.format) return said.format;
  if (said?.doubt && !(said.harmless && !looks.namesFiles))
    throw ambiguous(source.name, `it looks like ${looks.format}, and ${said.doubt}`);
  if (looks.others.length > 0) throw ambiguous(source.name, twoThings(looks));
  return looks.format;
}

const twoThings = ({ format, others }: Looks): string =>
  `it has the mark of ${format}, and that of ${others.join(", ")} as well`;

function ambiguous(name: string, why: string): GuestkitError {
  return new GuestkitError("E_FORMAT_AMBIGUOUS", `Cannot tell what "${name}" is: ${why}`, {
    at: { file: name },
    help: "Say what it is: --image-format FORMAT (verbs), format (a disk), source.format, backing_format. What a guest wrote to is raw.",
  });
}
