/** What a stranger writes: headers and folders of images, project files and the lists beside them, requests. */
import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { chainOf } from "../../../core/build/chain.ts";
import { guestkit } from "../../support/cli.ts";
import { run, scratch } from "../../support/run.ts";

const dir = await scratch("strangers");
const at = (name: string) => join(dir, name);
const environment = {
  GUESTKIT_DATA_DIR: at("data"),
  GUESTKIT_CACHE_DIR: at("cache"),
  GUESTKIT_RUNTIME_DIR: at("run"),
};
const call = (args: readonly string[], input = "") => guestkit(args, { cwd: dir, env: environment, input });

const json = (options: object) => `json:${JSON.stringify(options)}`;
const overlay = (name: string, parent: string, format = "qcow2") =>
  run("qemu-img", ["create", "-q", "-u", "-f", "qcow2", "-F", format, "-b", parent, at(name), "1M"]);

/** What making something of an image, and looking at it, is refused with. */
async function refused(name: string): Promise<readonly string[]> {
  const made = await chainOf(at(name)).then(
    () => "opened",
    (error: { code: string }) => error.code,
  );
  const { exitCode, stderr } = await call(["info", name, "--json"]);
  return [made, exitCode === 0 ? "shown" : JSON.parse(stderr).error.code];
}

describe("a header's parent", () => {
  const odd: readonly (readonly [string, string])[] = [
    ["pipe", "pipe"],
    ["folder", "."],
    ["device", "/dev/zero"],
    ["input", "/dev/stdin"],
    ["set", "/dev/fdset/1"],
    ["fat", "fat:/etc"],
    ["network", "nbd:127.0.0.1:10809"],
    ["descriptor", json({ driver: "file", filename: "fd:3" })],
    ["driver", json({ driver: "qcow2", file: { driver: "nbd", host: "127.0.0.1" } })],
    ["nested", json({ driver: "qcow2", file: { driver: "qcow2", file: { driver: "nbd", host: "127.0.0.1" } } })],
    ["lines", "./\x1b[2Jx\nguestkit: all is well"],
  ];

  it("is opened where it is a file alone, and nothing is waited for", async () => {
    await run("mkfifo", [at("pipe")]);
    for (const [name, parent] of odd) {
      await overlay(`${name}.qcow2`, parent, "raw");
      const codes = await refused(`${name}.qcow2`);
      expect([name, codes.map((code) => /^E_(SOURCE|FILE|BACKING|IMAGE)_/.test(code))]).toEqual([name, [true, true]]);
    }
  });

  it("writes no line of its own into a message", async () => {
    await overlay("forged.qcow2", "./x\nguestkit: all is well");
    for (const args of [["info"], ["create", "--source"], ["create", "--backing"]]) {
      const made = args.length > 1 ? ["forged.copy"] : [];
      const { exitCode, stderr } = await call([...args, "forged.qcow2", ...made]);
      expect(exitCode).toBe(1);
      expect(stderr).not.toMatch(/^guestkit: all is well/m);
    }
  });

  it("is in no loop: not by options, nor by another name of the same file", async () => {
    await overlay("one.qcow2", json({ driver: "qcow2", file: { driver: "file", filename: at("two.qcow2") } }));
    await overlay("two.qcow2", json({ driver: "qcow2", "file.driver": "file", "file.filename": at("one.qcow2") }));
    await overlay("own.qcow2", "other.qcow2");
    await link(at("own.qcow2"), at("other.qcow2"));
    for (const name of ["one.qcow2", "own.qcow2"]) {
      expect(await refused(name)).toEqual(["E_BACKING_MISSING", expect.stringMatching(/^E_IMAGE_(CYCLE|CHAIN)$/)]);
    }
  });
});

it("a folder's names lead nowhere: not with a slash, nor as links", async () => {
  const [tree, disk] = [at("tree"), at("names.raw")];
  await mkdir(tree);
  await writeFile(join(tree, "AAAAAAAAAAAA"), "x");
  await run("truncate", ["-s", "2M", disk]);
  await run("mke2fs", ["-q", "-t", "ext2", "-O", "^dir_index,^metadata_csum", "-d", tree, disk]);
  const bytes = await readFile(disk);
  bytes.write("../../escape", bytes.indexOf("AAAAAAAAAAAA"), "latin1");
  await writeFile(disk, bytes);
  await mkdir(at("out/a/b"), { recursive: true });
  for (const args of [
    ["cp", "-r", "names.raw:/", "out/a/b"],
    ["tar", "names.raw", "/"],
    ["ls", "names.raw", "/"],
  ]) {
    expect(await call(args)).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("a name with a slash") });
  }
  expect(await run("find", [at("out"), "-name", "escape*"])).toBe("");
});

