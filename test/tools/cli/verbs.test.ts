import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { GUESTKIT, guestkit, guestkitText } from "../../support/cli.ts";
import { folder } from "../../support/disk.ts";
import { run, scratch } from "../../support/run.ts";
import { blankExt4 } from "./filled-image.ts";

const dir = await scratch("verbs");
const root = await folder(dir, {
  "etc/os-release": 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
  "etc/hostname": "web\n",
  "usr/bin/true": "#!/bin/sh\n",
  "bin/sh": "\n",
  "etc/passwd": "root:x:0:0:root:/root:/bin/bash\n",
  "var/lib/dpkg/status": "Package: bash\nStatus: install ok installed\nVersion: 5.2-1\nArchitecture: amd64\n\n",
});
const image = join(dir, "web.raw");
await blankExt4(image, 16, ["-d", root]);

describe("looking in", () => {
  it("inspect says what it is", async () => {
    const report = JSON.parse(await guestkitText(["inspect", "--json", image]));
    expect(report).toMatchObject({
      os_type: "linux",
      distro: "debian",
      version: "12",
      hostname: "web",
      package_format: "deb",
    });
    expect(await guestkitText(["inspect", image])).toContain("Debian GNU/Linux 12 (bookworm)");
  });

  it("packages streams one object a line", async () => {
    const lines = (await guestkitText(["packages", "--json", image])).trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line).name)).toEqual(["bash"]);
    expect(await guestkitText(["packages", image])).toBe("bash  5.2-1  amd64\n");
  });

  it("cat prints a file, cp copies it as the roadmap writes it", async () => {
    expect(await guestkitText(["cat", image, "/etc/hostname"])).toBe("web\n");
    expect(await guestkitText(["cp", `${image}:/etc/hostname`, "-"])).toBe("web\n");
    expect((await guestkit(["cp", "-r", `${image}:/etc`, "-"])).exitCode).toBe(64);
    expect(JSON.parse(await guestkitText(["schema"])).properties.resources.properties).toHaveProperty("disk_image");
    await guestkitText(["cp", `${image}:/etc/passwd`, "./passwd"], { cwd: dir });
    expect(await readFile(join(dir, "passwd"))).toEqual(await readFile(join(root, "etc/passwd")));
  });

  it("info and create agree", async () => {
    const made = join(dir, "new.qcow2");
    await guestkitText(["create", "--size", "64M", "--format", "qcow2", "--fs", "ext4", made]);
    const info = JSON.parse(await guestkitText(["info", "--json", made]));
    expect(info).toMatchObject({ format: "qcow2", virtual_size: 64 << 20, partition_table: "gpt" });
    expect(info.partitions).toMatchObject([{ filesystem: "ext4" }]);
    expect(await guestkitText(["ls", made])).toBe("lost+found\n");
    const again = await guestkit(["create", "--size", "64M", made]);
    expect([again.exitCode, again.stderr]).toEqual([1, expect.stringContaining("--overwrite")]);
  });
});

describe("exit codes and errors", () => {
  it.each([
    [["--help"], 0],
    [[], 64],
    [["dance"], 64],
    [["ls"], 64],
    [["ls", "--nope", "x"], 64],
    [["ls", "x", "--partition", "one"], 64],
    [["ls", "/does/not/exist"], 1],
    [["cache", "empty"], 64],
    [["version"], 0],
  ])("%j exits with %i", async (args, code) => {
    expect((await guestkit(args)).exitCode).toBe(code);
  });

  it("says what helps, or the same as one JSON document on standard error", async () => {
    const plain = await guestkit(["ls", image, "/nope"]);
    expect(plain.stderr).toMatch(/^Cannot read "\/nope".*\n {2}List what is there: guestkit ls/);
    const { stdout, stderr } = await guestkit(["ls", "--json", image, "/nope"]);
    expect(stdout.length).toBe(0);
    expect(JSON.parse(stderr).error).toMatchObject({
      code: "E_FILE_MISSING",
      help: expect.any(String),
      at: { file: image },
    });
  });
});

