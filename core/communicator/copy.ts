import { join } from "node:path";
import type { Context } from "../kit/context.ts";
import { asGuestkitError } from "../kit/errors.ts";
import { receiveArchive, sendArchive } from "./archive.ts";
import { deliver, itemOf, workFolder } from "./deliver.ts";
import { download, type SshTarget, upload } from "./ssh/index.ts";
import type { Guest } from "./way/guest.ts";
import { NOT_IN, type Via } from "./way/open-way.ts";
import type { GuestWay } from "./way/way.ts";

export interface CopyOptions {
  /** Folders with all that is in them. */
  readonly recursive?: boolean;
  readonly via?: Via;
}

/**
 * Copies a file or folder of the host into a running guest, as `cp -p` would: into `remote` where that is a folder. A file
 * goes by SFTP; where the guest has none, or SSH lets nobody in, as an archive over SSH or the agent (and needs tar there).
 * So do folders, always: SFTP's clients follow every link in them, which a guest may have laid there through a share.
 * Throws `E_GUEST_COPY`, and what the way into the guest throws.
 */
export async function copyToGuest(
  guest: Guest,
  paths: { readonly local: string; readonly remote: string },
  options: CopyOptions,
  context: Context,
): Promise<void> {
  const { recursive = false } = options;
  const { local, remote } = paths;
  const { signal } = context;
  await transfer(guest, options, context, {
    bySftp: (target) => upload(target, local, remote, { signal }),
    byArchive: (way) => sendArchive(guest.name, way, local, remote, { recursive, signal }),
  });
}

/**
 * The same out of the guest. Owners are this user's. What the guest names cannot lead out of `local`, nor can a link that
 * it brought there earlier: what comes is put in place of one.
 */
export async function copyFromGuest(
  guest: Guest,
  paths: { readonly local: string; readonly remote: string },
  options: CopyOptions,
  context: Context,
): Promise<void> {
  const { recursive = false } = options;
  const { local, remote } = paths;
  const { signal } = context;
  await transfer(guest, options, context, {
    bySftp: async (target) => {
      await using work = await workFolder(local);
      const found = join(work.path, "content");
      await download(target, remote, found, { signal });
      await deliver(found, itemOf(remote), local);
    },
    byArchive: (way) => receiveArchive(guest.name, way, remote, local, { recursive, signal }),
  });
}

interface Transfer {
  readonly bySftp: (target: SshTarget) => Promise<void>;
  readonly byArchive: (way: GuestWay) => Promise<void>;
}

async function transfer(
  guest: Guest,
  { via = "auto", recursive = false }: CopyOptions,
  context: Context,
  { bySftp, byArchive }: Transfer,
): Promise<void> {
  const target = via === "agent" ? null : guest.target;
  let how = via;
  if (target && !recursive) {
    const failure = await bySftp(target).then(() => null, asGuestkitError);
    if (failure === null) return;
    if (!isNoSftp(failure.code) && !(via === "auto" && NOT_IN.includes(failure.code))) throw failure;
    // The same server lets commands in.
    if (isNoSftp(failure.code)) how = "ssh";
    else how = "agent";
  }
  await using way = await guest.open(how, context);
  await byArchive(way);
}

const isNoSftp = (code: string): boolean => code === "E_GUEST_NO_SFTP";
