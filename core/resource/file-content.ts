import { createHash } from "node:crypto";
import { formatMode, formatTime } from "../archive/index.ts";
import type { QueryImplementation } from "../engine/implementation.ts";
import type { FileStat } from "../filesystem/filesystem.ts";
import type { Disk } from "../inspect/index.ts";
import type { Context } from "../kit/context.ts";
import { GuestkitError } from "../kit/errors.ts";
import { printable } from "../kit/name.ts";
import type { ValueObject } from "../model/value.ts";
import { pathBytes, readImageOf } from "./place.ts";

export const fileContent: QueryImplementation = {
  read: (input, context) => readImageOf(input, context, (disk) => contentOf(disk, input, context)),
};

async function contentOf(disk: Disk, input: ValueObject, context: Context): Promise<ValueObject> {
  const path = pathBytes(input, "path");
  const tree = await disk.tree();
  const node = await tree.resolve(path);
  const stat = node && (await node.fs.stat(node.inode));
  if (!node || stat?.type !== "file") throw notAFile(input, path, stat);
  if (stat.size > Number(input.limit)) throw tooLarge(path, stat.size, Number(input.limit));
  await using source = await node.fs.open(node.inode);
  return describe(await source.read(0, source.size, context.signal), stat);
}

function describe(bytes: Uint8Array, stat: FileStat): ValueObject {
  return {
    content: asText(bytes),
    content_base64: Buffer.from(bytes).toString("base64"),
    sha256: createHash("sha256").update(bytes).digest("hex"),
    size: bytes.length,
    mode: formatMode(stat.mode),
    uid: stat.uid,
    gid: stat.gid,
    mtime: formatTime(stat.mtime),
  };
}

function asText(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

function notAFile(input: ValueObject, path: Uint8Array, stat: FileStat | null): GuestkitError {
  const what = stat ? `it is a ${stat.type}` : "there is no such file";
  return new GuestkitError("E_FILE_MISSING", `Cannot read "${show(path)}" in "${String(input.disk_image)}": ${what}`, {
    at: { file: String(input.disk_image), field: ["path"] },
    help: `List what is there: guestkit ls "${String(input.disk_image)}" /`,
  });
}

function tooLarge(path: Uint8Array, size: number, limit: number): GuestkitError {
  const message = `Cannot read "${show(path)}": ${size} bytes are past the limit of ${limit}`;
  return new GuestkitError("E_FILE_LIMIT", message, { at: { field: ["limit"] }, help: "Raise limit, or copy it out." });
}

const show = (path: Uint8Array) => printable(new TextDecoder().decode(path));
