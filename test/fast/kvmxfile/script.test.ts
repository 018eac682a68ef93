import { describe, expect, it } from "vitest";
import type { GuestkitError } from "../../../core/kit/errors.ts";
import { readScript } from "../../../core/kvmxfile/shell/script.ts";
import type { ShellValue } from "../../../core/kvmxfile/shell/word.ts";
import { fc } from "../../support/property.ts";

const text = (value: string): ShellValue => ({ kind: "text", text: value, secret: false });
const outside = (name: string): ShellValue => (name === "HOME" ? text("/home/me") : { kind: "unknown", why: "unset" });

/** Plain values by name, "?" where only a shell can tell. */
function valuesOf(script: string): Record<string, string> {
  const { assignments } = readScript(script, outside);
  return Object.fromEntries(assignments.map(({ name, value }) => [name, value.kind === "text" ? value.text : "?"]));
}

const unreadOf = (script: string) => readScript(script, outside).unread;

describe("values of a shell script", () => {
  it.each([
    ["a=1 # note", "1"],
    ["a='x $HOME `y`'", "x $HOME `y`"],
    ['a="x \\"y\\" \\$z \\q"', 'x "y" $z \\q'],
    ["a=x\\ y#z", "x y#z"],
    ["a=~/x:~:y~", "/home/me/x:/home/me:y~"],
    ['a="~/x"', "~/x"],
    ["a=$HOME/x", "/home/me/x"],
    [`a="\${HOME}x"`, "/home/mex"],
    ['a="one \\\ntwo"', "one two"],
    ["a=one\\\ntwo", "onetwo"],
    ["a='one\ntwo'", "one\ntwo"],
    ["a=", ""],
    ['a=""', ""],
    ["export a=1", "1"],
    ["a=1; b=2", "1"],
    ["a=1\r\nb=2\r\n", "1"],
    ["a=1\na=$a,2\na+=,3", "1,2,3"],
    ["a=$5", "?"],
    ["a=$(date)", "?"],
    ["a=`date`", "?"],
    [`a=\${b:-c}`, "?"],
    ["a=$'x'", "?"],
    ["a=(x y)", "?"],
    ["a=~root/x", "?"],
    ["a=$nowhere", "?"],
    ["b=`date`\na=x$b", "?"],
    ["a=$", "$"],
  ])("%j", (script, expected) => {
    expect(valuesOf(script).a).toBe(expected);
  });

  it("takes no value that may not be the one", () => {
    expect(valuesOf("a=1 && b=2\nc=3 true\n[ -e x ] && d=4\nif x; then\n e=5\nfi\nf=6")).toEqual({ f: "6" });
    expect(valuesOf("f() {\n a=1\n}\n(b=2)\ncase $x in\n y) c=3 ;;\nesac\nwhile x; do d=4; done\ne=5")).toEqual({
      e: "5",
    });
  });

  it("tells what it left out, once a list or block, with its line and what it would set", () => {
    expect(unreadOf("a=1\n. ./more\nif x; then\n  a=2\n  b=3\nfi\necho a | cat\nx && c=1\n")).toEqual([
      { line: 2, word: ".", names: [] },
      { line: 3, word: "if", names: ["a", "b"] },
      { line: 7, word: "echo", names: [] },
      { line: 8, word: "x", names: ["c"] },
    ]);
  });

  it("takes the text of a here-document for text", () => {
    expect(valuesOf("cat <<EOF\na=1\nEOF\nb=2\ncat <<-'X Y' >f\nc=3\n\tX Y\n")).toEqual({ b: "2" });
    expect(valuesOf("cat <<EOF\na=1\nEOF\nb=2\nread x <<<word\nd=4")).toEqual({ b: "2", d: "4" });
  });

  it.each(["a=1\nb='x", 'a="x', "a=`x", "a=$(x", `a=\${x`, "cat <<E\nx"])(
    "names the line of what is never closed: %j",
    (script) => {
      expect(() => readScript(script, outside)).toThrow(
        expect.objectContaining({ code: "E_KVMXFILE_OPEN", message: expect.stringContaining("line ") }),
      );
    },
  );

  it("ends with a value that doubles itself", () => {
    expect(valuesOf(`a=xxxxxxxx\n${"a=$a$a\n".repeat(64)}`).a).toBe("?");
  });

  it("knows a password under another name", () => {
    const { assignments } = readScript("password=hunter2\na=x$password\nb=$a", outside);
    expect(assignments.map(({ value }) => value.kind === "text" && value.secret)).toEqual([false, true, true]);
  });

  it("reads whatever it is given, or says where it ends", () => {
    const piece = fc.constantFrom(
      "a=",
      "b=$a",
      "'",
      '"',
      "`",
      "$(",
      ")",
      "${",
      "}",
      "\n",
      " ",
      ";",
      "&&",
      "|",
      "<<E",
      "if",
      "fi",
      "{",
      "#",
      "\\",
      "\f",
      "\0",
      "~",
      "case",
      "esac",
    );
    const script = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join("")),
    );
    fc.assert(
      fc.property(script, (each) => {
        try {
          const { assignments } = readScript(each, outside);
          expect(assignments.every(({ line }) => line >= 1)).toBe(true);
        } catch (error) {
          expect((error as GuestkitError).code).toBe("E_KVMXFILE_OPEN");
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("gives back what was quoted", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }).filter((each) => !each.includes("\r\n")),
        (each) => {
          expect(valuesOf(`a='${each.replaceAll("'", `'\\''`)}'\n`).a).toBe(each);
        },
      ),
    );
  });
});
