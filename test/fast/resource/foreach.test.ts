import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { Command } from "../../../cli/command/command.ts";
import { parse } from "../../../cli/command/parse.ts";
import { commands } from "../../../cli/command/table.ts";
import { whatToDo } from "../../../cli/verb/vm/foreach-verb.ts";
import { fits } from "../../../core/kit/glob.ts";
import { contractOf } from "../../../core/model/index.ts";
import { calmAnswer, calmText } from "../../../core/resource/machine-verbs/foreach/answer.ts";
import { inputFromTexts } from "../../../core/resource/machine-verbs/foreach/input.ts";
import { type Ending, type PoolOptions, runPool } from "../../../core/resource/machine-verbs/foreach/pool.ts";
import { resultOf, summaryOf } from "../../../core/resource/machine-verbs/foreach/result.ts";
import { demandSelection } from "../../../core/resource/machine-verbs/foreach/select.ts";
import { machineVerb, machineVerbs } from "../../../core/resource/machine-verbs/foreach/verbs.ts";
import { HANG_MS } from "../../support/hang.ts";

type Work = (item: string, signal: AbortSignal) => Promise<string>;

/** Each item's ending in the order in which they ended. */
async function pool(items: readonly string[], work: Work, options: Partial<PoolOptions<string, string>> = {}) {
  const endings: [string, Ending<string>][] = [];
  await runPool(items, work, {
    ...{ parallel: 2, timeoutMs: null, graceMs: 20, signal: new AbortController().signal, isLast: () => false },
    ...options,
    onEnd: (item, ending) => endings.push([item, ending]),
  });
  return endings;
}

const heeding: Work = async (item, signal) => {
  await sleep(item === "slow" ? 60_000 : 1, undefined, { signal });
  if (item === "bad") throw new Error("no");
  return item;
};

describe("the pool", () => {
  it("runs as many as it may at once, and no more", async () => {
    let running = 0;
    let most = 0;
    await pool([..."abcdefgh"], async (item) => {
      most = Math.max(most, ++running);
      await sleep(2);
      running--;
      return item;
    });
    expect(most).toBe(2);
  });

  it("goes on where one fails or is late", async () => {
    const endings = Object.fromEntries(await pool(["slow", "bad", "a", "b"], heeding, { timeoutMs: 50 }));
    expect(endings.a).toEqual({ kind: "done", value: "a" });
    expect(endings.b).toEqual({ kind: "done", value: "b" });
    expect(endings.bad).toMatchObject({ kind: "failed" });
    expect(endings.slow).toEqual({ kind: "timed out", abandoned: false });
  });

  it("waits for none that does not heed its signal", async () => {
    const deaf: Work = (item) => (item === "deaf" ? new Promise<string>(() => {}) : Promise.resolve(item));
    const endings = Object.fromEntries(await pool(["deaf", "a", "b", "c"], deaf, { parallel: 1, timeoutMs: 20 }));
    expect(endings.deaf).toEqual({ kind: "timed out", abandoned: true });
    expect(endings.c).toEqual({ kind: "done", value: "c" });
  });

  it("takes for done what was done in spite of the signal", async () => {
    const late: Work = (item, signal) =>
      new Promise((resolve) => signal.addEventListener("abort", () => resolve(item)));
    expect(await pool(["a"], late, { timeoutMs: 5 })).toEqual([["a", { kind: "done", value: "a" }]]);
  });

  it("begins nothing more after the last, and lets the others end", async () => {
    const endings = await pool(["bad", "a", "b", "c"], heeding, { isLast: ({ kind }) => kind === "failed" });
    const kinds = Object.fromEntries(endings.map(([item, { kind }]) => [item, kind]));
    expect(kinds).toEqual({ bad: "failed", a: "done", b: "not started", c: "not started" });
  });

  it("stops what runs when it is stopped, and begins nothing more", async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 20);
    const endings = await pool(["slow", "slow", "a"], heeding, { signal: stop.signal });
    expect(endings.map(([, { kind }]) => kind)).toEqual(["interrupted", "interrupted", "not started"]);
  });
});

describe("patterns of names", () => {
  it.each([
    ["web-*", "web-1", true],
    ["web-*", "web", false],
    ["*", "", true],
    ["?b", "db", true],
    ["?b", "b", false],
    ["a.c", "abc", false],
    ["*a*b", "xaxxb", true],
    ["*a*b", "xaxxbx", false],
    ["[a]", "a", false],
  ])("%s and %s: %s", (pattern, word, expected) => expect(fits(pattern, word)).toBe(expected));

  it("take no time to speak of, whatever they are", () => {
    const started = performance.now();
    expect(fits(`${"*a".repeat(100)}*b`, "a".repeat(10_000))).toBe(false);
    expect(performance.now() - started).toBeLessThan(HANG_MS);
  });
});

describe("verbs of one machine", () => {
  it("are all that are about one, and need no terminal", () => {
    const words = machineVerbs().map(({ word }) => word);
    expect(words).toEqual(expect.arrayContaining(["up", "stop", "exec", "status", "snapshot take", "provision"]));
    expect(words).not.toContain("list");
    expect(words).not.toContain("foreach");
    expect(machineVerb("vm_stop").word).toBe("stop");
    expect(() => machineVerb("fly")).toThrow(/Cannot do "fly" with each machine/);
  });

  it("are what shells offer", () => {
    const foreach = commands.find(({ name }) => name === "vm foreach");
    const offered = new Set(foreach?.positionals[0]?.suggestions);
    for (const { word } of machineVerbs()) expect([...offered], word).toContain(word.split(" ")[0]);
  });

  it("take texts from every face", () => {
    const given = { command: '["uname","-r"]', timeout: "5", via: "agent" };
    const exec = machineVerb("exec");
    expect(inputFromTexts(exec, given)).toEqual({ command: ["uname", "-r"], timeout: 5, via: "agent" });
    expect(() => inputFromTexts(exec, { command: "uname -r" })).toThrow(/must be a list in JSON, not "uname -r"/);
    expect(() => inputFromTexts(exec, { name: "web" })).toThrow(/there is no such input; it has: command/);
    expect(inputFromTexts(machineVerb("up"), { wait: "false" })).toEqual({ wait: false });
  });
});

