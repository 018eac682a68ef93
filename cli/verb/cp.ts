import { statSync } from "node:fs";
import { fromBinary } from "@guestkit/core/archive";
import { type CopyOptions, type CopyResult, copyOut } from "@guestkit/core/copy";
import { decodeName, printable } from "@guestkit/core/kit";
import { EXIT, type Invocation } from "../command/command.ts";
import { usage } from "../command/parse.ts";
import { progressDisplay } from "../output/progress.ts";
import { writeJson } from "../output/stdout.ts";
import { note, pathOf, readDisk } from "./place.ts";
import { printFile } from "./print-file.ts";

export async function run(invocation: Invocation): Promise<number> {
  const { flags, values, signal, positionals } = invocation;
  const { image, path } = sourceOf(invocation);
  if (positionals[1] === STDOUT) return await print(invocation, image, path);
  using display = progressDisplay();
  const options: CopyOptions = {
    recursive: flags.has("recursive"),
    preserve: flags.has("preserve"),
    overwrite: !flags.has("no-overwrite"),
    links: (values.links ?? "safe") as NonNullable<CopyOptions["links"]>,
    check: flags.has("dry-run"),
    signal,
    progress: display.show,
  };
  const dest = Buffer.from(hostPath(positionals[1] ?? ""));
  const result = await readDisk(invocation, image, async (disk, output) =>
    copyOut(await disk.tree(), path, dest, { ...options, output }),
  );
  display.clear();
  report(result, flags.has("json"), flags.has("dry-run"));
  return EXIT.done;
}

/** As DEST; a file of that name is ./- */
const STDOUT = "-";

async function print(invocation: Invocation, image: string, path: Uint8Array): Promise<number> {
  const { flags, command } = invocation;
  const odd = ["recursive", "preserve", "json", "dry-run", "no-overwrite"].find((name) => flags.has(name));
  if (odd !== undefined) throw usage(command, `--${odd} has no meaning where a file goes to standard output (-)`);
  await readDisk(invocation, image, (disk, output) => printFile(disk, image, path, output));
  return EXIT.done;
}

/** `DEST/` must not become an empty last name. */
function hostPath(dest: string): string {
  return dest.length > 1 ? dest.replace(/\/+$/, "") || "/" : dest;
}

/** An image's name may hold colons: the first one behind which a file is named wins. */
function sourceOf(invocation: Invocation): { image: string; path: Uint8Array } {
  const [source = ""] = invocation.positionals;
  if (invocation.values["path-base64"] !== undefined) return { image: source, path: pathOf(invocation, 2) };
  const colons = [...source.matchAll(/:/g)].map(({ index }) => index);
  const split = colons.find((at) => isThere(source.slice(0, at))) ?? colons[0];
  if (split === undefined || split === source.length - 1) {
    throw usage(invocation.command, `"${source}" names no path inside an image: write IMAGE:PATH`);
  }
  return { image: source.slice(0, split), path: new TextEncoder().encode(source.slice(split + 1)) };
}

function isThere(path: string): boolean {
  return path !== "" && statSync(path, { throwIfNoEntry: false })?.isDirectory() === false;
}

function report(result: CopyResult, json: boolean, check: boolean): void {
  const leftOut = result.leftOut.map(({ path, why }) => ({ ...decodeName(fromBinary(path)), why }));
  if (json) {
    const { files, copied, bytes } = result;
    const left = leftOut.map(({ text, base64, why }) => ({ path: text, path_base64: base64, why }));
    writeJson({ copied_to: result.copiedTo.toString("utf8"), files, copied, bytes, left_out: left });
    return;
  }
  for (const { text, why } of leftOut) note(`left out ${printable(text)}: ${why}`);
  if (check) note(`${result.copied} of ${result.files} would be written`);
}
