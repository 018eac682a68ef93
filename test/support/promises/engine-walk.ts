import { expect } from "vitest";
import type { Plan } from "../../../core/engine/index.ts";
import { contractOf, type ValueObject } from "../../../core/model/index.ts";
import { createEngine } from "../../../core/resource/index.ts";
import { contextIn } from "../machine.ts";
import { unkept, unknownIn } from "./kept.ts";
import type { Palette } from "./palette.ts";
import { stepOf, Walk } from "./walk.ts";

/**
 * Walks declarations of a contract through one engine: every value that a plan promises is the one that is there after the
 * apply, and the plan after it is empty.
 */
export async function walkEngine(palette: Palette, folder: string, seed: number, steps: number): Promise<void> {
  const engine = createEngine({ settings: contextIn(folder).settings });
  const contract = contractOf(palette.contract, "resource");
  const walk = new Walk(palette, seed, engine);
  const actions = new Set<string>();
  for (let step = 1; step <= steps; step++) {
    const declared = await walk.next();
    const told = stepOf(palette, seed, step, declared);
    const { plan } = await engine.prepare(contract, declared);
    const state = await engine.apply(contract, plan, declared).catch((error: unknown) => {
      throw new Error(`${told}\n${describe(plan)}`, { cause: error });
    });
    expect(unkept(plan.planned, state), `${told}\n${describe(plan)}`).toEqual([]);
    if (plan.action === "update" && declared.running === false) expect(unforeseen(plan.planned), told).toEqual([]);
    const { plan: after } = await engine.prepare(contract, declared);
    expect(after, told).toMatchObject({ action: "none", reasons: [] });
    actions.add(plan.action);
  }
  // A walk on which nothing happens shows nothing.
  expect([...actions]).toContain("update");
}

/** What is left open of a machine that stands still, but for what images tell. */
const unforeseen = (planned: ValueObject | null): readonly string[] =>
  unknownIn(planned ?? {}).filter((name) => !/^(ssh|template_upgraded)/.test(name));

const describe = ({ action, changes }: Plan): string =>
  JSON.stringify({ action, changes: changes.map(({ path, before, after }) => [path.join("."), before, after]) });
