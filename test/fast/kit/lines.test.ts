import { expect, it } from "vitest";
import { LineCutter } from "../../../core/kit/lines.ts";

function cut(most: number, ...chunks: readonly string[]): (string | null)[] {
  const lines: (string | null)[] = [];
  const cutter = new LineCutter((line) => lines.push(line === null ? null : Buffer.from(line).toString()), { most });
  for (const chunk of chunks) cutter.push(Buffer.from(chunk));
  cutter.end();
  return lines;
}

it("cuts at line feeds wherever the chunks end, and takes what stands behind the last", () => {
  expect(cut(9, "a\nb", "c\n", "\n", "d")).toEqual(["a", "bc", "", "d"]);
});

it("drops a line that is too long, and goes on with the next", () => {
  expect(cut(3, "ab", "cd", "ef\nok\n", "abcd")).toEqual([null, "ok", null]);
});
