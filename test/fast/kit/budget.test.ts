import { describe, expect, it } from "vitest";
import { Budget, SHARE, WHOLE } from "../../../core/kit/budget.ts";

const refusal = async (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => error as { code: string; message: string; at?: { file: string } },
  );

describe("a budget", () => {
  it("bounds nothing outside of a part", () => {
    const budget = new Budget();
    budget.spend("bytes", 1 << 50);
    expect(budget.used.bytes).toBe(1 << 50);
  });

  it.each([
    ["bytes", "E_BUDGET_BYTES"],
    ["names", "E_BUDGET_NAMES"],
    ["links", "E_BUDGET_LINKS"],
    ["entries", "E_BUDGET_ENTRIES"],
    ["steps", "E_BUDGET_STEPS"],
  ] as const)("refuses what asks for more %s than its share, by name and before it is done", async (kind, code) => {
    const budget = new Budget();
    const error = await refusal(
      budget.part("network", async () => {
        budget.spend(kind, SHARE[kind]);
        budget.spend(kind, 1, "/etc/netplan/9.yaml");
      }),
    );
    expect(error).toMatchObject({ code, at: { file: "/etc/netplan/9.yaml" } });
    expect(error?.message).toMatch(/^Cannot read "\/etc\/netplan\/9\.yaml" for network: it takes more than /);
    expect(budget.used[kind]).toBe(SHARE[kind]);
  });

  it("gives each part its own share, and all of them together no more than the whole", async () => {
    const budget = new Budget();
    const error = await refusal(
      budget.part(
        "the inspection",
        async () => {
          for (let part = 0; ; part++)
            await budget.part(`part ${part}`, async () => budget.spend("links", SHARE.links));
        },
        WHOLE,
      ),
    );
    expect(error?.code).toBe("E_BUDGET_LINKS");
    expect(budget.used.links).toBe(WHOLE.links);
    expect(error?.message).toContain(`${WHOLE.links} symbolic links`);
    await budget.part("the next inspection", async () => budget.spend("links", SHARE.links));
  });

  it("is ended by the clock with an error of its own, which counts wherever work goes on", async () => {
    let now = 0;
    const budget = new Budget(() => now);
    const error = await refusal(
      budget.part("the inspection", async () => {
        await budget.part("in time", async () => {
          now = 599_000;
        });
        now = 601_000;
        for (let charge = 0; charge < 1000; charge++) budget.read(4096);
      }),
    );
    expect(error?.code).toBe("E_BUDGET_TIME");
  });

  it("asks no clock once the whole is over: what the user named may take as long as it takes", async () => {
    let now = 0;
    const budget = new Budget(() => now);
    await budget.part("the inspection", async () => undefined);
    now = 10_000_000;
    for (let charge = 0; charge < 1000; charge++) budget.read(4096);
    using _part = budget.enter("files", { steps: 1 });
    expect(() => budget.read(4096)).toThrow("for files");
  });

  it("tells parts that run side by side: neither would know what it costs", async () => {
    const budget = new Budget();
    const both = Promise.all([1, 2].map((name) => budget.part(`part ${name}`, async () => undefined)));
    await expect(both).rejects.toThrow("side by side");
  });
});