describe("completion", () => {
  const complete = async (line: string): Promise<string[]> => {
    const script = `
      eval "$("$1" "$2" completion bash)"
      cd "$3"; COMP_WORDS=(${line.replace(/ $/, ' ""')}); COMP_CWORD=$(( \${#COMP_WORDS[@]} - 1 ))
      _guestkit; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const work = join(dir, "complete");
    await mkdir(work, { recursive: true });
    await writeFile(join(work, "my disk.qcow2"), "");
    return (await run("bash", ["-c", script, "bash", ...GUESTKIT, work])).trimEnd().split("\n");
  };

  it("knows verbs, flags, choices and files in a real bash", async () => {
    expect(await complete("guestkit ins")).toEqual(["inspect"]);
    expect(await complete("guestkit ls --re")).toEqual(["--recursive"]);
    expect(await complete("guestkit create --fs v")).toEqual(["vfat"]);
    expect(await complete("guestkit cache ")).toEqual(["prune"]);
    expect(await complete("guestkit ls my")).toEqual(["my disk.qcow2"]);
    expect(await complete("guestkit he")).toEqual(["help"]);
    expect(await complete("guestkit help vm snapshot re")).toEqual(["revert"]);
    expect(await complete("guestkit inspect --facts acc")).toEqual(["access"]);
    expect(await complete("guestkit inspect --facts boot,acc")).toEqual(["boot,access"]);
    expect(await complete("guestkit inspect --facts boot,access,s")).toEqual(
      ["schedule", "security", "services", "storage"].map((each) => `boot,access,${each}`),
    );
  });

  it("knows files on both sides of vm cp, machines with their colon, and a machine's snapshots", async () => {
    const stub = join(dir, "guestkit");
    const list = '[ "$*" = "vm snapshot list web" ] && printf "NAME    CREATED AT\\nbefore  now\\nafter   now\\n"';
    await writeFile(stub, `#!/bin/sh\n${list}\n`, { mode: 0o755 });
    await mkdir(join(dir, "machines-of/machines/mine"), { recursive: true });
    process.env.GUESTKIT_DATA_DIR = join(dir, "machines-of");
    expect((await complete("guestkit vm cp m")).sort()).toEqual(["mine:", "my disk.qcow2"]);
    expect((await complete("guestkit vm cp -r mine:/x my")).sort()).toEqual(["my disk.qcow2"]);
    expect(await complete(`${stub} vm snapshot revert web b`)).toEqual(["before"]);
    delete process.env.GUESTKIT_DATA_DIR;
  });

  it.each(["zsh", "fish"])("%s takes its script where it is installed", async (shell) => {
    const found = await run("sh", ["-c", `command -v ${shell} || true`]);
    if (found.trim() === "") return;
    const script = join(dir, `completion.${shell}`);
    await writeFile(script, await guestkitText(["completion", shell]));
    await run(shell, ["-n", script]);
    if (shell !== "fish") return;
    const line = "guestkit inspect --facts boot,acc";
    const offered = await run("fish", ["-N", "-c", `source $argv[1]; complete -C '${line}'`, script]);
    expect(offered.split(/\s/, 1)).toEqual(["boot,access"]);
  });
});

describe("this host", () => {
  it("doctor names what is there and what is not, with a way to mend it", async () => {
    const { stdout } = await guestkit(["doctor", "--json"]);
    const { findings } = JSON.parse(stdout.toString()) as {
      findings: { name: string; ok: boolean; help: string | null }[];
    };
    expect(findings.find(({ name }) => name === "qemu-img")?.ok).toBe(true);
    for (const { ok, help } of findings) expect(ok).toBe(help === null);
    const bare = await guestkit(["doctor", "--json"], { env: { GUESTKIT_DATA_DIR: join(image, "below-a-file") } });
    expect(bare.exitCode).toBe(1);
  });

  it("cache prune removes what nobody touched, and only that", async () => {
    const cache = join(dir, "cache");
    await folder(dir, {});
    await mkdir(join(cache, "downloads/old"), { recursive: true });
    await mkdir(join(cache, "downloads/new"));
    await mkdir(join(cache, "engines/tool"), { recursive: true });
    await writeFile(join(cache, "downloads/old/data"), "x".repeat(5000));
    await writeFile(join(cache, "downloads/new/data"), "x");
    await run("touch", ["-d", "100 days ago", join(cache, "downloads/old/data"), join(cache, "downloads/old")]);
    const env = { GUESTKIT_CACHE_DIR: cache };
    expect(JSON.parse(await guestkitText(["cache", "prune", "--json"], { env })).entries).toBe(1);
    await expect(stat(join(cache, "downloads/old"))).rejects.toThrow("ENOENT");
    expect(JSON.parse(await guestkitText(["cache", "prune", "--all", "--json"], { env })).entries).toBe(1);
    await stat(join(cache, "engines/tool"));
  });

  it("progress says when nothing runs", async () => {
    const { stderr, exitCode } = await guestkit(["progress"], { env: { GUESTKIT_RUNTIME_DIR: join(dir, "run") } });
    expect([exitCode, stderr]).toEqual([0, "Nothing runs.\n"]);
  });

  it("progress shows no journal that others may have written, and waits for no pipe in its place", async () => {
    const folder = join(dir, "others/progress");
    await mkdir(folder, { recursive: true });
    const line = `${JSON.stringify({ title: "planted", pid: process.pid })}\n${JSON.stringify({ phase: "copying" })}\n`;
    await writeFile(join(folder, "1-1.jsonl"), line);
    await chmod(join(folder, "1-1.jsonl"), 0o666);
    await run("mkfifo", [join(folder, "1-2.jsonl")]);
    await symlink("1-1.jsonl", join(folder, "1-3.jsonl"));
    const ask = () => guestkit(["progress", "--once"], { env: { GUESTKIT_RUNTIME_DIR: join(dir, "others") } });
    expect((await ask()).stdout.toString()).toBe("");
    await chmod(join(folder, "1-1.jsonl"), 0o600);
    expect((await ask()).stdout.toString()).toContain("planted");
  });

  it("progress shows no journal of a killed process, though another one has its number by now", async () => {
    const folder = join(dir, "killed/progress");
    await mkdir(folder, { recursive: true });
    const head = `${JSON.stringify({ title: "killed", pid: process.pid })}\n${JSON.stringify({ phase: "copying" })}\n`;
    await writeFile(join(folder, `${process.pid}-${"0".repeat(16)}-1.jsonl`), head, { mode: 0o600 });
    const env = { GUESTKIT_RUNTIME_DIR: join(dir, "killed") };
    expect((await guestkit(["progress", "--once"], { env })).stdout.toString()).toBe("");
    await guestkitText(["create", "--size", "1M", join(dir, "after.raw")], { env });
    expect(await readdir(folder)).toEqual([]);
  });
});
