import { expect, it } from "vitest";
import { resolveSettings } from "../../../core/host/settings.ts";
import { readSettings } from "../../../provider/schema/settings.ts";
import { settingsOf } from "../../../pulumi/face/settings.ts";

it("takes from each face, else from the environment, how long a lock is waited for", () => {
  const env = { GUESTKIT_LOCK_TIMEOUT: "3" };
  expect(resolveSettings(readSettings({ lock_timeout: "0.5" }), env).lockTimeout).toBe(0.5);
  expect(
    resolveSettings(
      settingsOf((key) => (key === "lockTimeout" ? "0" : undefined)),
      env,
    ).lockTimeout,
  ).toBe(0);
  expect(resolveSettings(readSettings({}), env).lockTimeout).toBe(3);
  expect(resolveSettings({}, {}).lockTimeout).toBe(10);
});

it.each(["never", "-1", "1e9"])("refuses a time that is none: %s", (lock_timeout) => {
  expect(() => resolveSettings(readSettings({ lock_timeout }))).toThrow(/^Cannot wait ".+" for a lock/);
});
