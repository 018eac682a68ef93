import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadProject, parseYaml } from "../../../core/project/index.ts";
import { run, scratch } from "../../support/run.ts";

const read = (text: string) => parseYaml("/srv/guestkit.yaml", text).value;

/** Nine times nine times nine of them, and so on: 200 bytes that make 40 million values. */
const bomb = ["a: &a [x,x,x,x,x,x,x,x,x]"]
  .concat([..."bcdefgh"].map((name, at) => `${name}: &${name} [${Array(9).fill(`*${"abcdefg"[at]}`).join()}]`))
  .join("\n");

describe("YAML", () => {
  it.each([
    ["an alias that holds itself", "version: 1\nresources: &r\n  disk_image: *r\n", /:3:15: \*r stands within &r/],
    ["an alias of nothing", "a: *x\nb: &x 1\n", /:1:4: \*x has no &x before it/],
    ["an alias bomb", bomb, /its aliases make more than/],
    ["3,000 levels of maps", Array.from({ length: 3000 }, (_, at) => `${" ".repeat(at)}a:`).join("\n"), /64 levels/],
    ["3,000 levels of compact lists", "- ".repeat(3000), /64 levels/],
    ["2,000,000 brackets", "[".repeat(2_000_000), /:1:65: .*64 levels/],
    [
      "levels by aliases",
      ["a0: &a0 [1]", ...Array.from({ length: 80 }, (_, at) => `a${at + 1}: &a${at + 1} [*a${at}]`)].join("\n"),
      /64 levels/,
    ],
    ["a key that is there twice", "a: 1\nb: 2\na: 3\n", /:3:1: the key "a" is there twice/],
    ["a key that is a list", "? [a, b]\n: x\n", /:1:3: a key is no plain text/],
    ["a tag of another language", "a: !!js/function 'x'\n", /:1:4: Unresolved tag/],
    ["a tag that makes no plain value", "a: !!binary aGk=\n", /the tag tag:yaml.org,2002:binary is not known/],
    ["two documents", "--- a\n--- b\n", /:2:1: a second document begins/],
    ["an older YAML", "%YAML 1.1\n---\na: yes\n", /only YAML 1.2/],
  ])("refuses %s at its place", (_what, text, why) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({ code: "E_YAML", message: expect.stringMatching(why), help: expect.anything() }),
    );
  });

  it("takes what looks odd and is right", () => {
    expect(read("\ufeffa: 1\n")).toEqual({ a: 1 });
    expect(read("")).toBeNull();
    expect(read("a: &x {b: 1}\nc: *x\nd: &x 2\ne: *x\n1: !!str 5\n")).toEqual({
      a: { b: 1 },
      c: { b: 1 },
      d: 2,
      e: 2,
      1: "5",
    });
    const value = read("__proto__: {polluted: true}\n");
    expect(Object.keys(value as object)).toEqual(["__proto__"]);
    expect(({} as { polluted?: true }).polluted).toBeUndefined();
  });

  it("merges maps: what is written out counts before what is merged, an earlier one before a later one", () => {
    const text = `a: &a { x: 1, y: 1 }
b: &b { y: 2, z: { deep: 2 } }
one: { <<: *a, x: 0 }
two: { own: 3, <<: [*b, *a] }
more: &more { <<: *a, w: 4 }
again: { <<: *more }
inline: { <<: { q: 1 } }
quoted: { "<<": 5 }
`;
    expect(read(text)).toMatchObject({
      one: { x: 0, y: 1 },
      two: { y: 2, z: { deep: 2 }, x: 1, own: 3 },
      again: { x: 1, y: 1, w: 4 },
      inline: { q: 1 },
      quoted: { "<<": 5 },
    });
    expect(Object.keys((read(text) as { two: object }).two)).toEqual(["y", "z", "x", "own"]);
    const { position } = parseYaml("/srv/guestkit.yaml", text);
    // Where the value is written, through aliases and merge keys.
    expect(position(["two", "z", "deep"])).toEqual({ line: 2, column: 26 });
    expect(position(["again", "y"])).toEqual({ line: 1, column: 18 });
    expect(position(["one", "x"])).toEqual({ line: 3, column: 19 });
    expect(position(["two", "none"])).toBeUndefined();
  });

  it.each([
    ["a text", "a: { <<: b }\n", /:1:10: << takes a map or a list of maps/],
    ["nothing", "a:\n  <<:\n  b: 1\n", /:2:\d+: << takes a map or a list of maps/],
    ["a list of texts", "a: { <<: [b] }\n", /:1:10: << takes a map or a list of maps/],
    ["what it stands in", "a: &a\n  <<: *a\n", /:2:7: \*a stands within &a/],
    ["two", "a: &a {}\nb: { <<: *a, <<: *a }\n", /:2:14: the key "<<" is there twice/],
    [
      "a large map again and again",
      `a: &a { ${Array.from({ length: 2000 }, (_, at) => `k${at}: 1`).join()} }\nb:\n${"- <<: *a\n".repeat(100)}`,
      /:\d+:3: its merge keys make more than/,
    ],
  ])("refuses to merge %s at its place", (_what, text, why) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: "E_YAML", message: expect.stringMatching(why) }));
  });

  it("reads many keys and many aliases in a time that grows as they do", () => {
    const keys = Array.from({ length: 30_000 }, (_, at) => `k${at}: 1`).join("\n");
    expect(Object.keys(read(keys) as object)).toHaveLength(30_000);
    expect(read(`a: &a 1\nb:\n${"- *a\n".repeat(30_000)}`)).toMatchObject({ a: 1 });
  });
});

describe("a project file", () => {
  it.each([
    ["a folder", (path: string) => mkdir(path), "E_FILE_KIND"],
    ["a pipe that nobody writes to", (path: string) => run("mkfifo", [path]), "E_FILE_KIND"],
    ["a link to a device", (path: string) => run("ln", ["-s", "/dev/zero", path]), "E_FILE_KIND"],
    ["100 MB", (path: string) => run("truncate", ["-s", "100M", path]), "E_FILE_SIZE"],
    ["no UTF-8", (path: string) => writeFile(path, Buffer.from([0x61, 0x3a, 0x20, 0xff])), "E_FILE_ENCODING"],
    ["nothing", async () => {}, "E_PROJECT_MISSING"],
  ])("that is %s is refused by name", async (_what, make, code) => {
    const path = join(await scratch("project-file"), "guestkit.yaml");
    await make(path);
    await expect(loadProject(path)).rejects.toMatchObject({ code, at: { file: path }, help: expect.anything() });
  });
});
