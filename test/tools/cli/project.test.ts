import { mkdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type CliOptions, type CliResult, guestkit, guestkitText } from "../../support/cli.ts";
import { run, scratch } from "../../support/run.ts";

const dir = await scratch("project");

interface Work {
  readonly cwd: string;
  readonly write: (text: string) => Promise<void>;
  readonly call: (...args: string[]) => Promise<CliResult>;
  readonly text: (...args: string[]) => Promise<string>;
}

/** A folder with its own guestkit.yaml. */
async function work(name: string, text: string): Promise<Work> {
  const cwd = join(dir, name);
  await mkdir(cwd);
  const options: CliOptions = { cwd, env: { GUESTKIT_RUNTIME_DIR: join(cwd, "run") } };
  const write = (next: string) => writeFile(join(cwd, "guestkit.yaml"), next);
  await write(text);
  return { cwd, write, call: (...args) => guestkit(args, options), text: (...args) => guestkitText(args, options) };
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
const BLANK = "version: 1\nresources:\n  disk_image:\n    web: { path: ./web.qcow2, size: 32M }\n";
const QUERIES = `queries:
  inspection:
    web: { disk_image: "\${disk_image.web.id}" }
outputs:
  distro: "\${inspection.web.distro}"
  bytes: "\${disk_image.web.virtual_size}"
`;

describe("guestkit.yaml", () => {
  it("starts every relative path at its folder, wherever it is called from", async () => {
    const folder = join(dir, "elsewhere");
    await mkdir(join(folder, "img"), { recursive: true });
    await mkdir(join(dir, "img"), { recursive: true });
    await writeFile(join(folder, "img/base.img"), Buffer.alloc(4 << 20));
    // Another file of that name lies where the command is called.
    await writeFile(join(dir, "img/base.img"), Buffer.alloc(1 << 20));
    const images = ["./img/base.img", "img//base.img", "file:img/base.img", `file://${folder}/img/base.img`].map(
      (url, at) => `    copy${at}: { path: ./copy${at}.img, format: raw, source: { url: "${url}" } }\n`,
    );
    await writeFile(
      join(folder, "guestkit.yaml"),
      `version: 1\nresources:\n  disk_image:\n${images.join("")}queries:\n  image_info:\n    base: { disk_image: img/base.img }\noutputs: { bytes: "\${image_info.base.virtual_size}" }\n`,
    );
    const call = (...args: string[]) => guestkitText([...args, "-f", "elsewhere/guestkit.yaml"], { cwd: dir });
    expect(await call("apply", "--auto-approve")).toContain(`bytes = ${4 << 20}`);
    for (const at of images.keys()) expect((await stat(join(folder, `copy${at}.img`))).size).toBe(4 << 20);
    expect(await call("plan")).toContain("No changes");
  });

  it("takes a link, and what it leads to, as one file", async () => {
    const overlay = (base: string) =>
      `version: 1\nresources:\n  disk_image:\n    thin: { path: thin.qcow2, backing_file: ${base} }\n`;
    const { cwd, write, text } = await work("links", overlay("latest.qcow2"));
    await run("qemu-img", ["create", "-q", "-f", "qcow2", join(cwd, "today.qcow2"), "8M"]);
    await symlink("today.qcow2", join(cwd, "latest.qcow2"));
    await text("apply", "--auto-approve");
    for (const base of ["today.qcow2", "latest.qcow2", `${cwd}/./today.qcow2`]) {
      await write(overlay(base));
      expect(await text("plan")).toContain("No changes");
    }
    await run("qemu-img", ["create", "-q", "-f", "qcow2", join(cwd, "other.qcow2"), "8M"]);
    await write(overlay("other.qcow2"));
    expect(await text("plan")).toContain("replace");
  });

  it("makes a blank image, finds nothing to do, grows it, sees it gone, and removes it", async () => {
    const { cwd, write, call, text } = await work("lifecycle", BLANK + QUERIES);
    const image = join(cwd, "web.qcow2");
    expect((await call("plan", "--detailed-exitcode")).exitCode).toBe(2);
    expect(await exists(image)).toBe(false);
    expect(await text("apply", "--auto-approve")).toContain("Outputs:\n  distro = null\n  bytes = 33554432\n");
    expect(JSON.parse(await readFile(join(cwd, ".guestkit/guestkit.yaml.state.json"), "utf8"))).toEqual({
      format_version: 2,
      project: expect.stringMatching(/^[0-9a-f-]{36}$/),
      file: join(cwd, "guestkit.yaml"),
      resources: [{ address: "disk_image.web", id: image }],
    });
    const second = await call("plan", "--detailed-exitcode");
    expect([second.exitCode, second.stdout.toString()]).toEqual([0, "No changes: everything is as declared.\n"]);

    await write((BLANK + QUERIES).replace("32M", "64M"));
    const plan = JSON.parse(await text("plan", "--json"));
    expect(plan).toMatchObject({
      format_version: 1,
      changes: [{ address: "disk_image.web", action: "update", reasons: [{ path: "size", after: "64M" }] }],
    });
    await text("apply", "--auto-approve");
    expect(JSON.parse(await run("qemu-img", ["info", "--output=json", image]))["virtual-size"]).toBe(64 << 20);

    await run("rm", [image]);
    expect(JSON.parse(await text("plan", "--json")).changes).toMatchObject([{ action: "create" }]);
    await text("apply", "--auto-approve");
    await text("destroy", "--auto-approve");
    expect([await exists(image), await exists(join(cwd, ".web.qcow2.guestkit.json"))]).toEqual([false, false]);
    expect(await text("destroy", "--auto-approve")).toContain("No changes");
  });

  it("orders what depends on one another, and destroys what is removed from the file and nothing else", async () => {
    const overlay = '    top: { path: ./top.qcow2, backing_file: "${disk_image.web.id}" }\n';
    const { cwd, write, call, text } = await work("order", BLANK + overlay);
    await text("apply", "--auto-approve");
    const mine = join(cwd, "mine.qcow2");
    await run("qemu-img", ["create", "-q", "-f", "qcow2", mine, "1M"]);
    const parent = await run("qemu-img", ["info", "--output=json", join(cwd, "top.qcow2")]);
    expect(JSON.parse(parent)["full-backing-filename"]).toBe(join(cwd, "web.qcow2"));
    await write(BLANK);
    expect(JSON.parse(await text("plan", "--json")).changes).toMatchObject([
      { address: "disk_image.top", action: "delete" },
    ]);
    await text("apply", "--auto-approve");
    expect([await exists(join(cwd, "top.qcow2")), await exists(join(cwd, "web.qcow2"))]).toEqual([false, true]);
    await write(BLANK + overlay);
    await text("apply", "--auto-approve");
    expect((await call("destroy", "--auto-approve")).exitCode).toBe(0);
    expect([await exists(join(cwd, "top.qcow2")), await exists(join(cwd, "web.qcow2")), await exists(mine)]).toEqual([
      false,
      false,
      true,
    ]);
  });

  it("neither takes over nor overwrites what it did not make, until told to", async () => {
    const { cwd, write, call, text } = await work("foreign", BLANK);
    const image = join(cwd, "web.qcow2");
    await run("qemu-img", ["create", "-q", "-f", "qcow2", image, "32M"]);
    const before = await readFile(image);
    const refused = await call("apply", "--auto-approve");
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toMatch(
      /guestkit\.yaml:4:18: Cannot take over .*\n {2}Import it: guestkit import disk_image\.web/,
    );
    await text("destroy", "--auto-approve");
    expect(await readFile(image)).toEqual(before);
    await text("import", "disk_image.web", image);
    expect(await text("plan")).toContain("No changes");
    await write(BLANK.replace("32M", "64M"));
    await text("apply", "--auto-approve");
    expect(JSON.parse(await run("qemu-img", ["info", "--output=json", image]))["virtual-size"]).toBe(64 << 20);
  });

  it("refuses to remove or move what something stands on, and says what", async () => {
    const { cwd, write, call, text } = await work("in-use", BLANK);
    await text("apply", "--auto-approve");
    const overlay = join(cwd, "over.qcow2");
    await run("qemu-img", ["create", "-q", "-f", "qcow2", "-b", join(cwd, "web.qcow2"), "-F", "qcow2", overlay]);
    // What stands on it may be gone by its turn: the plan says nothing.
    expect(await call("plan", "--destroy")).toMatchObject({ exitCode: 0, stderr: "" });
    const destroyed = await call("destroy", "--auto-approve");
    expect([destroyed.exitCode, destroyed.stderr]).toEqual([1, expect.stringContaining("over.qcow2")]);
    await write(BLANK.replace("web.qcow2", "moved.qcow2"));
    const moved = await call("apply", "--auto-approve");
    expect([moved.exitCode, moved.stderr]).toEqual([1, expect.stringContaining("over.qcow2")]);
    expect([await exists(join(cwd, "web.qcow2")), await exists(join(cwd, "moved.qcow2"))]).toEqual([true, false]);
    await run("rm", [overlay]);
    await text("apply", "--auto-approve");
    expect([await exists(join(cwd, "web.qcow2")), await exists(join(cwd, "moved.qcow2"))]).toEqual([false, true]);
  });

  it("has a thing under another address without touching it", async () => {
    const { cwd, write, text } = await work("moved", BLANK);
    await text("apply", "--auto-approve");
    const made = (await stat(join(cwd, "web.qcow2"))).ctimeMs;
    await write(`${BLANK.replace("web: {", "store: {")}moved: [{ from: disk_image.web, to: disk_image.store }]\n`);
    expect(await text("plan")).toBe("  disk_image.store stays\n    it was disk_image.web\n\nPlan: 1 to move.\n");
    await text("plan", "--out", "move.plan");
    await text("apply", "move.plan");
    expect(await text("plan")).toContain("No changes");
    expect(await readFile(join(cwd, ".guestkit/guestkit.yaml.state.json"), "utf8")).toContain("disk_image.store");
    expect((await stat(join(cwd, "web.qcow2"))).ctimeMs).toBe(made);
  });

  it("applies a saved plan, and refuses it once it is stale", async () => {
    const { cwd, write, call, text } = await work("saved", BLANK);
    await text("plan", "--out", "first.plan");
    await text("apply", "first.plan");
    expect(await exists(join(cwd, "web.qcow2"))).toBe(true);
    const again = await call("apply", "first.plan");
    expect([again.exitCode, again.stderr]).toEqual([
      1,
      expect.stringMatching(/^Cannot apply "first\.plan": .*changed/),
    ]);
    await write(BLANK.replace("32M", "48M"));
    await text("plan", "--out", "grow.plan");
    await write(BLANK.replace("32M", "96M"));
    expect((await call("apply", "grow.plan")).exitCode).toBe(1);
  });

  it("shows faults with their place, all of them, and changes nothing", async () => {
    const text =
      "version: 1\nresources:\n  disk_image:\n    web:\n      path: w.qcow2\n      size: 20X\n      format: floppy\n";
    const { cwd, call } = await work("faults", text);
    const { exitCode, stderr } = await call("validate");
    expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/guestkit\.yaml:6:13: error: .*20X/)]);
    expect(stderr).toMatch(/guestkit\.yaml:7:15: error: .*floppy/);
    const found = JSON.parse((await call("validate", "--json")).stdout.toString());
    expect(found).toMatchObject({
      valid: false,
      diagnostics: [
        { line: 6, column: 13 },
        { line: 7, column: 15 },
      ].reverse(),
    });
    expect((await call("apply", "--auto-approve")).exitCode).toBe(1);
    expect(await exists(join(cwd, "w.qcow2"))).toBe(false);
  });

  it("does not apply unasked where nobody can answer", async () => {
    const { cwd, call } = await work("asking", BLANK);
    const { exitCode, stderr } = await call("apply");
    expect([exitCode, stderr]).toEqual([64, expect.stringContaining("--auto-approve")]);
    expect(await exists(join(cwd, "web.qcow2"))).toBe(false);
  });

  it("takes secrets from the environment and from files, and keeps them nowhere", async () => {
    const file =
      '        files: [{ path: /secret, secret_content: "${file.secret.txt}", secret_content_version: 1 }]\n';
    const layout = "        layout: { partitions: [{ name: data, filesystem: ext4 }] }\n";
    const head = "version: 1\nresources:\n  disk_image:\n    web:\n";
    const { cwd, text } = await work(
      "secrets",
      `${head}        path: web.raw\n        format: raw\n        size: 64M\n${layout}${file}`,
    );
    await writeFile(join(cwd, "secret.txt"), "correct horse battery\n");
    await text("plan", "--out", "a.plan");
    const shown = (await text("plan", "--json")) + (await text("apply", "a.plan"));
    const kept = await run("sh", ["-c", 'cat "$1"/.[!.]*.json "$1"/a.plan "$1"/.guestkit/*', "sh", cwd]);
    expect(shown + kept).not.toContain("horse");
    expect(await text("cat", "web.raw", "/secret")).toBe("correct horse battery");
    expect(await text("plan")).toContain("No changes");
  });

  it("stops at SIGINT with 130 and leaves no half image", async () => {
    const many = Array.from(
      { length: 12 },
      (_, n) =>
        `    d${n}: { path: d${n}.qcow2, size: 256M, layout: { partitions: [{ name: a, filesystem: ext4 }] } }\n`,
    );
    const { cwd } = await work("stop", `version: 1\nresources:\n  disk_image:\n${many.join("")}`);
    const { exitCode } = await guestkit(["apply", "--auto-approve"], {
      cwd,
      env: { GUESTKIT_RUNTIME_DIR: join(cwd, "run") },
      onStart: (kill) => {
        const timer = setInterval(async () => {
          if (!(await exists(join(cwd, "run/guestkit/progress"))) && !(await exists(join(cwd, "run/progress")))) return;
          clearInterval(timer);
          kill("SIGINT");
        }, 20);
        setTimeout(() => clearInterval(timer), 20_000);
      },
    });
    expect(exitCode).toBe(130);
    const left = await run("sh", ["-c", 'cd "$1" && ls -A', "sh", cwd]);
    expect(left).not.toMatch(/partial|lock/);
    await guestkitText(["destroy", "--auto-approve"], { cwd });
  });
});
