import { describe, expect, it } from "vitest";
import { walk } from "../../../core/archive/index.ts";
import { Tree } from "../../../core/filesystem/tree.ts";
import { Budget } from "../../../core/kit/budget.ts";
import { type Content, MemoryFileSystem } from "../../support/memory-filesystem.ts";

/** Counts the files that are looked at. */
class CountedFileSystem extends MemoryFileSystem {
  looks = 0;

  override stat(inode: number) {
    this.looks++;
    return super.stat(inode);
  }
}

const treeOf = async (files: Record<string, Content>) => {
  const fs = new CountedFileSystem(files);
  return { fs, tree: await Tree.assemble([{ target: "/", fs }], new Budget()) };
};

describe("a walk", () => {
  it("looks at a large directory a part at a time, and gives all of it in order", async () => {
    const names = Array.from({ length: 5000 }, (_, at) => `file-${String(at).padStart(4, "0")}`);
    const { fs, tree } = await treeOf(Object.fromEntries(names.toReversed().map((name) => [`/${name}`, ""])));
    const found: string[] = [];
    for await (const batch of walk(tree, tree.root)) {
      found.push(...batch.map(({ path }) => path));
      // Those of this batch, and no others ahead of it.
      expect(fs.looks).toBeLessThanOrEqual(found.length + 2);
      expect(batch.length).toBeLessThanOrEqual(1024);
    }
    expect(found).toEqual(names);
  });

  it("goes into a directory right behind its name", async () => {
    const { tree } = await treeOf({ "/a/x": "", "/a/y/z": "", "/a-b": "", "/b": "", "/empty/": "" });
    const batches = await Array.fromAsync(walk(tree, tree.root));
    expect(batches.map((batch) => batch.map(({ path }) => path))).toEqual([
      ["a"],
      ["a/x", "a/y"],
      ["a/y/z"],
      ["a-b", "b", "empty"],
    ]);
    const flat = await Array.fromAsync(walk(tree, tree.root, { recursive: false }));
    expect(flat.map((batch) => batch.map(({ path }) => path))).toEqual([["a", "a-b", "b", "empty"]]);
  });
});
