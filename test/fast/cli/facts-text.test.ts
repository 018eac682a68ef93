import { expect, it } from "vitest";
import { factsText } from "../../../cli/output/facts-text.ts";

it("shows lists as tables, the rest line by line, and nothing raw of what an image says", () => {
  const text = factsText("Boot", {
    command_line: "quiet\u001b[2J",
    editor: false,
    grub: { config: "/boot/grub/grub.cfg", entries: 2 },
    names: ["a", "b"],
    none: [],
    entries: [
      { id: "a", options: ["x", "y"], from: { file: "/f", line: 1 }, note: null },
      { id: "longer", options: [], from: null, note: null },
    ],
  });
  expect(text).toBe(`Boot:
  command line: quiet\\x1b[2J
  editor: no
  grub:
    config: /boot/grub/grub.cfg
    entries: 2
  names: a, b
  none: -
  entries: 2
    ID      OPTIONS  FROM FILE  FROM LINE
    a       x, y     /f         1
    longer  -        -          -
`);
});

it("tells of a long list what fits into a table's column, and how much there is beside it", () => {
  const modules = Array.from({ length: 300 }, (_, at) => `module-${at}`);
  const [, head, first, second] = factsText("Initramfs", [
    { path: "/boot/a", modules, size: 1 },
    { path: "/boot/b", modules: ["x".repeat(200), "y"], size: 2 },
  ]).split("\n");
  expect(head).toMatch(/^ {2}PATH {5}MODULES +SIZE$/);
  expect(first).toMatch(/^ {2}\/boot\/a {2}module-0, .*module-7 and 292 more +1$/);
  expect(second).toMatch(/ x{200} and 1 more {2}2$/);
});
