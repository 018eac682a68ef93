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

it("takes keys from each face, and repeats none that it does not understand", () => {
  const keys = { "*": { passphrase: "hidden-word" }, "/dev/sda2": { file: "/run/key", passphrase: null } };
  const read = { "*": ["hidden-word"], "/dev/sda2": [{ file: "/run/key" }] };
  expect(resolveSettings(readSettings({ keys })).keys).toEqual(read);
  expect(resolveSettings(settingsOf((key) => (key === "keys" ? JSON.stringify(keys) : undefined))).keys).toEqual(read);
  expect(resolveSettings({}).keys).toBeUndefined();
  for (const wrong of ["hidden-word", '{"*":"hidden-word"}', '{"*":{"hidden-word":1}}', '["hidden-word"]']) {
    const refused = () => settingsOf((key) => (key === "keys" ? wrong : undefined));
    expect(refused).toThrow(/^Cannot use the keys: /);
    expect(refused).not.toThrow(/hidden-word/);
  }
});

it.each(["never", "-1", "1e9"])("refuses a time that is none: %s", (lock_timeout) => {
  expect(() => resolveSettings(readSettings({ lock_timeout }))).toThrow(/^Cannot wait ".+" for a lock/);
});
