import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { bootUntil } from "../../support/boot.ts";
import { debianImage } from "../../support/debian.ts";

/** Emulated: 25 to 60 seconds, more where other tests run beside it. */
const TIMEOUT_MS = 300_000;
const TEST_TIMEOUT_MS = 600_000;

it(
  "boots its own kernel directly to the login prompt",
  async () => {
    const { path, result } = await debianImage();
    if (!result.boot) throw new Error("the image has no kernel");
    const dir = mkdtempSync(join(tmpdir(), "guestkit-kernel-"));
    try {
      const table = JSON.parse(execFileSync("/sbin/sfdisk", ["--json", path], { encoding: "utf8" }));
      const disk = `${path}?offset=${table.partitiontable.partitions[1].start * 512}`;
      const take = (name: string, from: string) => {
        execFileSync("/sbin/debugfs", ["-R", `dump ${from} ${join(dir, name)}`, disk], { stdio: "pipe" });
        return join(dir, name);
      };
      const way = {
        kernel: take("vmlinuz", result.boot.image),
        initrd: take("initrd", result.boot.initrd),
        cmdline: result.boot.cmdline,
      };
      const text = await bootUntil(path, { way, until: /web login: /, timeoutMs: TIMEOUT_MS });
      expect(text).not.toMatch(/FAILED/);
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  },
  TEST_TIMEOUT_MS,
);

it(
  "boots by UEFI to the login prompt",
  async () => {
    const { path } = await debianImage();
    const text = await bootUntil(path, { way: "uefi", until: /web login: /, timeoutMs: TIMEOUT_MS });
    expect(text).toContain("ssh-host-keys");
    expect(text).not.toMatch(/FAILED/);
  },
  TEST_TIMEOUT_MS,
);
