import { openFileSource } from "../../../core/source/file.ts";
import type { ByteSource } from "../../../core/source/source.ts";
import { windowSource } from "../../../core/source/window.ts";
import type { StackImages } from "./index.ts";

/** The members of each array of the `md` images by its name, in the order in which it was made of them. */
export async function arrayMembers({ disks, told }: StackImages): Promise<ReadonlyMap<string, readonly ByteSource[]>> {
  const disk = await openFileSource(disks.slices ?? "");
  const members = new Map<string, ByteSource[]>();
  for (const line of (told.slices ?? "").trim().split("\n")) {
    const [slice = "", start, size] = line.split(" ");
    const array = slice.replace(/-\d+$/, "");
    const source = windowSource(disk, Number(start), Number(size), slice);
    members.set(array, [...(members.get(array) ?? []), source]);
  }
  return members;
}
