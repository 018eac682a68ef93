import { chmod, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { guestkit } from "../../support/cli.ts";
import { creationsOf, openCreations } from "../../support/creations.ts";
import { run, scratch } from "../../support/run.ts";

const dir = await scratch("modes");
await run("qemu-img", ["create", "-q", "-f", "qcow2", join(dir, "seed.qcow2"), "8M"]);
const server = createServer(async (_, response) => response.end(await readFile(join(dir, "seed.qcow2"))));
await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
afterAll(() => server.close().closeAllConnections());
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/image`;

const SECRETS = ["files", "headers", "signed", "tight"];
const PLAIN = ["plain", "blank"];

const layout = { partitions: [{ name: "root", filesystem: "ext4", content: { tar: join(dir, "tree.tar") } }] };
const files = [{ path: "/secret", secret_content: "${file.word}", secret_content_version: 1 }];
const declared = {
  version: 1,
  resources: {
    disk_image: {
      files: { path: "images/files.qcow2", size: "16M", layout, files },
      headers: { path: "images/headers.qcow2", source: { url, headers: { Authorization: "${file.word}" } } },
      signed: { path: "images/signed.raw", format: "raw", source: { url: `${url}?sig=${"0".repeat(40)}` } },
      tight: { path: "images/tight.raw", format: "raw", size: "16M", layout, files },
      plain: { path: "images/plain.raw", format: "raw", source: { url }, size: "16M" },
      blank: { path: "images/blank.qcow2", size: "16M", layout },
      shared: { path: "images/shared.qcow2", size: "16M", layout, files, mode: "0640" },
    },
    cloud_init_seed: { seed: { path: "images/seed.iso", hostname: "web" } },
    virtual_machine: {
      web: {
        name: "web",
        running: false,
        preflight: "off",
        disks: { root: { image: "images/blank.qcow2", overlay: true } },
      },
    },
  },
};

const folders = (cwd: string) => ({
  GUESTKIT_DATA_DIR: join(cwd, "data"),
  GUESTKIT_CACHE_DIR: join(cwd, "cache"),
  GUESTKIT_RUNTIME_DIR: join(cwd, "run"),
});

async function project(name: string, resources: object = declared.resources): Promise<string> {
  const cwd = join(dir, name);
  await mkdir(join(cwd, "images"), { recursive: true });
  await writeFile(join(cwd, "guestkit.yaml"), JSON.stringify({ ...declared, resources }));
  await writeFile(join(cwd, "word"), "Basic word\n");
  return cwd;
}

const bitsOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

/** What lies below a folder and others may do something with, down to folders that they cannot enter. */
async function openTo(folder: string): Promise<string[]> {
  const names = await readdir(folder, { withFileTypes: true });
  const found = names.map(async (entry) => {
    const path = join(folder, entry.name);
    const bits = Number.parseInt(await bitsOf(path), 8);
    if ((bits & 0o077) === 0) return [];
    return entry.isDirectory() ? [path, ...(await openTo(path))] : [path];
  });
  return (await Promise.all(found)).flat();
}

await mkdir(join(dir, "tree"));
await writeFile(join(dir, "tree/a"), "a");
await run("tar", ["-C", join(dir, "tree"), "-cf", join(dir, "tree.tar"), "."]);

describe.each(["000", "077"])("under the umask %s", (umask) => {
  it("nothing of guestkit's own, and no secret, is open to others, from the first moment on", async () => {
    const cwd = await project(umask);
    const made = await creationsOf(["apply", "--auto-approve"], { cwd, umask, env: folders(cwd) });
    // The message of a lock is for those who wait for it, and an image that all may read for those who would make it.
    const seen = openCreations(made).filter(
      (each) => !/guestkit-lock|\.(plain|blank)\.\w+\.guestkit-partial-next$/.test(each),
    );
    expect(seen.map((each) => each.replace(cwd, ""))).toEqual([]);
    expect(made.length).toBeGreaterThan(50);
    for (const name of SECRETS) {
      const [path] = made.flatMap((each) => (each.path.includes(`/.${name}.`) ? [dirname(each.path)] : []));
      expect(path).toBe(join(cwd, "images"));
    }
    const named = (names: readonly string[]) => (path: string) => names.some((each) => path.includes(`/${each}.`));
    const images = (await readdir(join(cwd, "images"))).map((each) => join(cwd, "images", each));
    for (const path of images.filter(named(SECRETS))) expect(await bitsOf(path), path).toBe("600");
    const bits = (0o666 & ~Number.parseInt(umask, 8)).toString(8);
    for (const path of images.filter(named(PLAIN))) expect(await bitsOf(path), path).toBe(bits);
    expect(await bitsOf(join(cwd, "images/shared.qcow2"))).toBe("640");
    for (const each of ["data", "cache", "run", ".guestkit"]) expect(await bitsOf(join(cwd, each)), each).toBe("700");
    const open = (await openTo(cwd)).filter((path) => !/\/(images|word|guestkit\.yaml)$/.test(path));
    expect(open.filter((path) => !named([...PLAIN, "shared"])(path))).toEqual([]);
  });
});

describe("an image that is there", () => {
  const image = { path: "images/late.qcow2", size: "16M", layout };
  const apply = async (cwd: string, late: object) => {
    await project("late", { disk_image: { late } });
    const { exitCode, stderr } = await guestkit(["apply", "--auto-approve"], { cwd, env: folders(cwd) });
    expect(exitCode, stderr).toBe(0);
  };
  const plan = async (cwd: string) => (await guestkit(["plan"], { cwd, env: folders(cwd) })).stdout.toString();

  it("is closed before it gets a secret, opened by mode alone, and its mode is looked after", async () => {
    const cwd = await project("late");
    const path = join(cwd, image.path);
    await apply(cwd, image);
    await chmod(path, 0o644);
    await chmod(join(cwd, ".guestkit"), 0o755);
    await chmod(join(cwd, "images/.late.qcow2.guestkit.json"), 0o644);
    await apply(cwd, { ...image, files });
    expect(await bitsOf(path)).toBe("600");
    expect(await bitsOf(join(cwd, "images/.late.qcow2.guestkit.json"))).toBe("600");

    await apply(cwd, { ...image, files, mode: "640" });
    expect(await bitsOf(path)).toBe("640");
    expect(await plan(cwd)).toMatch(/[Nn]othing|no changes/i);
    await chmod(path, 0o666);
    expect(await plan(cwd)).toContain("the file has the mode 0666");
    await apply(cwd, { ...image, files, mode: "640" });
    expect(await bitsOf(path)).toBe("640");

    await apply(cwd, { ...image, files });
    expect(await bitsOf(path)).toBe("600");
  });
});
