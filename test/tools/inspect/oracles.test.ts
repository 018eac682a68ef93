import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readDpkg } from "../../../core/guest/dpkg.ts";
import { memoryTree } from "../../support/memory-filesystem.ts";
import { scratch } from "../../support/scratch.ts";
import { run } from "../../support/tool.ts";

const dir = await scratch("oracles");

/** dpkg(1), package states. */
const STATES =
  "not-installed config-files half-installed unpacked half-configured triggers-awaited triggers-pending installed";

it("tells the status of each package as dpkg-query does, and leaves out those that are gone", async () => {
  const status = STATES.split(" ").map((state) => {
    const more = { "triggers-awaited": "Triggers-Awaited: p-installed\n", "triggers-pending": "Triggers-Pending: x\n" };
    const last = state === "not-installed" ? "" : `Version: 1-1\n${more[state as keyof typeof more] ?? ""}`;
    const wanted = state === "not-installed" || state === "config-files" ? "deinstall" : "install";
    return `Package: p-${state}\nStatus: ${wanted} ok ${state}\nMaintainer: me\nArchitecture: all\nDescription: x\n${last}`;
  });
  const admin = join(dir, "dpkg");
  await mkdir(join(admin, "updates"), { recursive: true });
  await mkdir(join(admin, "info"));
  await writeFile(join(admin, "status"), status.join("\n"));
  const format = ["-W", "-f", "${Package} ${db:Status-Status}\\n"];
  const told = (await run("dpkg-query", [`--admindir=${admin}`, ...format])).trim().split("\n");
  const there = told.filter((line) => !/ (?:not-installed|config-files)$/.test(line));
  const found = await readDpkg(await memoryTree({ "/var/lib/dpkg/status": status.join("\n") }));
  expect(found?.map((each) => `${each.name} ${each.status}`)).toEqual(there.sort());
  expect(there).toHaveLength(6);
});
