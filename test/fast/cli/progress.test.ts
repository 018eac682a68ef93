import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { progressDisplay } from "../../../cli/output/progress.ts";

let written = "";
const pipe = { isTTY: false, write: (text: string) => (written += text) } as unknown as NodeJS.WriteStream;

beforeEach(() => {
  written = "";
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

it("tells of a phase in a pipe that began at once, when it has lasted a while", () => {
  using display = progressDisplay(pipe);
  display.show({ phase: "looking" });
  display.show({ phase: "copying" });
  expect(written).toBe("");
  vi.advanceTimersByTime(400);
  display.show({ phase: "copying" });
  expect(written).toBe("copying\n");
  vi.advanceTimersByTime(10_000);
  display.show({ phase: "copying" });
  expect(written).toBe("copying\n".repeat(2));
});

it("tells nothing of a run that ends at once", () => {
  const display = progressDisplay(pipe);
  display.show({ phase: "copying" });
  display[Symbol.dispose]();
  vi.advanceTimersByTime(1000);
  expect(written).toBe("");
});
