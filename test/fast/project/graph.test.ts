import { expect, it } from "vitest";
import { findCycle, runGraph } from "../../../core/project/graph.ts";

const graph = (edges: Readonly<Record<string, readonly string[]>>) =>
  new Map(Object.entries(edges).map(([name, needs]) => [name, { needs }]));

it("works on a thing after all that it needs, and on independent ones side by side", async () => {
  const log: string[] = [];
  let together = 0;
  let most = 0;
  const failures = await runGraph(graph({ c: ["a", "b"], a: [], b: [], d: ["c"] }), async (name) => {
    most = Math.max(most, ++together);
    await new Promise((resolve) => setImmediate(resolve));
    together--;
    log.push(name);
  });
  expect(failures.size).toBe(0);
  expect(log.slice(2)).toEqual(["c", "d"]);
  expect(most).toBe(2);
});

it("leaves out what needs a failed thing, and goes on with the rest", async () => {
  const log: string[] = [];
  const failures = await runGraph(graph({ a: [], b: ["a"], c: ["b"], d: [] }), async (name) => {
    if (name === "a") throw new Error("no");
    log.push(name);
  });
  expect([...failures.keys()]).toEqual(["a"]);
  expect(log).toEqual(["d"]);
});

it("starts nothing once it is stopped", async () => {
  const failures = await runGraph(graph({ a: [] }), async () => {}, AbortSignal.abort());
  expect([...failures.keys()]).toEqual(["a"]);
});

it("finds a loop", () => {
  expect(findCycle(graph({ a: ["b"], b: ["c"], c: ["b"] }))).toEqual(["b", "c", "b"]);
  expect(findCycle(graph({ a: ["b"], b: [] }))).toBeNull();
});
