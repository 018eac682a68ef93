import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { normalise } from "../../../core/engine/normalise.ts";
import { contractOf } from "../../../core/model/index.ts";
import type { ValueObject } from "../../../core/model/value.ts";
import { renderSeed, writeSeed } from "../../../core/seed/index.ts";
import { writeYaml } from "../../../core/seed/yaml.ts";
import { run, scratch } from "../../support/run.ts";

const dir = await scratch("seed");
const render = (input: ValueObject, options = {}) =>
  renderSeed(normalise(contractOf("cloud_init_seed").input, { path: "/seed.iso", ...input }), options);

/** `runcmd` as cloud-init makes a script of it (util.shellify), run by a shell. */
async function runCommands(shell: string, commands: readonly string[]) {
  const { runcmd } = parse(render({ runcmd: commands })["user-data"]) as { runcmd: string[] };
  const script = join(dir, "runcmd");
  await writeFile(script, ["#!/bin/sh", ...runcmd, ""].join("\n"));
  const [file = "sh", ...args] = [...shell.split(" "), script];
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    execFile(file, args, (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), stdout, stderr }));
  });
}

describe.each(["dash", "bash --posix", "busybox sh"])("runcmd in %s", (shell) => {
  it("runs all in one shell, in order, and ends well", async () => {
    const commands = [
      "a=1",
      "echo $a",
      "if false; then echo no; fi",
      "false || echo 'it''s'",
      "false && true\necho end",
    ];
    expect(await runCommands(shell, commands)).toEqual({ code: 0, stdout: "1\nits\nend\n", stderr: "" });
  });

  it.each([
    [["echo one", "exit 3", "echo two"], 3, "guestkit: runcmd[1] (exit 3) failed with exit code 3\n"],
    [
      ["true", "echo \"a 'b' $c\" >&2; false\ntrue"],
      1,
      "runcmd[1] (echo \"a 'b' $c\" >&2; false ...) failed with exit code 1\n",
    ],
    [["/nowhere"], 127, "guestkit: runcmd[0] (/nowhere) failed with exit code 127\n"],
    [["true | false", "echo two"], 1, "guestkit: runcmd[0] (true | false) failed with exit code 1\n"],
  ])("%j ends with %i and names the command", async (commands, code, message) => {
    const result = await runCommands(shell, commands);
    expect(result.code).toBe(code);
    expect(result.stderr).toContain(message);
    expect(result.stdout).not.toContain("two");
  });

  it("a command that does not parse ends it too", async () => {
    expect((await runCommands(shell, ["echo 'one"])).code).not.toBe(0);
  });
});

it("reads back in cloud-init's own YAML library as what was written", async () => {
  const texts = [
    "yes",
    "0777",
    "1:30",
    "a\nb\n",
    "\ttab\r",
    "\u0000\u007f\u0085\u2028\ufeff",
    "ü 日本 😀",
    '"\\n"',
    "- #",
    "",
  ];
  const document = { texts, nested: [{ a: [["x"], {}], on: true }], e0: "no" };
  const script = "import json, sys, yaml; print(json.dumps(yaml.safe_load(sys.stdin.buffer.read().decode())))";
  const path = join(dir, "document.yaml");
  await writeFile(path, writeYaml(document));
  expect(JSON.parse(await run("sh", ["-c", 'python3 -c "$1" < "$2"', "sh", script, path]))).toEqual(document);
});

it("is a medium that blkid tells cloud-init of, and xorriso reads", async () => {
  const path = join(dir, "seed.iso");
  const files = render({ runcmd: ["true"], hostname: "web" }, { hosts: [{ name: "db", address: "10.0.0.2" }] });
  await writeSeed(path, files);
  expect(await run("blkid", ["-p", "-s", "LABEL", "-o", "value", path])).toBe("cidata\n");
  const out = join(dir, "out");
  await run("xorriso", ["-abort_on", "WARNING", "-osirrox", "on", "-indev", path, "-extract", "/", out]);
  for (const [name, text] of Object.entries(files)) expect(await run("cat", [join(out, name)]), name).toBe(text);
});

it("puts the names of other machines into /etc/hosts once, and takes back what is gone", async () => {
  const hosts = join(dir, "hosts");
  await writeFile(hosts, "127.0.0.1 localhost\n");
  for (const address of ["10.0.0.2", "10.0.0.3"]) {
    const { bootcmd } = parse(render({}, { hosts: [{ name: "db", address }] })["user-data"]) as { bootcmd: string[] };
    for (let boot = 0; boot < 2; boot++) await run("sh", ["-ec", (bootcmd[0] ?? "").replace("/etc/hosts", hosts)]);
  }
  expect(await run("cat", [hosts])).toBe("127.0.0.1 localhost\n10.0.0.3 db # guestkit\n");
});
