import { EXIT, type Invocation } from "../command/command.ts";
import { pathOf, readDisk } from "./place.ts";
import { printFile } from "./print-file.ts";

export async function run(invocation: Invocation): Promise<number> {
  const [image = ""] = invocation.positionals;
  const path = pathOf(invocation, 1);
  await readDisk(invocation, image, (disk, output) => printFile(disk, image, path, output));
  return EXIT.done;
}
