import { beforeAll, describe, expect, it } from "vitest";
import { FACT_GROUPS } from "../../../core/kit/fact-groups.ts";
import { guestkit } from "../../support/cli.ts";
import { type DebianImage, debianImage } from "../../support/debian-fixture.ts";

let image: DebianImage;

beforeAll(async () => {
  image = await debianImage();
}, 600_000);

describe("guestkit inspect --facts", () => {
  it("gathers no group that nobody asked for", async () => {
    const { stdout } = await guestkit(["inspect", "--json", image.path]);
    const report = JSON.parse(String(stdout));
    expect(FACT_GROUPS.map((group) => report[group])).toEqual(FACT_GROUPS.map(() => null));
  });

  it("gathers all of them, and none is kept for another question", async () => {
    const { stdout } = await guestkit(["inspect", "--json", "--facts", "all", image.path]);
    const report = JSON.parse(String(stdout));
    expect(FACT_GROUPS.filter((group) => report[group] === null)).toEqual([]);
    expect(report.warnings).toEqual([expect.stringContaining("/srv is not mounted")]);
    expect(report.schedule.timers.map(({ name }: { name: string }) => name)).toContain("systemd-tmpfiles-clean.timer");
  });

  it("shows people what was asked for, and nothing else", async () => {
    const { stdout } = await guestkit(["inspect", "--facts", "schedule,storage", image.path]);
    const groups = FACT_GROUPS.filter((group) => new RegExp(`^${group}:`, "im").test(String(stdout)));
    expect(groups).toEqual(["schedule", "storage"]);
    expect(String(stdout)).toMatch(/^ {4}systemd-tmpfiles-clean.timer .* OnBootSec=15min/m);
  });

  it("refuses a name that is none", async () => {
    const { exitCode, stderr } = await guestkit(["inspect", "--facts", "schedule,shedule", image.path]);
    expect([exitCode, stderr]).toEqual([64, expect.stringContaining("Did you mean schedule?")]);
  });
});
