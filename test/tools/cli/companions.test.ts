/** What lies where guestkit keeps something, or where a declaration points, and is no file that could be meant. */
import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { guestkit, guestkitText } from "../../support/cli.ts";
import { run, scratch } from "../../support/run.ts";

const dir = await scratch("companions");
const at = (name: string) => join(dir, name);
const env = { GUESTKIT_CACHE_DIR: at("cache"), GUESTKIT_DATA_DIR: at("data"), GUESTKIT_RUNTIME_DIR: at("run") };
const ODD = ["mkfifo PLACE", "mkdir PLACE", "ln -s /dev/zero PLACE", "truncate -s 10G PLACE"] as const;

const lay = (odd: string, path: string) => run("sh", ["-ec", odd.replace("PLACE", `'${path}'`)]);

async function declare(image: object): Promise<void> {
  const web = { path: at("web.raw"), format: "raw", size: "1M", ...image };
  await writeFile(at("guestkit.yaml"), JSON.stringify({ version: 1, resources: { disk_image: { web } } }));
}

const plan = () => guestkit(["plan"], { cwd: dir, env });

describe.each(ODD)("%s", (odd) => {
  test("as the list of what a project owns is refused by name", async () => {
    await declare({});
    await mkdir(at(".guestkit"), { recursive: true });
    await rm(at(".guestkit/guestkit.yaml.state.json"), { recursive: true, force: true });
    await lay(odd, at(".guestkit/guestkit.yaml.state.json"));
    const { exitCode, stderr } = await plan();
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`Cannot read "${at(".guestkit/guestkit.yaml.state.json")}"`);
    await rm(at(".guestkit"), { recursive: true });
  });

  test("as a file that a declaration takes in is refused by name", async () => {
    await declare({ files: [{ path: "/x", content: "${file.taken}" }] });
    await lay(odd, at("taken"));
    const { exitCode, stderr } = await plan();
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/Cannot use \$\{file\.taken\}: .*it (is no regular file|is a folder|has more than)/);
    await rm(at("taken"), { recursive: true });
  });

  test("as a file for an image is refused by name, and nothing is made", async () => {
    await declare({
      size: "8M",
      layout: { partitions: [{ name: "a", filesystem: "ext4" }] },
      files: [{ path: "/x", source: at("taken") }],
    });
    await lay(odd, at("taken"));
    const { exitCode, stderr } = await guestkit(["apply", "--auto-approve"], { cwd: dir, env });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/Cannot (read|use) ".*taken": it (is no regular file|is a directory|has more than)/);
    await expect(run("ls", [at("web.raw")])).rejects.toThrow("web.raw");
    await rm(at("taken"), { recursive: true });
  });
});

test("a link that the user laid to a file is followed", async () => {
  await writeFile(at("secret"), "from a link\n");
  await symlink(at("secret"), at("taken"));
  await declare({ size: "${file.taken}" });
  expect((await plan()).stderr).toContain("from a link");
});

test("an odd thing in the cache of what was seen is passed over", async () => {
  await declare({});
  await guestkitText(["apply", "--auto-approve"], { cwd: dir, env });
  const [name] = (await run("ls", [at("cache/observed")])).trim().split("\n");
  for (const odd of ODD) {
    await rm(at(`cache/observed/${name}`), { recursive: true });
    await lay(odd, at(`cache/observed/${name}`));
    expect((await plan()).exitCode, odd).toBe(0);
    await lay("touch PLACE", at(`cache/observed/${name}`));
  }
});

test("a partial is swept where it is this user's, and no link in it is followed", async () => {
  await writeFile(at("kept"), "kept");
  const partial = (tag: string) => at(`.web.raw.guestkit-partial-1-${tag}${tag}-image`);
  await lay("mkdir PLACE", partial("0000000a"));
  await symlink(at("kept"), join(partial("0000000a"), "link"));
  await symlink(at("kept"), partial("0000000b"));
  await writeFile(partial("0000000c"), "another user's");
  await run("chown", ["65534", partial("0000000c")]);
  await declare({ size: "2M" });
  await guestkitText(["apply", "--auto-approve"], { cwd: dir, env });
  const left = (await run("ls", ["-A", dir])).split("\n").filter((each) => each.includes("guestkit-partial"));
  expect(left.map((each) => each.slice(-14, -6))).toEqual(["0000000b", "0000000c"]);
  expect(await run("cat", [at("kept")])).toBe("kept");
});
