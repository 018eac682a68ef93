import { open } from "@guestkit/core/inspect";
import { EXIT, type Invocation } from "../command/command.ts";
import { noteHost, pathOf, placeOf } from "./place.ts";
import { printFile } from "./print-file.ts";

export async function run(invocation: Invocation): Promise<number> {
  const [image = ""] = invocation.positionals;
  const path = pathOf(invocation, 1);
  await using disk = await open(image, placeOf(invocation));
  noteHost(disk);
  await printFile(disk, image, path);
  return EXIT.done;
}
