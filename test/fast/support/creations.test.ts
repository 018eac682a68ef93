import { expect, it } from "vitest";
import { creationsIn } from "../../support/creations.ts";

const lines = [
  "10 umask(077)                        = 022",
  "10 clone(child_stack=NULL, flags=CLONE_VM|CLONE_VFORK <unfinished ...>",
  '11 openat(AT_FDCWD, "/w/early", O_RDWR|O_CREAT, 0666) = 3',
  "11 vfork( <unfinished ...>",
  '12 openat(AT_FDCWD, "/w/earlier", O_RDWR|O_CREAT, 0666) = 3',
  "11 <... vfork resumed>) = 12",
  "10 <... clone resumed>) = 11",
  '11 openat(AT_FDCWD, "/w/late", O_RDWR|O_CREAT, 0644) = 3',
];

it("gives a child its parent's umask where it is at work before the parent's call has returned", () => {
  const modes = creationsIn(lines.join("\n"), "/w").map(({ path, mode }) => `${mode.toString(8)} ${path}`);
  expect(modes).toEqual(["600 /w/early", "600 /w/earlier", "600 /w/late"]);
});

it("refuses a log that does not tell who made a process", () => {
  expect(() => creationsIn(`${lines[0]}\n${lines[2]}`, "/w")).toThrow("11");
});
