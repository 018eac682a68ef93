import { expect, it } from "vitest";
import { eachOf, sharedLook } from "../../../core/kit/shared-look.ts";

/** A world that is looked at, and looks that end when they are told to. */
function world() {
  const ends: (() => void)[] = [];
  let [state, begun] = [0, 0];
  const look = sharedLook(async () => {
    begun += 1;
    const seen = state;
    await new Promise<void>((resolve) => ends.push(resolve));
    return seen;
  });
  const set = (to: number) => {
    state = to;
  };
  return { look, set, end: () => ends.shift()?.(), begun: () => begun };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

it("gives whoever asks what was looked for after he asked, in two looks however many ask", async () => {
  const { look, set, end, begun } = world();
  const first = look();
  await turn();
  set(1);
  const later = [look(), look(), look()];
  await turn();
  end();
  await turn();
  end();
  expect(await first).toBe(0);
  expect(await Promise.all(later)).toEqual([1, 1, 1]);
  expect(begun()).toBe(2);
});

it("looks again after one that failed", async () => {
  let asked = 0;
  const look = sharedLook(async () => {
    asked += 1;
    if (asked === 1) throw new Error("no");
    return asked;
  });
  await expect(look()).rejects.toThrow("no");
  expect(await look()).toBe(2);
});

it("works on so many at a time and keeps their order", async () => {
  let [now, most] = [0, 0];
  const work = async (item: number) => {
    now += 1;
    most = Math.max(most, now);
    await turn();
    now -= 1;
    return item * 2;
  };
  expect(await eachOf([1, 2, 3, 4, 5], 2, work)).toEqual([2, 4, 6, 8, 10]);
  expect(most).toBe(2);
});
