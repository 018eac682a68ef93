import { isatty } from "node:tty";
import { fromBinary, toBinary, writeTar } from "@guestkit/core/archive";
import { decodeName, printable } from "@guestkit/core/kit";
import { EXIT, type Invocation } from "../command/command.ts";
import { usage } from "../command/parse.ts";
import { writeOut } from "../output/stdout.ts";
import { missing, note, pathOf, readDisk } from "./place.ts";

export async function run(invocation: Invocation): Promise<number> {
  const [image = ""] = invocation.positionals;
  // Not process.stdout: making that stream would make a pipe non-blocking, and every full one an error.
  if (isatty(1)) throw usage(invocation.command, "an archive is nothing for a terminal: redirect it to a file");
  const path = pathOf(invocation, 1, "/");
  await readDisk(invocation, image, async (disk, output) => {
    const tree = await disk.tree();
    const start = await tree.resolve(path);
    if (!start) throw missing(image, decodeName(path).text, "there is no such file");
    const name = toBinary(path).replace(/\/+$/, "").split("/").at(-1) ?? "";
    await writeTar(tree, start, name, writeOut, {
      check: output,
      onSkip: (skipped, why) => note(`${printable(decodeName(fromBinary(skipped)).text)}: ${why}`),
    });
  });
  return EXIT.done;
}
