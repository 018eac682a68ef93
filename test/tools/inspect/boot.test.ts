import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { boot } from "../../../core/guest/facts/boot/index.ts";
import { compareVersions } from "../../../core/guest/facts/boot/version-order.ts";
import { knownSystem } from "../../support/known-system.ts";
import { memoryTree } from "../../support/memory-filesystem.ts";
import { fc } from "../../support/property.ts";
import { scratch } from "../../support/scratch.ts";
import { run } from "../../support/tool.ts";

const dir = await scratch("boot");
const STUB = "/usr/lib/systemd/boot/efi/linuxx64.efi.stub";

it("orders versions as systemd does", async () => {
  const part = fc.constantFrom("", "1", "10", "010", "2", "a", "ab", "rc1", "~", "-", "^", ".", "+", "_", "fc38");
  const version = fc.array(part, { maxLength: 5 }).map((parts) => parts.join(""));
  const kernels = fc.constantFrom("6.1.0-9-amd64", "6.1.0-27-amd64", "6.10.0", "6.9~rc1", "0-rescue");
  const pairs = fc.sample(fc.tuple(fc.oneof(version, kernels), fc.oneof(version, kernels)), 120);
  // Its exit code is the order, too: 11 and 12 are no failures.
  const each = 'while [ $# -gt 0 ]; do systemd-analyze compare-versions -- "$1" "$2"; shift 2; done; true';
  const told = (await run("sh", ["-c", each, "sh", ...pairs.flat()])).trim().split("\n");
  const ours = pairs.map(([a, b]) => {
    const order = compareVersions(a, b);
    const sign = order === 0 ? "==" : order < 0 ? "<" : ">";
    return `${a || "''"} ${sign} ${b || "''"}`;
  });
  expect(ours).toEqual(told);
});

it("tells a unified kernel's sections as objdump lists them", async () => {
  const [osrel, cmdline, uname, linux, file] = ["osrel", "cmdline", "uname", "linux", "uki.efi"].map((name) =>
    join(dir, name),
  ) as [string, string, string, string, string];
  await writeFile(osrel, 'ID=example\nPRETTY_NAME="Example 1"\n');
  await writeFile(cmdline, "root=/dev/vda quiet\0");
  await writeFile(uname, "6.1.0-27-amd64");
  await writeFile(linux, new Uint8Array(70_001).fill(7));
  const sections = { ".osrel": osrel, ".cmdline": cmdline, ".uname": uname, ".linux": linux };
  const added = Object.entries(sections).flatMap(([name, path], index) => [
    ...["--add-section", `${name}=${path}`, "--change-section-vma", `${name}=${0x100000 * (index + 1)}`],
  ]);
  await run("objcopy", [...added, STUB, file]);
  const listed = [...(await run("objdump", ["-h", file])).matchAll(/^ +\d+ (\S+) +([0-9a-f]+) /gm)];
  const tree = await memoryTree({ "/boot/": "", "/boot/efi/EFI/Linux/uki.efi": await readFile(file) });
  const { unified, command_line } = await boot.read(await knownSystem(tree));
  expect(unified[0]?.sections.map(({ name, size }) => [name, size])).toEqual(
    listed.map(([, name, size = ""]) => [name, Number.parseInt(size, 16)]),
  );
  expect(unified).toMatchObject([{ title: "Example 1", version: "6.1.0-27-amd64", arch: "x86_64", signed: false }]);
  expect(command_line).toBe("root=/dev/vda quiet");
});
