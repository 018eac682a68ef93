import { describe, expect, it } from "vitest";
import { walk } from "../../../core/archive/index.ts";
import { isSame } from "../../../core/diff/content.ts";
import { compareFiles } from "../../../core/diff/files.ts";
import type { Work } from "../../../core/diff/work.ts";
import { Tree } from "../../../core/filesystem/tree.ts";
import { Budget } from "../../../core/kit/budget.ts";
import { GuestkitError } from "../../../core/kit/errors.ts";
import type { ByteSource } from "../../../core/source/source.ts";
import { type Content, MemoryFileSystem } from "../../support/memory-filesystem.ts";

const PIECE = 256 << 10;
const freely = { [Symbol.dispose]: () => {} };
const work = (one: Work["one"] = () => freely): Work => ({
  ...{ before: new Uint8Array(PIECE), after: new Uint8Array(PIECE) },
  ...{ all: () => freely, one },
});

const treeOf = (fs: MemoryFileSystem) => Tree.assemble([{ target: "/", fs }], new Budget());

async function told(before: MemoryFileSystem, after: MemoryFileSystem): Promise<readonly string[]> {
  const [was, is] = [await treeOf(before), await treeOf(after)];
  const place = (tree: Tree) => ({ tree, start: tree.root, prefix: "", folder: "/" });
  const changes = await Array.fromAsync(compareFiles(place(was), place(is), null, work(), {}));
  return changes.map(({ change, name, from, fields }) =>
    [change, from, name, JSON.stringify(fields.error)].filter(Boolean).join(" "),
  );
}

const files = (more: Readonly<Record<string, Content>>) =>
  new MemoryFileSystem({ "etc/a": "1", "etc/z": "1", ...more });

/** One whose folders cannot be listed, and whose names stand for nothing that can be read, where that is said. */
class Damaged extends MemoryFileSystem {
  readonly #closed: ReadonlySet<number>;
  readonly #lost: ReadonlySet<number>;

  constructor(content: Readonly<Record<string, Content>>, closed: readonly number[], lost: readonly number[]) {
    super(content);
    this.#closed = new Set(closed);
    this.#lost = new Set(lost);
  }

  override async stat(inode: number) {
    if (this.#lost.has(inode)) throw new GuestkitError("E_TEST_STAT", "Cannot read it");
    return await super.stat(inode);
  }

  override async *entries(directory: number) {
    if (this.#closed.has(directory)) throw new GuestkitError("E_TEST_LIST", "Cannot list it");
    yield* super.entries(directory);
  }
}

describe("what cannot be read of two trees", () => {
  it("is told by its side, and the rest is compared", async () => {
    const bad = files({ "etc/m": { damaged: true }, "etc/z": "2" });
    const { size } = await bad.stat((await (await treeOf(bad)).resolve("/etc/m"))?.inode ?? 0);
    const whole = files({ "etc/m": "x".repeat(size) });
    const reason = "E_TEST_DAMAGED: Cannot read inode 6: it is damaged";
    expect(await told(bad, whole)).toEqual([`unread /etc/m ["${reason}",null]`, "modified /etc/z"]);
    expect(await told(whole, bad)).toEqual([`unread /etc/m [null,"${reason}"]`, "modified /etc/z"]);
    expect(await told(bad, bad)).toEqual([`unread /etc/m ["${reason}","${reason}"]`]);
    // What is of another size differs, whatever it holds.
    expect(await told(bad, files({ "etc/m": "x".repeat(size + 1) }))).toEqual(["modified /etc/m", "modified /etc/z"]);
  });

  const tree = { "d/e/f": "1", "d/g": "1", d2: "1", l: "1" };
  const inodes = async () => {
    const plain = await treeOf(new MemoryFileSystem(tree));
    const at = async (path: string) => (await plain.resolve(path))?.inode ?? 0;
    return { d: await at("/d"), e: await at("/d/e"), g: await at("/d/g"), l: await at("/l") };
  };

  it("hides what lies below it in the other tree, and nothing beside it", async () => {
    const { d, e, g, l } = await inodes();
    const whole = new MemoryFileSystem(tree);
    const closed = new Damaged(tree, [d], []);
    expect(await told(closed, whole)).toEqual(['unread /d ["E_TEST_LIST: Cannot list it",null]']);
    expect(await told(whole, closed)).toEqual(['unread /d [null,"E_TEST_LIST: Cannot list it"]']);
    expect(await told(closed, closed)).toHaveLength(1);
    const lost = new Damaged(tree, [], [e, g, l]);
    const reason = '["E_TEST_STAT: Cannot read it",null]';
    expect(await told(lost, whole)).toEqual([`unread /d/e ${reason}`, `unread /d/g ${reason}`, `unread /l ${reason}`]);
    // Of a name that one of them alone has it is known that they differ.
    const less = new MemoryFileSystem({ "d/e/f": "1", d2: "1", l: "1" });
    expect(await told(lost, less)).toContain("removed /d/g");
    // Where the trees themselves are lost nothing else is told.
    expect(await told(new Damaged(tree, [whole.root], []), whole)).toEqual([
      'unread / ["E_TEST_LIST: Cannot list it",null]',
    ]);
  });

  it("ends a walk that nobody hears about it, and no walk that somebody does", async () => {
    const { d } = await inodes();
    const damaged = await treeOf(new Damaged(tree, [d], []));
    await expect(Array.fromAsync(walk(damaged, damaged.root))).rejects.toThrow("Cannot list it");
    const lost: string[] = [];
    const batches = await Array.fromAsync(walk(damaged, damaged.root, { lost: ({ path }) => void lost.push(path) }));
    expect(batches.flat().map(({ path }) => path)).toEqual(["d", "d2", "l"]);
    expect(lost).toEqual(["d"]);
  });

  it("is a folder of more names than are kept, and one whose path is longer than any", async () => {
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`many/${at}`, ""]));
    const deep = `${"deep/".repeat(20)}file`;
    const wide = await treeOf(new MemoryFileSystem({ ...many, [deep]: "", after: "" }));
    const lost: string[] = [];
    const hear = {
      lost: ({ path, error }: { path: string; error: unknown }) =>
        void lost.push(`${path.length} ${(error as GuestkitError).code}`),
    };
    const paths = (await Array.fromAsync(walk(wide, wide.root, { ...hear, names: 200, path: 50 })))
      .flat()
      .map(({ path }) => path);
    expect(lost).toEqual(["54 E_WALK_PATH", "4 E_WALK_NAMES"]);
    expect(paths).toContain("after");
    expect(paths.filter((path) => path.startsWith("many/"))).toEqual([]);
    await expect(Array.fromAsync(walk(wide, wide.root, { names: 200 }))).rejects.toThrow("more than 200 names");
  });
});

/** An endless file of which each byte is the same and stands nowhere: all of it has to be read. */
const endless = (budget: Budget): ByteSource => ({
  name: "endless",
  size: Number.MAX_SAFE_INTEGER,
  read: async () => new Uint8Array(0),
  readInto: (_, target) => budget.read(target.length),
  [Symbol.asyncDispose]: async () => {},
});

it("what takes more than its share to compare is told, not followed", async () => {
  const [one, two] = [new Budget(), new Budget()];
  const share = (name: string) => one.enter(name, { steps: 1000 });
  const same = await isSame(endless(one), endless(two), work(share), "etc/endless");
  expect(same).toEqual([expect.stringMatching(/^E_BUDGET_STEPS: .* for etc\/endless/), null]);
  one.read(1 << 30);
});
