import { describe, expect, it } from "vitest";
import { matchesLine } from "../../../core/check/pattern.ts";
import { compilePattern } from "../../../core/check/pattern-program.ts";
import { fc } from "../../support/property.ts";

/** Expressions of all that is known, small enough that the platform's own engine is quick as well. */
const expression = fc.letrec<{ all: string }>((tie) => ({
  all: fc.oneof(
    { depthSize: "small", maxDepth: 4 },
    fc.constantFrom(
      "a",
      "b",
      "\\.",
      ".",
      "[ab]",
      "[^a]",
      "[a-c-]",
      "\\d",
      "\\W",
      "\\s",
      "^",
      "$",
      "\\b",
      "x\\b",
      "[\\dz]",
    ),
    fc.tuple(tie("all"), tie("all")).map(([a, b]) => `${a}${b}`),
    fc.tuple(tie("all"), tie("all")).map(([a, b]) => `(?:${a}|${b})`),
    fc.tuple(tie("all"), fc.constantFrom("*", "+", "?", "{2}", "{1,3}", "{2,}", "*?")).map(([a, by]) => `(${a})${by}`),
  ),
})).all;
const line = fc.string({ unit: fc.constantFrom("a", "b", "c", ".", " ", "1", "_", "-", "z"), maxLength: 12 });

describe("an expression of a rule", () => {
  it("finds what the platform's own engine finds", () => {
    fc.assert(
      fc.property(expression, line, (text, subject) => {
        expect(matchesLine(text, subject)).toBe(new RegExp(text).test(subject));
      }),
      { numRuns: 3000 },
    );
  });

  it("is about one line, in any case where that is said", () => {
    expect(matchesLine("^PermitRootLogin +no$", "# PermitRootLogin yes\r\nPermitRootLogin  no\r\n")).toBe(true);
    expect(matchesLine("a.b", "a\nb")).toBe(false);
    expect(matchesLine("(?i)^permit[R-R]OOT", "x\nPermitRoot")).toBe(true);
    expect(matchesLine("", "")).toBe(true);
    expect([matchesLine("^$", "a\n"), matchesLine("^$", "a\n\n"), matchesLine("^$", "\n")]).toEqual([
      false,
      true,
      true,
    ]);
  });

  it.each([
    ["(a+)+$", "a"],
    ["(?:a|a)*b", "a"],
    ["(a*)*(a*)*c", "a"],
    ["a{0,500}a{500}b", "a"],
  ])("%s takes no more for a text that is made to make it slow", (text, char) => {
    const content = `${char.repeat(3000)}!`;
    expect(matchesLine(text, content)).toBe(false);
  });

  it.each([
    "(",
    ")",
    "[a",
    "a{3,1}",
    "*",
    "a|*",
    "(?=a)",
    "^[[:space:]]*x",
    "[[.a.]]",
    "\\<x\\>",
    "\\1",
    "\\",
    "(?<n>a)",
    "[b-a]",
    "a{1001}",
    "(a{100}){100}",
    "a".repeat(1001),
    "(".repeat(60),
  ])("%s is refused by name", (text) => {
    expect(() => compilePattern(text)).toThrow(expect.objectContaining({ code: "E_CHECK_PATTERN" }));
  });
});

it("ends by a count where expression and file are both large", () => {
  expect(() => matchesLine("(?:a?){999}b", "a".repeat(40_000))).toThrow(
    expect.objectContaining({ code: "E_CHECK_STEPS" }),
  );
});
