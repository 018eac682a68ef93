/** Reads a status of 10 MB once with the reader of a checkout, and prints the CPU ms that it took. */
import { join } from "node:path";

const [folder = "", shape = ""] = process.argv.slice(2);
const { readDpkg } = await import(join(folder, "core/guest/packages/dpkg/index.ts"));
const { memoryTree } = await import(join(folder, "test/support/memory-filesystem.ts"));

const SIZE = 10e6;
const HEAD =
  "Status: install ok installed\nPriority: optional\nSection: libs\nInstalled-Size: 168\nMaintainer: Ü <a@b>\n";
const DEPENDS = `Depends: ${"libc6 (>= 2.34), ".repeat(12)}\n`;
const DESCRIPTION = `Description: a library\n${" This is a line of what it is for, as long as such lines are.\n".repeat(7)}`;
const one = (name: string) =>
  `Package: ${name}\n${HEAD}Architecture: amd64\nSource: s\nVersion: 1:2.3-4\n${DEPENDS}${DESCRIPTION}\n`;

function packages(): string {
  const all: string[] = [];
  for (let size = 0; size < SIZE; size += all.at(-1)?.length ?? 0) all.push(one(`lib${all.length}`));
  return all.join("");
}

const text = shape === "packages" ? packages() : "Package: b\nVersion: 1\n".padEnd(SIZE, " x\n");
const tree = await memoryTree({ "/var/lib/dpkg/status": text });
globalThis.gc?.();
const before = process.cpuUsage();
await readDpkg(tree);
const { user, system } = process.cpuUsage(before);
console.log((user + system) / 1000);
