import { expect } from "vitest";
import type { FileSystem } from "../../../core/filesystem/filesystem.ts";
import { openFileSystem } from "../../../core/filesystem/index.ts";
import { cachedSource } from "../../../core/source/cached.ts";
import { openFileSource } from "../../../core/source/file.ts";
import { nodeHost } from "../../../core/source/node.ts";
import { differences, type Facts, fileSystemFacts } from "../../support/compare-tree.ts";

/** The file system that lies on these images, opened by the first of them. */
export async function withFileSystem<T>(files: readonly string[], use: (fs: FileSystem) => Promise<T>): Promise<T> {
  await using stack = new AsyncDisposableStack();
  const sources = [];
  for (const file of files) sources.push(stack.use(cachedSource(await openFileSource(file))));
  const [first, ...others] = sources;
  const fs = first && (await openFileSystem(first, { ...nodeHost, others }));
  if (!fs) throw new Error(`${files} hold no file system`);
  return await use(fs);
}

/** The kernel shows an entry whose subvolume is not there with the time of the look. */
function withoutTimesOfStubs(facts: Facts): Facts {
  const isStub = ({ inode, type }: { inode?: number; type?: string }) => inode === 2 && type === "directory";
  return new Map([...facts].map(([path, each]) => [path, isStub(each) ? { ...each, mtime: "", ctime: "" } : each]));
}

export async function expectSame(fs: FileSystem, expected: Facts): Promise<void> {
  const ours = withoutTimesOfStubs(await fileSystemFacts(fs));
  expect(differences(ours, withoutTimesOfStubs(expected))).toEqual([]);
}
