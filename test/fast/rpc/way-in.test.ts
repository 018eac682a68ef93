import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { tellWayIn } from "../../../core/rpc/way-in.ts";
import { scratch } from "../../support/scratch.ts";

const dir = await scratch("tell-way-in");
const keyFile = join(dir, "key");
await writeFile(keyFile, "KEY");
const target = {
  ...{ name: "web", host: "127.0.0.1", port: 2222, user: "root", keyFile, ownKey: true },
  ...{ knownHostsFile: join(dir, "known_hosts"), logFolder: dir },
};
const KEY = Buffer.from("KEY").toString("base64");

it("tells a look of the key that guestkit made, and of a declared one only who logs in", async () => {
  for (const isLogin of [false, true])
    expect(await tellWayIn(target, isLogin)).toMatchObject({ key: KEY, own_key: true });
  const declared = { ...target, ownKey: false };
  expect(await tellWayIn(declared, false)).toMatchObject({ key: null, own_key: false });
  expect(await tellWayIn(declared, true)).toMatchObject({ key: KEY, own_key: false });
});

it("is a way as well where there is no key, or none that can be read", async () => {
  const rest = { host: "127.0.0.1", port: 2222, user: "root", key: null, known_hosts: null };
  const unreadable = join(dir, "unreadable");
  await writeFile(unreadable, "x".repeat(1 << 20));
  await chmod(unreadable, 0);
  for (const each of [null, join(dir, "none"), dir, unreadable]) {
    expect(await tellWayIn({ ...target, keyFile: each }, true)).toEqual({ ...rest, own_key: true });
  }
});
