import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, rm } from "node:fs/promises";
import { join } from "node:path";
import { openPlainFile } from "../../host/plain-file.ts";

/**
 * What the client itself says, in a file beside the command's own standard error: alone that way a command's exit code
 * of 255 is told from a client's failure.
 */
export interface ClientLog extends AsyncDisposable {
  readonly args: readonly string[];
  read(): Promise<{
    /** The guest let us in. */
    readonly authenticated: boolean;
    /** It told how the command ended; null where a signal ended it, undefined where the connection broke before. */
    readonly end: "exit" | "signal" | undefined;
    /** Its messages without the debugging ones. */
    readonly said: string;
  }>;
}

/** Bytes of it that are kept at most, and how often that is seen to (ms): a guest may have the client write any number. */
const LIMIT = 1 << 20;
const LOOK = 1_000;

export function clientLog(folder: string): ClientLog {
  const path = join(folder, `ssh-${process.pid}-${randomBytes(4).toString("hex")}.log`);
  let known = parseClientLog("");
  const take = async (most: number) => {
    await using file = await openPlainFile(path, constants.O_RDWR);
    if (!file || (await file.stat()).size <= most) return;
    known = joined(known, parseClientLog((await readHead(file)).toString("utf8")));
    // The client appends: it goes on at the new end.
    await file.truncate(0);
  };
  const timer = setInterval(() => void take(LIMIT).catch(() => {}), LOOK).unref();
  return {
    args: ["-E", path, "-o", "LogLevel=DEBUG1"],
    read: async () => {
      await take(0);
      return known;
    },
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      await rm(path, { force: true });
    },
  };
}

async function readHead(file: FileHandle): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(LIMIT), 0, LIMIT, 0);
  return buffer.subarray(0, bytesRead);
}

type Told = ReturnType<typeof parseClientLog>;

function joined(before: Told, after: Told): Told {
  return {
    authenticated: before.authenticated || after.authenticated,
    end: after.end ?? before.end,
    said: (before.said === "" ? after.said : `${before.said}\n${after.said}`).slice(-LIMIT),
  };
}

export function parseClientLog(text: string) {
  const lines = text.split(/\r?\n/);
  const end = /rtype exit-(status|signal)/.exec(text)?.[1];
  return {
    authenticated: lines.some((line) => line.startsWith("Authenticated to ")),
    end: end === undefined ? undefined : end === "status" ? ("exit" as const) : ("signal" as const),
    said: lines
      .filter((line) => !/^(debug\d:|Authenticated to |Transferred: |Bytes per second: |OpenSSH_)/.test(line))
      .join("\n"),
  };
}
