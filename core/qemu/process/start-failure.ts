import { GuestkitError } from "../../kit/errors.ts";
import { inUse } from "../block/img.ts";
import { tailOfLog } from "../log/log-cut.ts";
import { holderOf } from "./process-holder.ts";

const LINES = 8;

/** Turns what QEMU said before it ended into an error. */
export async function startFailure(log: string, cause: unknown): Promise<GuestkitError> {
  const text = await tailOfLog(log).catch(() => "");
  const said = text.trim().split("\n").filter(Boolean).slice(-LINES);
  return (await locked(said)) ?? portTaken(said) ?? unknown(log, said, cause);
}

async function locked(said: readonly string[]): Promise<GuestkitError | null> {
  if (!said.some((line) => /Failed to get .*lock/i.test(line))) return null;
  const path = said.map((line) => /process using the image \[(.*)\]/.exec(line)?.[1]).find(Boolean);
  const words = new Error(said.join("\n"));
  if (path === undefined) return inUse("an image of the machine", words);
  return inUse(path, words, (await holderOf(new Set([path]))) ?? undefined);
}

/** Somebody was faster between our look and QEMU's start. */
function portTaken(said: readonly string[]): GuestkitError | null {
  const line = said.find((each) => /Could not set up host forwarding rule|Address already in use/i.test(each));
  if (line === undefined) return null;
  return new GuestkitError("E_PORT_TAKEN", `Cannot start the machine: ${withoutProgram(line)}`, {
    help: "Run again: a port that was picked is picked anew.",
  });
}

function unknown(log: string, said: readonly string[], cause: unknown): GuestkitError {
  const why = said.length > 0 ? said.map(withoutProgram).join("; ") : (cause as Error).message;
  return new GuestkitError("E_QEMU_START", `Cannot start the machine: ${why}`, {
    at: { file: log },
    cause,
    help: `Mend what it says; the whole of it lies in "${log}".`,
  });
}

const withoutProgram = (line: string): string => line.replace(/^\S*qemu-system-\S+: /, "");
