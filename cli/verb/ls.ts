import { type Binary, toBinary, type WalkEntry, walk } from "@guestkit/core/archive";
import type { Disk } from "@guestkit/core/inspect";
import { decodeName } from "@guestkit/core/kit";
import { EXIT, type Invocation } from "../command/command.ts";
import { entryJson } from "../output/entry-json.ts";
import { entryLine } from "../output/entry-line.ts";
import { TextOut } from "../output/stdout.ts";
import { missing, pathOf, readDisk } from "./place.ts";

export async function run(invocation: Invocation): Promise<number> {
  const [image = ""] = invocation.positionals;
  const path = pathOf(invocation, 1, "/");
  await readDisk(invocation, image, async (disk, output) => {
    const out = new TextOut();
    const flush = () => {
      output();
      out.flush();
    };
    await list(invocation, await disk.tree(), path, { out, flush });
    flush();
  });
  return EXIT.done;
}

/** Where lines go, and what writes those that were gathered. */
interface Page {
  readonly out: TextOut;
  readonly flush: () => void;
}

async function list(
  invocation: Invocation,
  tree: Awaited<ReturnType<Disk["tree"]>>,
  path: Uint8Array,
  page: Page,
): Promise<void> {
  const start = await tree.resolve(path);
  if (!start) throw missing(invocation.positionals[0] ?? "", decodeName(path).text, "there is no such file");
  const stat = await start.fs.stat(start.inode);
  if (stat.type === "directory") {
    const print = printer(invocation, page, folderOf(path));
    for await (const batch of walk(tree, start, { recursive: invocation.flags.has("recursive") })) await print(batch);
    return;
  }
  const own = toBinary(path).replace(/\/+$/, "");
  const at = own.lastIndexOf("/");
  const name = own.slice(at + 1);
  const print = printer(invocation, page, own.slice(0, at + 1) || "/");
  await print([{ node: start, stat, name, path: name, impossible: false }]);
}

/** The folder asked for, raw, with a slash at both ends. */
function folderOf(path: Uint8Array): Binary {
  return `/${toBinary(path)}/`.replace(/\/+/g, "/");
}

type Print = (batch: readonly WalkEntry[]) => Promise<void>;

function printer({ flags }: Invocation, { out, flush }: Page, folder: Binary): Print {
  const line = flags.has("json")
    ? (entry: WalkEntry, target: Binary | null) => entryJson(folder + entry.path, entry.stat, target)
    : (entry: WalkEntry, target: Binary | null) => entryLine(entry, target, flags.has("long"));
  const needsTarget = flags.has("json") || flags.has("long");
  return async (batch) => {
    for (const entry of batch) {
      const link = needsTarget && entry.stat.type === "symlink";
      if (out.add(line(entry, link ? toBinary(await entry.node.fs.readLink(entry.node.inode)) : null))) flush();
    }
  };
}
