import { randomBytes } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";

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

export function clientLog(folder: string): ClientLog {
  const path = join(folder, `ssh-${process.pid}-${randomBytes(4).toString("hex")}.log`);
  return {
    args: ["-E", path, "-o", "LogLevel=DEBUG1"],
    read: async () => parseClientLog(await readFile(path, "utf8").catch(() => "")),
    [Symbol.asyncDispose]: () => rm(path, { force: true }),
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
