import { execFileSync, spawnSync } from "node:child_process";
import { symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { findTool } from "../../../core/host/program/process.ts";
import { hostNamed } from "../../../core/remote/host.ts";
import { proxyCommand, thereWords } from "../../../core/remote/there.ts";
import { scratch } from "../../support/scratch.ts";

it("brings words to a program there as they are, by any shell", async () => {
  const bin = await scratch("there-words");
  const program = `#!${process.execPath}\nconsole.log(JSON.stringify(process.argv.slice(2)));\n`;
  await writeFile(join(bin, "guestkit"), program, { mode: 0o755 });
  const env = { PATH: `${bin}:/usr/bin:/bin`, HOME: bin };
  for (const words of [
    ["vm", "list"],
    ["it's", "a \\ b", "!x", "two\nlines", "", "$HOME", "é"],
  ]) {
    const command = thereWords(hostNamed("lab"), words).at(-1) as string;
    expect(command).toMatch(/^exec sh -c '[^'!\\\n]*'$/);
    expect(JSON.parse(execFileSync("sh", ["-c", command], { env, encoding: "utf8" }))).toEqual(words);
  }
});

it("fails where the host cannot read its words, or has no engine", async () => {
  const bare = await scratch("there-bare");
  for (const each of ["sh", "uname"]) await symlink(findTool(each), join(bare, each));
  const end = (words: readonly string[], options = {}) => {
    const command = thereWords(hostNamed("lab"), words, options).at(-1) as string;
    const env = { PATH: bare, HOME: bare };
    const { status, stderr } = spawnSync("/bin/sh", ["-c", command], { env, encoding: "utf8" });
    return { status, stderr };
  };
  expect(end(["it's"])).toEqual({ status: 127, stderr: expect.stringContaining("base64") });
  expect(end(["vm", "list"])).toEqual({
    status: 127,
    stderr:
      "Cannot run guestkit on lab: no engine was brought there, and none is installed\n  Bring it from the other side: guestkit vm list --host lab\n",
  });
  expect(end(["vm", "list"], { quiet: true })).toEqual({ status: 119, stderr: "" });
});

it("asks for a terminal where there is one, and lets nobody be asked where there is none", () => {
  const host = hostNamed("ssh://me@lab:2222");
  const typed = thereWords(host, ["vm", "list"], { terminal: true });
  const untyped = thereWords(host, ["vm", "list"]);
  expect(untyped).toEqual(expect.arrayContaining(["-T", "BatchMode=yes", "-l", "me", "2222"]));
  // All else is asked of ssh alike: what its configuration forwards or runs for a login by hand is none of this.
  const unasked = ["-T", "BatchMode=yes", "RequestTTY=no"];
  expect(typed.filter((each) => each !== "-o")).toEqual([
    "-t",
    ...untyped.filter((each) => each !== "-o" && !unasked.includes(each)),
  ]);
  expect(typed).toEqual(expect.arrayContaining(["ForwardAgent=no", "RemoteCommand=none", "PermitLocalCommand=no"]));
});

it("is a ProxyCommand that ssh's own expansion and a shell leave as it is", async () => {
  const bin = await scratch("proxy-words");
  const program = `#!${process.execPath}\nconsole.log(JSON.stringify(process.argv.slice(2)));\n`;
  await writeFile(join(bin, "ssh"), program, { mode: 0o755 });
  const host = hostNamed("ssh://me@[fe80::1%eth0]:2222");
  const expanded = proxyCommand(host, "web").replaceAll("%%", "%");
  expect(proxyCommand(host, "web")).toContain("fe80::1%%eth0");
  const env = { PATH: `${bin}:/usr/bin:/bin` };
  const seen = JSON.parse(execFileSync("sh", ["-c", expanded], { env, encoding: "utf8" }));
  expect(seen).toEqual(thereWords(host, ["vm", "connect", "web"]));
});
