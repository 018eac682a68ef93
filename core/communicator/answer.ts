import type { ValueObject } from "../model/value.ts";
import type { GuestResult } from "./way/way.ts";

/** Bytes of an output that an answer has. */
const MOST = 1 << 20;

/** The last MiB of a long text. */
export const tailOf = (text: string): string => {
  const bytes = Buffer.from(text);
  return bytes.length <= MOST ? text : bytes.subarray(-MOST).toString("utf8");
};

/** What came of a command in a guest, as every verb answers it. */
export function guestAnswer({ exitCode, stdout, stderr }: GuestResult): ValueObject {
  return { exit_code: exitCode, stdout: tailOf(stdout), stderr: tailOf(stderr) };
}
