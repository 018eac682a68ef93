import { type Binary, toBinary, type WalkEntry, walk } from "@guestkit/core/archive";
import { open } from "@guestkit/core/inspect";
import { decodeName } from "@guestkit/core/kit";
import { EXIT, type Invocation } from "../command/command.ts";
import { entryJson } from "../output/entry-json.ts";
import { entryLine } from "../output/entry-line.ts";
import { TextOut } from "../output/stdout.ts";
import { missing, noteHost, pathOf, placeOf } from "./place.ts";

export async function run(invocation: Invocation): Promise<number> {
  const [image = ""] = invocation.positionals;
  const path = pathOf(invocation, 1, "/");
  await using disk = await open(image, placeOf(invocation));
  noteHost(disk);
  const tree = await disk.tree();
  const start = await tree.resolve(path);
  if (!start) throw missing(image, decodeName(path).text, "there is no such file");
  const stat = await start.fs.stat(start.inode);
  const out = new TextOut();
  const print = printer(invocation, out, folderOf(path));
  if (stat.type === "directory") {
    const recursive = invocation.flags.has("recursive");
    for await (const batch of walk(tree, start, { recursive })) await print(batch);
  } else {
    const own = toBinary(path).replace(/\/+$/, "");
    const at = own.lastIndexOf("/");
    const name = own.slice(at + 1);
    await printer(
      invocation,
      out,
      own.slice(0, at + 1) || "/",
    )([{ node: start, stat, name, path: name, impossible: false }]);
  }
  out.flush();
  return EXIT.done;
}

/** The folder asked for, raw, with a slash at both ends. */
function folderOf(path: Uint8Array): Binary {
  return `/${toBinary(path)}/`.replace(/\/+/g, "/");
}

type Print = (batch: readonly WalkEntry[]) => Promise<void>;

function printer({ flags }: Invocation, out: TextOut, folder: Binary): Print {
  const line = flags.has("json")
    ? (entry: WalkEntry, target: Binary | null) => entryJson(folder + entry.path, entry.stat, target)
    : (entry: WalkEntry, target: Binary | null) => entryLine(entry, target, flags.has("long"));
  const needsTarget = flags.has("json") || flags.has("long");
  return async (batch) => {
    for (const entry of batch) {
      const link = needsTarget && entry.stat.type === "symlink";
      out.write(line(entry, link ? toBinary(await entry.node.fs.readLink(entry.node.inode)) : null));
    }
  };
}
