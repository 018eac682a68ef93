import { expect, it } from "vitest";
import { bootUntil } from "../../support/boot.ts";
import { debianImage } from "../../support/debian.ts";

/** Emulated: 25 to 60 seconds, more where other tests run beside it. */
const TIMEOUT_MS = 300_000;
const TEST_TIMEOUT_MS = 600_000;

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
