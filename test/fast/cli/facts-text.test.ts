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
