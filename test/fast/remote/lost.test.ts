import { expect, it } from "vitest";
import { ApplyError } from "../../../core/engine/index.ts";
import { GuestkitError } from "../../../core/kit/errors.ts";
import { contractOf, isWhollyKnown, UNKNOWN, type Value, type ValueObject } from "../../../core/model/index.ts";
import { RemoteEngine } from "../../../core/remote/engine.ts";
import type { HostLink } from "../../../core/remote/link.ts";
import { createEngine } from "../../../core/resource/index.ts";

const image = contractOf("disk_image", "resource");
const config = { path: "/srv/a.qcow2", size: "1M", format: "qcow2" };
const pure = createEngine({ baseDir: "/srv" });
const failure = (code: string) => new GuestkitError(code, `Cannot go on: ${code}`);

/** A host that answers applies one after the other; after a call that throws, or that `makes`, the image is there or not. */
function host(...answers: readonly { readonly code?: string; readonly makes?: boolean; readonly dead?: boolean }[]) {
  const asked: string[] = [];
  const left = [...answers];
  let there: ValueObject | null = null;
  let isDead = false;
  const call = async (method: string, { plan }: { readonly plan?: { readonly planned: ValueObject } }) => {
    asked.push(method);
    if (isDead) throw failure("E_HOST_UNREACHABLE");
    if (method !== "apply") return { state: there, diagnostics: [] };
    const { code, makes = false, dead = false } = left.shift() ?? {};
    if (makes)
      there = { ...plan?.planned, virtual_size: 1 << 20, actual_size: 0, drift: [], backing_chain: [], partitions: [] };
    isDead = dead;
    if (code !== undefined) throw failure(code);
    return { state: there };
  };
  const engine = new RemoteEngine({ host: "lab", id: null }, pure, { call, planned: () => {} } as unknown as HostLink);
  return { engine, asked };
}

const create = async ({ engine }: ReturnType<typeof host>, options = {}) =>
  await engine.apply(image, await engine.plan(image, null, config), config, options);
const made = expect.objectContaining({ id: "/srv/a.qcow2", virtual_size: 1 << 20 });

it.each([
  ["is made there meanwhile", [{ code: "E_HOST_LOST", makes: true }], 1],
  ["was not begun", [{ code: "E_HOST_LOST" }, { makes: true }], 2],
  ["is being made while it is waited for", [{ code: "E_HOST_LOST" }, { code: "E_EXISTS", makes: true }], 2],
])("what was to be made when the line was cut and %s is no failure, and made once", async (_what, answers, applies) => {
  const lab = host(...answers);
  expect(await create(lab)).toEqual(made);
  expect(lab.asked.filter((each) => each === "apply")).toHaveLength(applies);
});

it("is taken to be there where the host is not reached again, with nothing in it that is unknown", async () => {
  const lab = host({ code: "E_HOST_LOST", dead: true });
  const plan = await lab.engine.plan(image, null, config);
  const partitions: Value = [{ name: "a", size: UNKNOWN }];
  const deep = { ...plan, planned: { ...plan.planned, partitions } };
  const error = await lab.engine.apply(image, deep, config).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ApplyError);
  const { code, state } = error as ApplyError;
  expect([code, state?.id]).toEqual(["E_HOST_LOST", "/srv/a.qcow2"]);
  expect(state?.partitions).toEqual([{ name: "a", size: null }]);
  expect(isWhollyKnown(state ?? UNKNOWN)).toBe(true);
});

it("is not gone back to for what fails otherwise, for a change, and once the user has had enough", async () => {
  const full = host({ code: "E_SPACE" });
  await expect(create(full)).rejects.toMatchObject({ code: "E_SPACE" });
  const cut = host({ code: "E_HOST_LOST" });
  await expect(create(cut, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "E_HOST_LOST" });
  const grown = host({ makes: true }, { code: "E_HOST_LOST" });
  const state = await create(grown);
  const bigger = { ...config, size: "2M" };
  const plan = await grown.engine.plan(image, state, bigger);
  expect(plan.action).toBe("update");
  await expect(grown.engine.apply(image, plan, bigger)).rejects.toMatchObject({ code: "E_HOST_LOST" });
  for (const { asked } of [full, cut]) expect(asked).toEqual(["apply"]);
  expect(grown.asked).toEqual(["apply", "apply"]);
});
