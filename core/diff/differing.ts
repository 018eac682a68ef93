import { formatMode, formatTime, fromBinary, toBinary, type WalkEntry } from "../archive/index.ts";
import type { TreeNode } from "../filesystem/tree.ts";
import { decodeName } from "../kit/name.ts";
import { hexOf } from "../kit/struct.ts";
import type { Pair } from "./change.ts";
import { isSame } from "./content.ts";
import { pairs } from "./lists.ts";
import { both, type Unread } from "./unread.ts";
import type { Work } from "./work.ts";

export interface FileOptions {
  /** Modification times count as well. */
  readonly times?: boolean;
  readonly signal?: AbortSignal | undefined;
}

type Fields = Readonly<Record<string, Pair>>;

/** What of one path is not the same, and why the rest of it could not be compared. */
export interface Difference {
  readonly fields: Fields;
  readonly unread: readonly Unread[];
}

/** The sizes of a content that is not the same; `knownSame`: it is. */
export async function differing(
  was: WalkEntry,
  is: WalkEntry,
  work: Work,
  options: FileOptions & { readonly knownSame?: boolean },
): Promise<Difference> {
  if (was.stat.type !== is.stat.type) return told({ type: [was.stat.type, is.stat.type] });
  const plain = pairs(plainOf(was, options), plainOf(is, options));
  const attributes = await attributesOf(was.node, is.node);
  const content = options.knownSame ? NOTHING : await contentOf(was, is, work);
  return {
    fields: { ...plain, ...attributes.fields, ...content.fields },
    unread: [...attributes.unread, ...content.unread],
  };
}

const told = (fields: Fields): Difference => ({ fields, unread: [] });
const untold = (unread: Unread): Difference => ({ fields: {}, unread: [unread] });
const NOTHING = told({});

function plainOf({ stat }: WalkEntry, { times }: FileOptions): Readonly<Record<string, unknown>> {
  return {
    mode: formatMode(stat.mode),
    owner: `${stat.uid}:${stat.gid}`,
    device: stat.device ? `${stat.device.major}:${stat.device.minor}` : undefined,
    ...(times && stat.type !== "directory" && { mtime: formatTime(stat.mtime) }),
  };
}

async function contentOf(was: WalkEntry, is: WalkEntry, work: Work): Promise<Difference> {
  if (was.stat.type === "symlink") return await targetOf(was.node, is.node);
  if (was.stat.type !== "file" || (was.stat.size === 0 && is.stat.size === 0)) return NOTHING;
  const content: Pair = [was.stat.size, is.stat.size];
  if (was.stat.size !== is.stat.size) return told({ content });
  const opened = await both(
    () => was.node.fs.open(was.node.inode),
    () => is.node.fs.open(is.node.inode),
  );
  if (opened.unread) return untold(opened.unread);
  const same = await isSame(...opened.values, work, is.path);
  if (typeof same !== "boolean") return untold(same);
  return same ? NOTHING : told({ content });
}

async function targetOf(a: TreeNode, b: TreeNode): Promise<Difference> {
  const { values, unread } = await both(
    () => a.fs.readLink(a.inode),
    () => b.fs.readLink(b.inode),
  );
  if (unread) return untold(unread);
  const [old, now] = values.map(toBinary) as [string, string];
  if (old === now) return NOTHING;
  const [was, is] = [decodeName(fromBinary(old)), decodeName(fromBinary(now))];
  // Of targets that are no UTF-8 the same text may be left.
  const target: Pair = was.text === is.text ? [`base64:${btoa(old)}`, `base64:${btoa(now)}`] : [was.text, is.text];
  return told({ target });
}

/** Extended attributes, by their names; values as hexadecimal digits. */
async function attributesOf(a: TreeNode, b: TreeNode): Promise<Difference> {
  const { values, unread } = await both(
    () => a.fs.xattrs(a.inode),
    () => b.fs.xattrs(b.inode),
  );
  if (unread) return untold(unread);
  const [old, now] = values;
  if (old.size === 0 && now.size === 0) return NOTHING;
  const spelled = (map: ReadonlyMap<string, Uint8Array>) =>
    Object.fromEntries([...map].map(([name, value]) => [`xattr ${name}`, hexOf(value)]));
  return told(pairs(spelled(old), spelled(now)));
}
