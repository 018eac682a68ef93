import { type OpenOptions, reading, type Use } from "@guestkit/core/inspect";
import { GuestkitError } from "@guestkit/core/kit";
import type { Invocation } from "../command/command.ts";
import { keysOf } from "../command/keys.ts";
import { PLACE, type Side } from "../command/options.ts";
import { usage } from "../command/parse.ts";
import { shown } from "../output/table.ts";

/** The options of `open` that the command line gives. */
export function placeOf(invocation: Invocation): OpenOptions {
  const { values, signal, command } = invocation;
  const partition = values.partition === undefined ? undefined : Number(values.partition);
  if (partition !== undefined && !(Number.isSafeInteger(partition) && partition > 0)) {
    throw usage(command, `--partition must be a number from 1, not "${values.partition}"`);
  }
  return {
    partition,
    filesystem: values.filesystem,
    snapshot: values.snapshot,
    format: values["image-format"],
    with: invocation.lists.with,
    ...keysOf(invocation),
    signal,
  };
}

/** The options for one of two images in the place of those for both; keys beside them. */
export function ofSide(invocation: Invocation, side: Side): Invocation {
  const values = { ...invocation.values };
  const lists = { ...invocation.lists };
  for (const name of Object.keys(PLACE)) {
    values[name] = values[`${side}-${name}`] ?? values[name];
    lists[name] = lists[`${side}-${name}`] ?? lists[name];
  }
  lists.key = [...(invocation.lists[`${side}-key`] ?? []), ...(invocation.lists.key ?? [])];
  return { ...invocation, values, lists };
}

/** The raw bytes of the path argument at `index`, or of --path-base64; `fallback` where neither is there. */
export function pathOf(invocation: Invocation, index: number, fallback?: string): Uint8Array {
  const { positionals, values, command } = invocation;
  const base64 = values["path-base64"];
  const plain = positionals[index];
  if (base64 !== undefined && plain !== undefined) throw usage(command, "PATH and --path-base64 exclude one another");
  if (base64 !== undefined) return fromBase64(base64, command);
  const text = plain ?? fallback;
  if (text === undefined) throw usage(command, "PATH is missing");
  return new TextEncoder().encode(text);
}

function fromBase64(text: string, command: Invocation["command"]): Uint8Array {
  const bytes = Buffer.from(text, "base64");
  if (bytes.length > 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text)) return new Uint8Array(bytes);
  throw usage(command, `--path-base64 is no base64: "${text}"`);
}

export function missing(image: string, path: string, what: string): GuestkitError {
  const parent = path.replace(/\/[^/]*\/*$/, "") || "/";
  return new GuestkitError("E_FILE_MISSING", `Cannot read "${path}" in "${image}": ${what}`, {
    at: { file: image },
    help: `List what is there: guestkit ls "${image}" "${parent}"`,
  });
}

/** Reads an image, by the options that the command line gives, for verbs that answer with no report of their own. */
export function readDisk<T>(invocation: Invocation, image: string, use: Use<T>): Promise<T> {
  const noted = new Set<string>();
  return reading(image, placeOf(invocation), (disk, output) => {
    for (const warning of disk.hostWarnings) if (!noted.has(warning)) note(shown(warning));
    for (const warning of disk.hostWarnings) noted.add(warning);
    return use(disk, output);
  });
}

/** Notes go to standard error, so that they never mix with an answer. */
export function note(text: string): void {
  process.stderr.write(`guestkit: ${text}\n`);
}
