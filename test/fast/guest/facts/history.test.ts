import { describe, expect, it } from "vitest";
import { history } from "../../../../core/guest/facts/history/index.ts";
import { knownSystem } from "../../../support/known-system.ts";
import { type Content, memoryTree } from "../../../support/memory-filesystem.ts";
import { makeLastlog, makeUtmp, type UtmpFields } from "../../../support/utmp.ts";

const PASSWD = "root:x:0:0::/root:/bin/sh\nme:x:7:7::/home/me:/bin/bash\nnobody:x:4294967294:1::/:/bin/false\n";
const read = async (files: Readonly<Record<string, Content>>) =>
  history.read(await knownSystem(await memoryTree({ "/etc/passwd": PASSWD, ...files })));

const MACHINES = {
  x86_64: { little: true, bits: 32 },
  aarch64: { little: true, bits: 64 },
  s390x: { little: false, bits: 32 },
} as const;

const RECORDS: readonly UtmpFields[] = [
  { type: 2, line: "~", user: "reboot", host: "6.1.0", seconds: 1_700_000_000 },
  { type: 6, line: "tty1", user: "LOGIN", seconds: 1_700_000_005 },
  { type: 7, line: "pts/0", user: "me", host: "192.0.2.1", seconds: 1_700_000_010 },
  { type: 8, line: "pts/0", seconds: 1_700_000_020 },
  { type: 7, line: "tty1", user: "root", seconds: 1_700_000_030 },
  { type: 1, line: "~", user: "shutdown", seconds: 1_700_000_040 },
  { type: 2, line: "~", user: "reboot", host: "6.1.1", seconds: 1_700_000_050 },
  { type: 7, line: "pts/1", user: "me", seconds: 1_700_000_060 },
  { type: 2, line: "~", user: "reboot", host: "6.1.2", seconds: 1_700_000_070 },
  { type: 7, line: "pts/2", user: "me", seconds: 1_700_000_080 },
];

const at = (seconds: number) => new Date((1_700_000_000 + seconds) * 1000).toISOString();

describe("wtmp and lastlog", () => {
  it.each(Object.entries(MACHINES))("of %s tell sessions and starts with their ends", async (_, machine) => {
    const { logs, boots, logins, last_logins } = await read({
      "/var/log/wtmp": makeUtmp(RECORDS, machine),
      "/var/log/lastlog": makeLastlog({ 0: 1_700_000_030, 7: 1_700_000_080 }, machine),
    });
    expect(logs).toEqual([{ path: "/var/log/wtmp", records: 10 }]);
    expect(boots.map(({ at, kernel, until, ended }) => [at, kernel, until, ended])).toEqual([
      [at(70), "6.1.2", null, "unknown"],
      [at(50), "6.1.1", null, "crash"],
      [at(0), "6.1.0", at(40), "shutdown"],
    ]);
    expect(logins.map(({ user, line, host, at, until, ended }) => [user, line, host, at, until, ended])).toEqual([
      ["me", "pts/2", null, at(80), null, "unknown"],
      ["me", "pts/1", null, at(60), at(70), "crash"],
      ["root", "tty1", null, at(30), at(40), "shutdown"],
      ["me", "pts/0", "192.0.2.1", at(10), at(20), "logout"],
    ]);
    expect(last_logins.map(({ user, at, line }) => [user, at, line])).toEqual([
      ["root", at(30), "pts/0"],
      ["me", at(80), "pts/7"],
    ]);
  });

  it("of any length are told by the last hundred, and by their number", async () => {
    const many = Array.from({ length: 1000 }, (_, index) => ({
      type: 7,
      line: "pts/0",
      user: "me",
      seconds: 1_700_000_000 + index,
    }));
    const made = makeUtmp(many, MACHINES.x86_64);
    const { logs, logins } = await read({ "/var/log/wtmp": made.subarray(0, made.length - 5) });
    expect([logs[0]?.records, logins.length, logins[0]?.at, logins.at(-1)?.at]).toEqual([999, 100, at(998), at(899)]);
  });
});

describe("btmp", () => {
  it("tells no name that may be a password", async () => {
    const record = (user: string, seconds: number) => ({
      type: 6,
      line: "ssh:notty",
      user,
      host: "192.0.2.9",
      seconds,
    });
    const { failed_logins } = await read({
      "/var/log/btmp": makeUtmp([record("me", 1_700_000_000), record("hunter2", 1_700_000_001)], MACHINES.x86_64),
    });
    expect(failed_logins.map(({ user, host, at }) => [user, host, at])).toEqual([
      [null, "192.0.2.9", at(1)],
      ["me", "192.0.2.9", at(0)],
    ]);
  });
});

describe("what users typed", () => {
  it("is told by where it lies and how long it is", async () => {
    const found = await read({
      "/root/.bash_history": "mysql -phunter2\nls\n",
      "/home/me/.local/share/fish/fish_history": "- cmd: ls",
      "/home/me/.python_history": "",
      "/home/me/.zsh_history": { link: "/root/.bash_history" },
    });
    expect(JSON.stringify(found)).not.toContain("hunter2");
    expect(found.shell_histories).toEqual([
      { path: "/root/.bash_history", user: "root", lines: 2 },
      { path: "/home/me/.zsh_history", user: "me", lines: 2 },
      { path: "/home/me/.local/share/fish/fish_history", user: "me", lines: 1 },
    ]);
  });
});

it("first signs name installers and cloud-init's machine", async () => {
  const { first_signs, instance_id } = await read({
    "/var/log/installer/status": "",
    "/var/lib/cloud/data/instance-id": "i-0123\n",
    "/etc/machine-id": "uninitialized\n",
  });
  expect(first_signs.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
    "installer /var/log/installer",
    "machine_id /etc/machine-id",
  ]);
  expect(instance_id).toBe("i-0123");
});