describe("a project that came with a list of what it owns", () => {
  it("removes and changes nothing that guestkit did not make", async () => {
    await mkdir(at("project/.guestkit"), { recursive: true, mode: 0o700 });
    await run("qemu-img", ["create", "-q", "-f", "qcow2", at("mine.qcow2"), "1M"]);
    const before = await readFile(at("mine.qcow2"));
    const apply = async (address: string, declared: object) => {
      const file = at("project/guestkit.yaml");
      const list = { format_version: 2, project: "x", file, resources: [{ address, id: at("mine.qcow2") }] };
      await writeFile(at("project/.guestkit/guestkit.yaml.state.json"), JSON.stringify(list));
      await writeFile(at("project/guestkit.yaml"), JSON.stringify({ version: 1, resources: { disk_image: declared } }));
      return call(["apply", "--file", "project/guestkit.yaml", "--auto-approve"]);
    };
    const kept = { exitCode: 1, stderr: expect.stringContaining("guestkit did not make this file") };
    expect(await apply("disk_image.gone", { own: { path: "own.qcow2", size: "1M" } })).toMatchObject(kept);
    expect(await apply("disk_image.own", { own: { path: "../mine.qcow2", size: "2M" } })).toMatchObject(kept);
    expect(await readFile(at("mine.qcow2"))).toEqual(before);
  });
});

it("a record of what is not there yet says nothing of what is made then", async () => {
  const record = at(".fresh.qcow2.guestkit.json");
  for (const origin of ["created", "seen"]) {
    const declared = { path: at("fresh.qcow2"), format: "raw", backing_file: "/etc/shadow", delete_protection: true };
    const details = {
      file: "1:1",
      names: ["/etc/shadow"],
      none: true,
      pending: { inode: "1:1" },
      redo: { sha256: "x" },
    };
    await writeFile(record, JSON.stringify({ format_version: 1, contract: "disk_image", origin, declared, details }));
    expect((await call(["create", "--size", "1M", "fresh.qcow2"])).exitCode).toBe(0);
    const made = JSON.parse(await readFile(record, "utf8"));
    expect(made).toMatchObject({ origin: "created", declared: { format: "qcow2", backing_file: null } });
    expect(Object.keys(made.details).sort()).toEqual(["file", "files", "secrets"]);
    for (const each of [record, at("fresh.qcow2")]) await rm(each);
  }
});

it("names of what every object has are names like others", async () => {
  const names = ["__proto__", "constructor", "toString", "hasOwnProperty"];
  const images = names.map((name) => `${name}: { path: ./${name}.raw, format: raw, size: 1M }`).join(", ");
  const outputs = names.map((name) => `${name}: "\${disk_image.${name}.id}"`).join(", ");
  const text = `version: 1\nresources: { disk_image: { ${images} } }\noutputs: { ${outputs} }\n`;
  await mkdir(at("names"));
  await writeFile(at("names/guestkit.yaml"), text);
  const apply = ["apply", "--file", "names/guestkit.yaml", "--auto-approve"];
  const { stdout } = await call(apply);
  for (const name of names) expect(stdout.toString()).toContain(`${name} = "${at(`names/${name}.raw`)}"`);
  expect((await call(apply)).stdout.toString()).toContain("No changes");
  const requests = names.flatMap((name, id) => [
    { jsonrpc: "2.0", id, method: name, params: {} },
    { jsonrpc: "2.0", id: `q${id}`, method: "query", params: { contract: name, config: {} } },
  ]);
  requests.unshift({
    jsonrpc: "2.0",
    id: "first",
    method: "initialize",
    params: { client: "test", protocol: 1 } as never,
  });
  const answers = await call(["rpc"], requests.map((each) => `${JSON.stringify(each)}\n`).join(""));
  const codes = answers.stdout
    .toString()
    .trim()
    .split("\n")
    .flatMap((line) => JSON.parse(line).error?.data.code ?? []);
  expect(codes.toSorted()).toEqual([...names.map(() => "E_CONTRACT_UNKNOWN"), ...names.map(() => "E_RPC_METHOD")]);
});
