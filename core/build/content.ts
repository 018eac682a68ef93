/** What a file system starts with, in a form that nobody else can change while it is copied. */

import { constants } from "node:fs";
import { type FileHandle, lstat, mkdir, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { callerFiles } from "../host/caller-files.ts";
import { demandOwnPlace } from "../host/own-place.ts";
import { partialBeside } from "../host/partial.ts";
import { openNamedFile } from "../host/plain-file.ts";
import { run } from "../host/program/process.ts";
import { distrust } from "../host/trust.ts";
import type { CallerPath } from "../kit/caller-path.ts";
import type { Context } from "../kit/context.ts";
import { GuestkitError } from "../kit/errors.ts";

/** A folder or a tar archive of the caller's; at most one of them. */
export interface Content {
  readonly directory: CallerPath | null;
  readonly tar: CallerPath | null;
}

/** The same, ready: a folder where this user and root alone can change anything, or an open archive. */
export interface ReadyContent extends AsyncDisposable {
  readonly directory: string | null;
  readonly tar: FileHandle | null;
}

/**
 * Opens what a file system is to start with. The tools that copy a folder look at a name and then open it: who may put a
 * link there in between has a file of this host copied. Where others may, tar packs it first, which follows no link.
 * `target` tells where temporary files lie. Throws `E_LAYOUT_CONTENT`.
 */
export async function openContent(content: Content, target: string, context: Context): Promise<ReadyContent> {
  if (content.tar !== null) return ofTar(await openTar(await callerFiles(context).locate(content.tar)));
  if (content.directory === null) return ofFolder(null);
  const found = await callerFiles(context).folder(content.directory);
  if ("tar" in found) return ofTar(await openTar(found.tar));
  const { directory } = found;
  return (await isOwnTree(directory)) ? ofFolder(directory) : ofTar(await pack(directory, target, context));
}

const ofFolder = (directory: string | null): ReadyContent => ({
  directory,
  tar: null,
  [Symbol.asyncDispose]: async () => {},
});

function ofTar(tar: FileHandle): ReadyContent {
  return { directory: null, tar, [Symbol.asyncDispose]: () => tar.close() };
}

async function openTar(path: string): Promise<FileHandle> {
  const file = await openNamedFile(path);
  if (file) return file;
  throw missing(path, "file");
}

function missing(path: string, kind: string): GuestkitError {
  return new GuestkitError("E_LAYOUT_CONTENT", `Cannot copy "${path}" into a file system: there is no such ${kind}`, {
    at: { file: path, field: ["layout"] },
    help: "Make it first, or mend the path.",
  });
}

/** Whether nobody else can put another thing in the place of anything in a folder. */
async function isOwnTree(folder: string): Promise<boolean> {
  try {
    await demandOwnPlace(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "E_FOLDER_FOREIGN") return false;
    throw code === "ENOENT" || code === "ENOTDIR" ? missing(folder, "folder") : error;
  }
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  for (const entry of entries) {
    if (entry.isDirectory() && distrust(await lstat(join(entry.parentPath, entry.name))) !== null) return false;
  }
  return true;
}

/** An archive without a name: it goes with its descriptor. */
async function pack(folder: string, target: string, context: Context): Promise<FileHandle> {
  await using partial = partialBeside(target, "pack");
  await mkdir(partial.path, { mode: 0o700 });
  const path = join(partial.path, "content.tar");
  const names = ["--numeric-owner", "--xattrs", "--xattrs-include=*", "--sparse"];
  const args = ["--create", "--file", path, ...names, "--directory", folder, "--", "."];
  await run("tar", args, { signal: context.signal, doing: `pack "${folder}"` });
  return open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
}
