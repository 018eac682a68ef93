import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type CliOptions, guestkit, guestkitText } from "../../support/cli.ts";
import { run, scratch } from "../../support/run.ts";

const dir = await scratch("variables");

/** A folder with its own guestkit.yaml, as a user works in it. */
async function work(name: string, text: string, env: Readonly<Record<string, string>> = {}) {
  const cwd = join(dir, name);
  await mkdir(cwd);
  const options: CliOptions = { cwd, env: { GUESTKIT_RUNTIME_DIR: join(cwd, "run"), ...env } };
  const write = (file: string, content: string) => writeFile(join(cwd, file), content);
  await write("guestkit.yaml", text);
  return {
    cwd,
    write,
    call: (...args: string[]) => guestkit(args, options),
    text: (...args: string[]) => guestkitText(args, options),
    images: async () => (await readdir(cwd)).filter((each) => /\.(qcow2|raw)$/.test(each) && !each.startsWith(".")),
    changes: async (...args: string[]) =>
      JSON.parse(await guestkitText(["plan", "--json", ...args], options)).changes.map(
        (each: { action: string; address: string }) => `${each.action} ${each.address}`,
      ),
  };
}

const sizeOf = async (path: string) =>
  JSON.parse(await run("qemu-img", ["info", "--output=json", path]))["virtual-size"];

const EACH = `version: 1
variables:
  size: { type: string, description: Of each disk. }
  hosts: { type: map, default: { web: 1, db: 2, 'odd ]}"$': 3 } }
resources:
  disk_image:
    base:
      for_each: \${var.hosts}
      path: ./base-\${each.value}.qcow2
      size: \${var.size}
    top:
      for_each: \${var.hosts}
      path: ./top-\${each.value}.qcow2
      backing_file: \${disk_image.base[each.key].id}
outputs:
  web: \${disk_image.top["web"].virtual_size}
  odd: \${disk_image.top['odd ]}"$'].path}
`;

describe("things for each of several keys", () => {
  it("are made, kept, and destroyed one by one", async () => {
    const { cwd, text, call, write, images, changes } = await work("each", EACH);
    const missing = await call("apply", "--auto-approve");
    expect([missing.exitCode, missing.stderr]).toEqual([
      1,
      expect.stringMatching(
        /^guestkit\.yaml:3:9: Cannot use the variable "size": it has no value\n {2}Give one: --var size=/,
      ),
    ]);
    const made = await text("apply", "--auto-approve", "--var", "size=32M");
    expect(made).toContain('Outputs:\n  web = 33554432\n  odd = "./top-3.qcow2"\n');
    expect(await images()).toEqual([
      "base-1.qcow2",
      "base-2.qcow2",
      "base-3.qcow2",
      "top-1.qcow2",
      "top-2.qcow2",
      "top-3.qcow2",
    ]);
    expect(await changes("--var", "size=32M")).toEqual([]);

    await write("hosts.yaml", "size: 32M\nhosts: { web: 1, 'odd ]}\"$': 3 }\n");
    expect(await changes("--var-file", "hosts.yaml")).toEqual([
      'delete disk_image.top["db"]',
      'delete disk_image.base["db"]',
    ]);
    await text("apply", "--auto-approve", "--var-file", "hosts.yaml");
    expect(await images()).toEqual(["base-1.qcow2", "base-3.qcow2", "top-1.qcow2", "top-3.qcow2"]);

    // Nothing that goes needs the value that is missing.
    await text("destroy", "--auto-approve");
    expect(await images()).toEqual([]);
    expect(await readFile(join(cwd, ".guestkit/guestkit.yaml.state.json"), "utf8")).not.toContain("disk_image");
  });

  it("one of them is taken over by its address, in either quotes", async () => {
    const { cwd, text, call } = await work("import", EACH, { GUESTKIT_VAR_size: "32M" });
    await run("qemu-img", ["create", "-q", "-f", "qcow2", join(cwd, "base-1.qcow2"), "32M"]);
    const refused = await call("plan");
    expect([refused.exitCode, refused.stderr]).toEqual([
      1,
      expect.stringContaining("guestkit import 'disk_image.base[\"web\"]'"),
    ]);
    await text("import", "disk_image.base['web']", "base-1.qcow2");
    expect((await call("plan")).exitCode).toBe(0);
  });
});

const SECRET = "correct horse battery";
const SECRETS = `version: 1
variables:
  size: { default: 32M }
  word: { sensitive: true }
resources:
  disk_image:
    a:
      path: ./a.raw
      format: raw
      size: \${var.size}
      layout: { partitions: [{ name: data, filesystem: ext4 }] }
      files: [{ path: /word, content: "it is \${var.word}" }]
outputs:
  word: \${var.word}
  size: \${disk_image.a.size}
`;

describe("a sensitive variable", () => {
  it("is in the image and shown nowhere", async () => {
    const { cwd, text, call, write } = await work("secret", SECRETS, { GUESTKIT_LOG: "trace" });
    await write("word.json", JSON.stringify({ word: SECRET }));
    const given = ["--var-file", "word.json"];
    const planned = await call("plan", "--out", "a.plan", "--var", "size=48M", ...given);
    const shown = [planned.stdout, planned.stderr];
    for (const args of [["plan", "--json"], ["apply", "a.plan"], ["plan"], ["apply", "--auto-approve", "--json"]]) {
      const { exitCode, stdout, stderr } = await call(
        ...args,
        ...(args[1] === "a.plan" ? [] : ["--var", "size=48M"]),
        ...given,
      );
      expect([args, exitCode, stderr]).toEqual([args, 0, stderr]);
      shown.push(stdout, stderr);
    }
    expect(shown.join("")).toContain('"word": "(secret)"');
    const wrong = await call("apply", "--auto-approve", "--var", `size=${SECRET}`, ...given);
    expect([wrong.exitCode, wrong.stderr]).toEqual([
      1,
      expect.stringContaining('guestkit.yaml:10:13: Cannot use size "(secret)"'),
    ]);
    const kept = await run("sh", ["-c", 'cat "$1"/a.plan "$1"/.guestkit/*', "sh", cwd]);
    expect([...shown, wrong.stdout, wrong.stderr, kept].join("")).not.toContain("horse");
    expect(await text("cat", "a.raw", "/word")).toBe(`it is ${SECRET}`);
    expect(await sizeOf(join(cwd, "a.raw"))).toBe(48 << 20);
  });

  it("is given again to a saved plan, which keeps what the others were", async () => {
    const { cwd, text, call } = await work("saved", SECRETS);
    await text("plan", "--out", "a.plan", "--var", "size=40M", "--var", `word=${SECRET}`);
    const missing = await call("apply", "a.plan");
    expect([missing.exitCode, missing.stderr]).toEqual([
      1,
      expect.stringContaining('Cannot use the variable "word": it has no value'),
    ]);
    const other = await call("apply", "a.plan", "--var", "size=41M", "--var", `word=${SECRET}`);
    expect([other.exitCode, other.stderr]).toEqual([
      1,
      expect.stringContaining("Cannot use --var size: the plan has its value"),
    ]);
    await text("apply", "a.plan", "--var", `word=${SECRET}`);
    expect(await sizeOf(join(cwd, "a.raw"))).toBe(40 << 20);
  });
});
