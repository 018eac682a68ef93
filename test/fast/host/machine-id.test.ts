import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { machineId } from "../../../core/host/machine-id.ts";
import { scratch } from "../../support/scratch.ts";

const dir = await scratch("machine-id");

it("derives a machine's id as systemd does, and tells not its own", async () => {
  const path = join(dir, "machine-id");
  await writeFile(path, "3d1219c7c4c5404aaa1f6d2a48adfda4\n");
  // systemd-id128 machine-id --app-specific=8e7d1c0f5a2b4c6e9f30b1a2c3d4e5f6
  expect(machineId([path])).toBe("e149ea8559bb4e67803f5392222d90f2");
});

it.each(["", "uninitialized\n", "0".repeat(32), "3d1219c7-c4c5-404a-aa1f-6d2a48adfda4"])(
  "takes %j for no id, and looks at the next place",
  async (text) => {
    const [none, other] = [join(dir, "none"), join(dir, "other")];
    await writeFile(none, text);
    await writeFile(other, `${"a".repeat(32)}\n`);
    expect(machineId([none, join(dir, "missing")])).toBeNull();
    expect(machineId([none, other])).toMatch(/^[0-9a-f]{32}$/);
  },
);