describe("a selection", () => {
  const nothing = { names: [], labels: {}, statuses: [] };

  it("must be there where it cannot be undone", () => {
    expect(() => demandSelection(machineVerb("destroy"), nothing)).toThrow(/Cannot destroy all machines/);
    demandSelection(machineVerb("destroy"), { ...nothing, names: ["*"] });
    demandSelection(machineVerb("destroy"), { ...nothing, labels: { role: "web" } });
    demandSelection(machineVerb("stop"), nothing);
  });
});

describe("the command line", () => {
  const foreach = commands.find(({ name }) => name === "vm foreach") as Command;
  const { signal } = new AbortController();
  const asked = (...args: string[]) => {
    const { positionals, lists, values } = parse(foreach, args, signal);
    const toDo = whatToDo(positionals, foreach, signal);
    return "help" in toDo ? toDo : { word: toDo.verb.word, input: toDo.input, select: lists.select, values };
  };

  it.each([
    [["stop"], "stop", {}],
    [["stop", "--select", "web", "--", "--timeout", "5"], "stop", { timeout: 5 }],
    [["--timeout", "9", "stop"], "stop", {}],
    [["snapshot", "take", "before"], "snapshot take", { snapshot: "before" }],
    [["snapshot", "take", "--", "before"], "snapshot take", { snapshot: "before" }],
    [["exec", "sh", "-c", "exit 3"], "exec", { command: ["sh", "-c", "exit 3"] }],
    [["exec", "--", "--via", "agent", "ls", "-l", "--json"], "exec", { command: ["ls", "-l", "--json"], via: "agent" }],
    [["screenshot", "{name}.png"], "screenshot", { dest: "{name}.png" }],
  ])("%j", (args, word, input) => expect(asked(...args)).toMatchObject({ word, input }));

  it("keeps its own options from the verb's", () => {
    const { values, select } = asked("exec", "-s", "a*", "-s", "b", "--timeout", "3", "ls") as ReturnType<
      typeof Object
    >;
    expect(select).toEqual(["a*", "b"]);
    expect(values).toMatchObject({ timeout: "3" });
  });

  it("shows the verb's help, and refuses what makes no sense", () => {
    expect(asked("stop", "--", "--help")).toMatchObject({ help: expect.stringContaining("Usage: guestkit vm stop") });
    expect(() => asked("fly")).toThrow(/"fly" is no verb of one machine/);
    expect(() => asked("snapshot", "take")).toThrow(/SNAPSHOT is missing/);
    expect(() => asked("stop", "--", "--nosuch")).toThrow(/there is no option --nosuch/);
  });
});

describe("results", () => {
  const exec = machineVerb("exec");
  const stop = machineVerb("stop");
  const output = { exit_code: 3, stdout: "\x1b[31mred\x07\n", stderr: "" };

  it("have the exit code that the verb alone would have had", () => {
    const ran = resultOf(exec, "web", { kind: "done", value: { changed: true, output } }, 1_234.5, 60);
    expect(ran).toMatchObject({
      outcome: "failed",
      ok: false,
      exit_code: 3,
      duration: 1.235,
      output: { stdout: "red\n" },
    });
    const failed = { kind: "failed", error: new Error("x") } as const;
    expect(resultOf(exec, "web", failed, 0, 60).exit_code).toBe(125);
    expect(resultOf(stop, "web", failed, 0, 60).exit_code).toBe(1);
    expect(resultOf(stop, "web", { kind: "timed out", abandoned: true }, 0, 60)).toMatchObject({
      exit_code: 124,
      error: { code: "E_FOREACH_TIMEOUT", message: expect.stringMatching(/not done in 60 s, and does not heed/) },
    });
    expect(resultOf(stop, "web", { kind: "interrupted", abandoned: false }, 0, 60).exit_code).toBe(130);
    expect(resultOf(stop, "web", { kind: "not started" }, 0, 60)).toMatchObject({
      ok: false,
      exit_code: null,
      error: null,
    });
  });

  it("add up", () => {
    const endings: Ending<{ changed: boolean; output: object & Record<string, never> }>[] = [
      { kind: "done", value: { changed: true, output: {} } },
      { kind: "failed", error: new Error("x") },
      { kind: "not started" },
    ];
    const results = endings.map((each) => resultOf(stop, "web", each, 0, 60));
    expect(summaryOf(results)).toMatchObject({ machines: 3, done: 1, changed: 1, failed: 1, not_started: 1 });
  });

  it("bound what a machine says, and take its escapes out", () => {
    const flood = calmText(`first${"x".repeat(1 << 20)}last`);
    expect(flood.length).toBeLessThan(70_000);
    expect(flood.endsWith("last")).toBe(true);
    expect(flood).toMatch(/^\[the first \d+ characters are left out\]/);
    expect(calmText("a\x1b]0;title\x07b\u202ec\r\nd\x9b31me")).toBe("ab\\u{202e}c\nd31me");
    const long = calmAnswer({ list: Array.from({ length: 5_000 }, () => "\x1b[2J") });
    expect((long.list as readonly string[]).length).toBe(1_000);
    expect(new Set(long.list as readonly string[])).toEqual(new Set([""]));
  });
});

it("has a contract for every other face", () => {
  expect(contractOf("vm_foreach").output.map(({ name }) => name)).toContain("results");
});
