import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GUESTKIT_PROGRAM, guestkitText } from "../../support/cli.ts";
import { Random } from "../../support/random.ts";
import { run, scratch } from "../../support/run.ts";

const dir = await scratch("full-disk");
const place = join(dir, "place");
const served = createServer((_request, response) => response.end(Buffer.alloc(1 << 20, 7)));
let address = "";

beforeAll(async () => {
  await mkdir(place);
  await guestkitText(["create", join(dir, "source.raw"), "--size", "1M"]);
  // Of noise that is nothing: what chance makes may look like a format.
  await writeFile(join(dir, "source.raw"), new Random(1).bytes(1 << 20));
  await run("sh", ["-c", `mkdir ${dir}/tree; cp ${dir}/source.raw ${dir}/tree/f`]);
  await run("truncate", ["-s", "16M", join(dir, "ext4.raw")]);
  await run("mke2fs", ["-q", "-F", "-t", "ext4", "-d", join(dir, "tree"), join(dir, "ext4.raw")]);
  const system = ["etc", "usr", "var/lib/dpkg"].map((each) => `${dir}/system/${each}`).join(" ");
  const status = "Package: a\\nStatus: install ok installed\\nVersion: 1\\nArchitecture: all\\n";
  await run("sh", [
    "-c",
    `mkdir -p ${system}; echo ID=debian > ${dir}/system/etc/os-release
     printf '${status}' > ${dir}/system/var/lib/dpkg/status; echo hostname=w > ${dir}/kvmxfile`,
  ]);
  await run("mke2fs", ["-q", "-F", "-t", "ext4", "-d", join(dir, "system"), join(dir, "system.raw"), "16M"]);
  await new Promise<void>((resolve) => served.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(served.address() as AddressInfo).port}/image.raw`;
});
afterAll(() => {
  served.closeAllConnections();
  served.close();
});

interface Outcome {
  readonly exitCode: number;
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly help: string;
    readonly at: { readonly file?: string } | null;
  } | null;
  /** What lies in the place afterwards. */
  readonly left: readonly string[];
}

/** Runs guestkit in a mount namespace where `place` is as `mount` makes it; the shell's `prepare` comes before. */
async function within(
  mount: string,
  prepare: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Outcome> {
  const script = [
    mount,
    `cd ${place}`,
    prepare,
    `${GUESTKIT_PROGRAM} "$@" > ${dir}/out 2> ${dir}/err; echo $?`,
    "find . -mindepth 1 | LC_ALL=C sort",
  ].join("\n");
  const own = {
    GUESTKIT_CACHE_DIR: join(dir, "cache"),
    GUESTKIT_DATA_DIR: join(dir, "data"),
    GUESTKIT_RUNTIME_DIR: join(dir, "run"),
  };
  const printed = await run("unshare", ["--mount", "--propagation", "private", "sh", "-c", script, "sh", ...args], {
    ...own,
    ...env,
  });
  const [code = "", ...left] = printed.trim().split("\n");
  const said = await run("cat", [join(dir, "err")]);
  const last = said
    .trim()
    .split("\n")
    .findLast((line) => line.startsWith('{"error"'));
  return { exitCode: Number(code), error: last === undefined ? null : JSON.parse(last).error, left };
}

const SMALL = `mount -t tmpfs -o size=64k small ${place}`;
const FULL = `${SMALL}; head -c 100000 /dev/zero > ${place}/full 2> /dev/null; true`;
const CLOSED = `mount --bind ${place} ${place}; mount -o remount,bind,ro ${place}`;

const project = (path: string) =>
  `printf 'version: 1\\nresources:\\n  disk_image:\\n    a: {path: ${path}, size: 1M}\\n' > guestkit.yaml`;

describe("a full file system is told with its code, its place and a next step, and nothing is left", () => {
  it.each([
    ["an image from a source", "", ["create", "a.qcow2", "--json", "--source", `${dir}/source.raw`], {}],
    ["an empty image", "", ["create", "a.qcow2", "--json", "--size", "1M"], {}],
    ["a copy out of an image", "", ["cp", `${dir}/ext4.raw:/f`, `${place}/f`, "--json"], {}],
  ] as const)("%s", async (_what, prepare, args, env) => {
    const { exitCode, error, left } = await within(SMALL, prepare, args, env);
    expect(error).toMatchObject({ code: "E_SYSTEM_ENOSPC", message: expect.stringMatching(/no space left/i) });
    expect(error?.message).toContain(place);
    expect(error?.help).toContain(`df -h '${place}'`);
    expect({ exitCode, left }).toEqual({ exitCode: 1, left: [] });
  });

  it.each([
    ["a saved plan", ["plan", "--json", "--file", `${dir}/guestkit.yaml`, "--out", "p"]],
    ["a list of software", ["sbom", `${dir}/system.raw`, "--json", "--output", "p"]],
    ["a translated kvmxfile", ["import-kvmxfile", `${dir}/kvmxfile`, "--json", "--output", "p"]],
    ["a download", ["create", `${dir}/d.raw`, "--json", "--source", "ADDRESS"]],
  ] as const)("%s", async (_what, args) => {
    await run("sh", ["-c", `cd ${dir}; ${project(`${dir}/z.qcow2`)}`]);
    const given = args.map((each) => (each === "ADDRESS" ? address : each));
    const { exitCode, error, left } = await within(FULL, "", given, { GUESTKIT_CACHE_DIR: join(place, "cache") });
    expect(error).toMatchObject({ code: "E_SYSTEM_ENOSPC", help: expect.stringMatching(/df -h '/) });
    expect(exitCode).toBe(1);
    expect(left.filter((each) => /guestkit-partial|\.\d+-[a-z0-9]+$/.test(each))).toEqual([]);
  });

  it("a copy to a bare name lands in this folder, and is written in it", async () => {
    const large = `mount -t tmpfs -o size=8m large ${place}`;
    const { exitCode, error, left } = await within(large, "", ["cp", `${dir}/ext4.raw:/f`, "f", "--json"]);
    expect({ exitCode, error, left }).toEqual({ exitCode: 0, error: null, left: ["./f"] });
  });

  it("an answer that is written to it", async () => {
    const { exitCode, error } = await within("true", "", ["info", "--json", `${dir}/ext4.raw`]);
    expect({ exitCode, error }).toEqual({ exitCode: 0, error: null });
    const script = `${GUESTKIT_PROGRAM} info --json ${dir}/ext4.raw > /dev/full 2> ${dir}/err; cat ${dir}/err`;
    expect(JSON.parse(await run("sh", ["-c", script])).error).toMatchObject({
      code: "E_SYSTEM_ENOSPC",
      message: expect.stringContaining("standard output"),
    });
  });

  it("but no cache and no journal stops what can be done without it", async () => {
    const env = { GUESTKIT_CACHE_DIR: join(place, "cache"), GUESTKIT_RUNTIME_DIR: join(place, "run") };
    await within(FULL, "", ["create", `${dir}/fine.qcow2`, "--json", "--size", "1M"], env).then(
      ({ exitCode, error, left }) => {
        expect({ exitCode, error }).toEqual({ exitCode: 0, error: null });
        expect(left.filter((each) => /json/.test(each))).toEqual([]);
      },
    );
  });
});

describe("a read-only file system", () => {
  it.each([
    ["an image", ["create", "a.qcow2", "--json", "--size", "1M"]],
    ["an image in a new folder", ["create", "new/a.qcow2", "--json", "--size", "1M"]],
    ["a saved plan", ["plan", "--json", "--file", `${dir}/guestkit.yaml`, "--out", "p"]],
    ["a list of software", ["sbom", `${dir}/system.raw`, "--json", "--output", "p"]],
    ["a translated kvmxfile", ["import-kvmxfile", `${dir}/kvmxfile`, "--json", "--output", "p"]],
    ["a list of what a file owns", ["apply", "--json", "--auto-approve"]],
    ["a copy out of an image", ["cp", `${dir}/ext4.raw:/f`, `${place}/f`, "--json"]],
  ] as const)("refuses %s by name", async (_what, args) => {
    await run("sh", ["-c", `cd ${dir}; ${project(`${dir}/z.qcow2`)}; cp guestkit.yaml ${place}/guestkit.yaml`]);
    const { exitCode, error, left } = await within(CLOSED, "", args);
    expect(error).toMatchObject({ code: "E_SYSTEM_EROFS", message: expect.stringMatching(/is read-only/) });
    expect(error?.help).toContain(`findmnt -T '${place}`);
    expect({ exitCode, left }).toEqual({ exitCode: 1, left: ["./guestkit.yaml"] });
  });

  it("is read as any other, whatever of guestkit's own lies on it", async () => {
    await writeFile(join(place, "guestkit.yaml"), "");
    const env = { GUESTKIT_CACHE_DIR: place, GUESTKIT_RUNTIME_DIR: place, GUESTKIT_DATA_DIR: place };
    expect(await within(CLOSED, "", ["info", "--json", `${dir}/ext4.raw`], env)).toMatchObject({ exitCode: 0 });
    expect(await within(CLOSED, "", ["create", `${dir}/other.qcow2`, "--json", "--size", "1M"], env)).toMatchObject({
      exitCode: 0,
      error: null,
    });
  });
});
