import { readdir, readFile, rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { guestkit } from "../../support/cli.ts";
import { MachineHost } from "../../support/machine-host.ts";
import { Workshop } from "../../tools/ci/workshop.ts";

const KILLS = 14;
/** Where a kill comes too late, the next ones come sooner: more rounds than kills. */
const ROUNDS = 40;

it("a job that is killed anywhere is carried on by the next run, and leaves nothing behind", async () => {
  const shop = await Workshop.open("ci-kill");
  await using host = MachineHost.at(shop.folder);
  const ada = await shop.sshKey("ada");
  const file = await shop.job("kill", {
    signers: { allowed_signers: await shop.allow("allowed", "ada") },
    apply: true,
  });
  const command = ["ci", "run", "--config", file];
  const work = shop.path("data/ci/kill/work");
  const image =
    "version: 1\nresources:\n  disk_image:\n    data: { path: ./data.qcow2, size: 64M, layout: { partitions: [{ name: data, filesystem: ext4 }] } }\n";
  const push = (round: number) =>
    shop.commit(
      `round ${round}`,
      { "guestkit.yaml": image, [`file-${round % 3}.txt`]: `${round}\n`, count: `${round}` },
      ada,
    );
  await push(0);
  const begun = performance.now();
  expect((await guestkit(command, { env: host.env })).exitCode).toBe(0);
  let whole = performance.now() - begun;
  let killed = 0;
  for (let round = 1; killed < KILLS && round <= ROUNDS; round++) {
    const commit = await push(round);
    await rm(`${work}/data.qcow2`, { force: true });
    const at = whole * (0.3 + (0.7 * killed) / KILLS);
    const { exitCode } = await guestkit(command, {
      env: host.env,
      onStart: (kill) => void sleep(at).then(() => kill("SIGKILL")),
    });
    if (exitCode === 0) whole *= 0.9;
    else killed++;
    const { exitCode: after, stderr } = await guestkit(command, { env: host.env });
    expect(`${round}: ${after} ${after === 0 ? "" : stderr}`).toBe(`${round}: 0 `);
    expect(await readFile(`${work}/count`, "utf8")).toBe(`${round}`);
    expect(await readdir(work)).toContain("data.qcow2");
    expect((await shop.status("kill")).commit?.id).toBe(commit);
    const names = await readdir(shop.path("data"), { recursive: true });
    expect(names.filter((name) => /partial|\.lock$|guestkit-lock/.test(name))).toEqual([]);
    expect(await readdir(shop.path("run/ci")).catch(() => [])).toEqual([]);
    expect(await host.pids()).toEqual([]);
  }
  expect(killed).toBe(KILLS);
});
