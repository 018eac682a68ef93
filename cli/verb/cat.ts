import { open } from "@guestkit/core/inspect";
import { decodeName } from "@guestkit/core/kit";
import { EXIT, type Invocation } from "../command/command.ts";
import { writeOut } from "../output/stdout.ts";
import { missing, noteHost, pathOf, placeOf } from "./place.ts";

/** Bytes read at once. */
const CHUNK = 1 << 20;

export async function run(invocation: Invocation): Promise<number> {
  const [image = ""] = invocation.positionals;
  const path = pathOf(invocation, 1);
  await using disk = await open(image, placeOf(invocation));
  noteHost(disk);
  const tree = await disk.tree();
  await using file = await tree.open(path);
  if (!file) throw missing(image, decodeName(path).text, "there is no such regular file");
  for (let at = 0; at < file.size; at += CHUNK) writeOut(await file.read(at, Math.min(CHUNK, file.size - at)));
  return EXIT.done;
}
