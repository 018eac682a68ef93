import { expect, it } from "vitest";
import { changeLine } from "../../../cli/output/change-text.ts";
import type { Change } from "../../../core/diff/index.ts";

const line = (change: Change["change"], fields: Change["fields"]) =>
  changeLine({ group: "system", change, system: 0, name: "a\u001b[2J", from: null, fields });

it.each([
  ["modified", { enabled: [true, false], value: [null, "x"] }, "~", "enabled yes -> no, - -> x"],
  ["added", { groups: [null, ["sudo", "a\u0007"]], members: [null, []] }, "+", "groups sudo, a\\x07, members -"],
  [
    "removed",
    {
      loaders: [
        [
          { name: "grub", path: null },
          { name: "uki", path: "/EFI" },
        ],
        null,
      ],
    },
    "-",
    "loaders grub; uki /EFI",
  ],
] as const)("what was %s is told in words, and nothing raw of what an image says", (change, fields, mark, text) => {
  expect(line(change, fields)).toBe(`  ${mark} a\\x1b[2J  ${text}\n`);
});
