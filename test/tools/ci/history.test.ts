import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { type Signing, Workshop } from "./workshop.ts";

describe("the history of a branch", async () => {
  const shop = await Workshop.open();
  let ada: Signing;
  let first: string;
  let second: string;

  beforeAll(async () => {
    ada = await shop.sshKey("ada");
    await shop.job("daily", { signers: { allowed_signers: await shop.allow("allowed", "ada") } });
    first = await shop.commit("first", { "a.txt": "one\n" }, ada);
    second = await shop.commit("second", { "a.txt": "two\n" }, ada);
    expect(await shop.run("daily")).toMatchObject({ result: "unchanged", commit: second });
  });

  const file = () => readFile(shop.path("data/ci/daily/work/a.txt"), "utf8");
  const failure = () =>
    shop.run("daily").then(
      () => null,
      (error: Error) => error,
    );

  it("is not gone back in, though the older commit has its good signature still", async () => {
    await shop.git(["reset", "--quiet", "--hard", first]);
    const error = await failure();
    expect(error).toMatchObject({ code: "E_CI_OLDER" });
    expect(error?.message).toContain(first);
    expect(error?.message).toContain(second);
    expect(await shop.status("daily")).toMatchObject({ result: "refused", previous_commit: second, commit: null });
    expect(await file()).toBe("two\n");
  });

  it("is not taken rewritten, unless told to, once", async () => {
    await shop.git(["reset", "--quiet", "--hard", first]);
    const other = await shop.commit("another second", { "a.txt": "other\n" }, ada);
    const error = await failure();
    expect(error).toMatchObject({ code: "E_CI_REWRITTEN" });
    expect(error?.message).toContain(other);
    expect(error?.message).toContain(second);
    expect(await file()).toBe("two\n");
    expect(await shop.run("daily", { allow_rewind: true })).toMatchObject({ commit: other });
    expect(await file()).toBe("other\n");
    await shop.git(["reset", "--quiet", "--hard", second]);
    expect(await failure()).toMatchObject({ code: "E_CI_REWRITTEN" });
  });

  it("is refused as rewritten where the mirror was lost and its last commit is nowhere any more", async () => {
    await shop.job("lost", { signers: { allowed_signers: shop.path("allowed") } });
    await shop.run("lost");
    await writeFile(shop.path("data/ci/lost/state.json"), JSON.stringify({ accepted: "1".repeat(40), passed: null }));
    await expect(shop.run("lost")).rejects.toMatchObject({ code: "E_CI_REWRITTEN" });
    await writeFile(shop.path("data/ci/lost/state.json"), "{}");
    await expect(shop.run("lost")).rejects.toMatchObject({ code: "E_CI_FAILED" });
  });

  it("goes on after a run that was killed anywhere", async () => {
    await shop.git(["checkout", "--quiet", "-B", "main", second]);
    const third = await shop.commit("third", { "a.txt": "three\n" }, ada);
    await shop.run("daily", { allow_rewind: true });
    const folder = shop.path("data/ci/daily");
    // What a killed git leaves in the mirror, a killed run beside the check-out, and in the report.
    await writeFile(join(folder, "mirror.git/refs/guestkit/candidate.lock"), "");
    await writeFile(join(folder, "mirror.git/packed-refs.lock"), "");
    await writeFile(join(folder, ".work.guestkit-partial-4000000-deadbeef-tree"), "");
    await writeFile(shop.path("data/ci/.daily.guestkit-lock"), JSON.stringify({ pid: 4_000_000, tag: "deadbeef" }));
    const status = await shop.status("daily");
    const killed = { ...status, id: "20200101T000000000Z", result: "running", exit_code: null, ended_at: null };
    await writeFile(join(folder, "report/runs/20200101T000000000Z.json"), JSON.stringify(killed));
    expect(await shop.run("daily")).toMatchObject({ result: "unchanged", commit: third });
    expect(JSON.parse(await readFile(join(folder, "report/runs/20200101T000000000Z.json"), "utf8"))).toMatchObject({
      result: "interrupted",
    });
    expect((await readdir(folder)).filter((name) => name.includes("partial"))).toEqual([]);
  });

  it("is pulled by one run at a time", async () => {
    const [one, two] = await Promise.allSettled([shop.run("daily"), shop.run("daily")]);
    expect([one?.status, two?.status].toSorted()).toEqual(["fulfilled", "rejected"]);
    const rejected = one?.status === "rejected" ? one : two;
    expect(rejected).toMatchObject({ reason: { code: "E_LOCKED", message: expect.stringContaining("CI job daily") } });
  });
});
