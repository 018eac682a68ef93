import { link, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Report } from "../../../core/inspect/index.ts";
import { guestkit } from "../../support/cli.ts";
import { run, scratch } from "../../support/run.ts";

const dir = await scratch("budget");
const NETPLAN = "network:\n ethernets:\n".padEnd(4 << 20, "  e:\n   addresses: [1.1.1.1/8]\n");

/** Files that take one content's room and are as many as they have names. */
async function links(folder: string, names: readonly string[], content: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const [first = "", ...others] = names.map((name) => join(folder, name));
  await writeFile(first, content);
  for (const other of others) await link(first, other);
}

it("a small image whose files are read by many names is inspected up to a share, which is named; the rest is whole", async () => {
  const tree = join(dir, "tree");
  await links(
    join(tree, "etc/netplan"),
    Array.from({ length: 40 }, (_, at) => `${at}.yaml`),
    NETPLAN,
  );
  const units = Array.from({ length: 2000 }, (_, at) => `u${at}.service`);
  // An empty one would be masked.
  await links(join(tree, "etc/systemd/system"), units, "[Unit]\n");
  await writeFile(join(tree, "etc/os-release"), "ID=debian\n");
  await mkdir(join(tree, "usr"));
  const image = join(dir, "links.raw");
  await run("sh", ["-c", `truncate -s 32M ${image} && mke2fs -q -t ext4 -O ^dir_index -d ${tree} ${image}`]);
  const { exitCode, stdout, stderr } = await guestkit(["inspect", "--json", image]);
  const report = JSON.parse(stdout.toString()) as Report;
  expect(exitCode).toBe(0);
  expect(report).toMatchObject({ distro: "debian", network: null, units: { enabled: [], masked: [] } });
  expect(report.warnings).toEqual([
    expect.stringMatching(
      /network cannot be read: Cannot read "\/etc\/netplan\/\d+\.yaml" for network: it takes more than 8 MiB/,
    ),
  ]);
  expect(stderr).not.toContain("E_INTERNAL");
  // Whoever asks for one of them gets it: verbs that name a file are bounded by what they name.
  expect((await guestkit(["cat", image, "/etc/netplan/39.yaml"])).stdout.length).toBe(NETPLAN.length);
});
