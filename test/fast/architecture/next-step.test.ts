import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const core = join(import.meta.dirname, "../../../core");
/** Where images are opened and devices found: what is wrong there is somebody's disk. */
const FOLDERS = ["source", "format", "volume", "luks", "disk", "inspect"];
/** Only a program that uses core otherwise than the faces do meets them. */
const PROGRAMMERS = ["E_SOURCE_CLOSED", "E_SOURCE_HOST"];

/** The arguments of each `new GuestkitError(...)`. */
function errorsIn(text: string): readonly string[] {
  const pieces = text.split("new GuestkitError(").slice(1);
  return pieces.map((piece) => {
    let depth = 1;
    const end = [...piece].findIndex((char) => {
      if ("([{".includes(char)) depth++;
      if (")]}".includes(char)) depth--;
      return depth === 0;
    });
    return piece.slice(0, end);
  });
}

it("an error that a user meets with an image has a next step", () => {
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(join(core, folder), { recursive: true, encoding: "utf8" }).map((name) => join(core, folder, name)),
  );
  const errors = files.filter((file) => file.endsWith(".ts")).flatMap((file) => errorsIn(readFileSync(file, "utf8")));
  expect(errors.length).toBeGreaterThan(60);
  const without = errors.filter((each) => !/\bhelp\b/.test(each));
  expect(without.filter((each) => !PROGRAMMERS.some((code) => each.includes(code)))).toEqual([]);
});

/** A text of a program that goes over no line, comments aside: theirs have a star or two slashes before them. */
const LITERAL = /(?<=^(?!\s*(?:\*|\/[/*])).*)(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\\n]|\\.)*`)/gm;
/** Of a field, as one face alone would write it. */
const ASSIGNMENT = /[\w\]}] = (?:["'[{\d]|true|false|\$\{)/;

/** What is so may say what a field is; then there are texts for other programs. */
const NO_NEXT_STEP = ["Cannot use ", "`${named} = ", "Squash = All", "exit !f"];

it("a next step is in words that hold in every face, not in the syntax of one", () => {
  const files = readdirSync(core, { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".ts") && !/^(?:dist|generated|grpc|seed)\//.test(name),
  );
  const literals = files.flatMap((name) => readFileSync(join(core, name), "utf8").match(LITERAL) ?? []);
  expect(literals.length).toBeGreaterThan(5000);
  const assigning = literals.filter((each) => ASSIGNMENT.test(each));
  expect(assigning.filter((each) => !NO_NEXT_STEP.some((known) => each.includes(known)))).toEqual([]);
});
