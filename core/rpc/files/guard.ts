import { stat } from "node:fs/promises";
import { GuestkitError } from "../../kit/errors.ts";
import { excerpt, printable } from "../../kit/name.ts";
import { formatSize } from "../../kit/size.ts";
import { reasonOf } from "../../kit/system-error.ts";
import type { Value, ValueObject } from "../../model/value.ts";
import { type HeldOffers, heldOffers } from "./held.ts";
import type { Named } from "./named.ts";
import { makeOffer, type Offer, type OfferOptions } from "./offer.ts";
import { type As, type Fault, MOST_OPEN, type OpenAnswer, PIECE, type StatAnswer } from "./wire.ts";

type Params = Readonly<Record<string, Value>>;

/** Answers what the host asks about files on behalf of one request; disposed with it. */
export interface FileGuard extends AsyncDisposable {
  /** Throws `E_FILE_REFUSED` as `breach` makes it, which ends the conversation. */
  readonly answer: (method: string, params: Params) => Promise<unknown>;
}

export interface GuardOptions extends OfferOptions {
  /** What this very request names, worked out when the host asks first. */
  readonly named: () => Named;
  readonly breach: (code: string, message: string, detail: { readonly help: string }) => Error;
}

/**
 * A host is trusted with what a declaration brings along, and with nothing else of the caller's: whatever it asks for beside
 * that is refused by name. Each file is opened once, so that what is told of it and what is given are one; of a folder
 * everything in it is given, and links in it as links.
 */
export function fileGuard(options: GuardOptions): FileGuard {
  const held = heldOffers();
  const known = once(options.named);
  const demand = (params: Params, as: As | null): string => demandNamed(params, as, known(), options);
  const keyOf = (params: Params) => {
    const as: As = params.as === "tar" ? "tar" : "file";
    const path = demand(params, as);
    return { as, path, key: `${as} ${path}` };
  };
  const methods: Readonly<Record<string, (params: Params) => Promise<unknown>>> = {
    "file.stat": (params) => statOf(demand(params, null)),
    "file.open": async (params) => {
      const { as, path, key } = keyOf(params);
      const isMore = !held.find(key) && held.count() >= MOST_OPEN;
      if (isMore) throw refused(path, `more than ${MOST_OPEN} files at once are asked for`, options);
      return await openAnswer(held, key, () => makeOffer(path, as, options), mostOf(params));
    },
    "file.read": async (params) => {
      const { path, key } = keyOf(params);
      const offer = await held.find(key);
      if (!offer) throw refused(path, "it was not opened before it is read", options);
      return { data: (await pieceOf(offer, path, params, options)).toString("base64") };
    },
    "file.close": async (params) => {
      await held.close(keyOf(params).key);
      return {};
    },
  };
  return {
    answer: async (method, params) => {
      const answer = Object.hasOwn(methods, method) ? methods[method] : undefined;
      if (!answer) throw refused(String(params.path ?? ""), `"${excerpt(printable(method))}" is no question`, options);
      return await answer(params);
    },
    [Symbol.asyncDispose]: () => held[Symbol.asyncDispose](),
  };
}

const mostOf = ({ most }: Params): number => (typeof most === "number" ? most : Number.MAX_SAFE_INTEGER);

function once<T>(work: () => T): () => T {
  let done: { readonly value: T } | undefined;
  return () => {
    done ??= { value: work() };
    return done.value;
  };
}

/** `as` null: to look at it, which may be any of them. */
function demandNamed({ path }: Params, as: As | null, { files, folders }: Named, options: GuardOptions): string {
  const allowed = as === "tar" ? [folders] : as === "file" ? [files] : [files, folders];
  if (typeof path === "string" && allowed.some((each) => each.has(path))) return path;
  throw refused(String(path), "the declaration at hand does not name it", options);
}

function refused(path: string, why: string, { breach }: Pick<GuardOptions, "breach">): Error {
  const message = `Cannot give "${excerpt(printable(path), 256)}" to the host: ${why}`;
  return breach("E_FILE_REFUSED", message, {
    help: "The engine there asked for what is none of its own. Look at who can change it (~/.cache/guestkit on the host), and do nothing on this host until you know.",
  });
}

async function statOf(path: string): Promise<StatAnswer> {
  try {
    const found = await stat(path, { bigint: true });
    const kind = found.isFile() ? "file" : found.isDirectory() ? "directory" : "other";
    const { dev, ino, size, mtimeNs, ctimeNs } = found;
    return { kind, stamp: `${dev} ${ino} ${size} ${mtimeNs} ${ctimeNs}`, fault: null };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const isAbsent = code === "ENOENT" || code === "ENOTDIR";
    return { kind: null, stamp: "", fault: isAbsent ? null : faultOf(error) };
  }
}

/** `most` in bytes: a larger one is not looked into. One that cannot be had is not open. */
async function openAnswer(
  held: HeldOffers,
  key: string,
  make: () => Promise<Offer>,
  most: number,
): Promise<OpenAnswer> {
  try {
    const { size, digest } = await held.open(key, make);
    if (size > most) throw new Error(`it has more than ${formatSize(most)}`);
    return { size, sha256: await digest(), fault: null };
  } catch (error) {
    await held.close(key);
    return { size: 0, sha256: "", fault: faultOf(error) };
  }
}

function faultOf(error: unknown): Fault {
  const { code } = error as NodeJS.ErrnoException;
  if (error instanceof GuestkitError) return { code: null, why: error.message.replace(/^Cannot [^:]*: /, "") };
  return { code: code ?? null, why: reasonOf(error) };
}

/** Throws `E_FILE_CHANGED` where the file became shorter. */
async function pieceOf(
  { handle, size }: Offer,
  path: string,
  params: ValueObject,
  options: GuardOptions,
): Promise<Buffer> {
  const { offset, length } = params;
  const isWithin =
    Number.isSafeInteger(offset) &&
    Number.isSafeInteger(length) &&
    Number(offset) >= 0 &&
    Number(length) > 0 &&
    Number(length) <= PIECE &&
    Number(offset) + Number(length) <= size;
  if (!isWithin)
    throw refused(path, `its ${size} bytes have no such piece (${String(length)} at ${String(offset)})`, options);
  const piece = Buffer.alloc(Number(length));
  for (let done = 0; done < piece.length; ) {
    const { bytesRead } = await handle.read(piece, done, piece.length - done, Number(offset) + done);
    if (bytesRead === 0) throw changed(path);
    done += bytesRead;
  }
  return piece;
}

export const changed = (path: string): GuestkitError =>
  new GuestkitError("E_FILE_CHANGED", `Cannot bring "${path}": it changed while it was read`, {
    help: "Run again once nothing writes to it any more.",
  });
