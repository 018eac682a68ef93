import { readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findEngine, repository } from "../../support/engines.ts";
import { PulumiProject } from "../../support/pulumi.ts";
import { run } from "../../support/run.ts";
import { scratch } from "../../support/scratch.ts";
import { rewriteFile, tamper } from "../../support/tamper.ts";

const binary = findEngine("pulumi");
const entry = join(repository, "pulumi/dist/index.cjs");

async function project(): Promise<PulumiProject> {
  return PulumiProject.create(String(binary), join(await scratch("pulumi"), "project"));
}

/** A program with one image; `args` as JavaScript writes them. */
const image = (args: string, options = "{}") => `
  const image = new guestkit.DiskImage("image", ${args}, ${options});
  exports.id = image.id;
  exports.virtualSize = image.virtualSize;
  exports.seen = guestkit.getImageInfoOutput({ diskImage: image.id }).apply((info) => info.format);
`;

const succeeds = (ran: { code: number; text: string }) => expect(ran, ran.text).toMatchObject({ code: 0 });
const fails = (ran: { code: number; text: string }) => expect(ran.code, ran.text).not.toBe(0);

describe.skipIf(!binary)("disk images through Pulumi", () => {
  it("are made, unchanged the second time, grown in place and removed", async () => {
    const stack = await project();
    const path = join(stack.folder, "web.qcow2");

    succeeds(await stack.pulumi("config", "set", "guestkit:cacheDir", join(stack.folder, "cache")));
    await stack.write(image('{ path: "web.qcow2", size: "64M" }'));
    succeeds(await stack.up());
    expect((await stat(join(stack.folder, "cache"))).isDirectory()).toBe(true);
    expect(await stack.outputs()).toEqual({ id: path, virtualSize: 64 << 20, seen: "qcow2" });
    succeeds(await stack.preview("--expect-no-changes"));

    const { ino } = await stat(path);
    await stack.write(image('{ path: "web.qcow2", size: "128M" }'));
    const grown = await stack.up();
    succeeds(grown);
    expect(grown.text).toContain("~ 1 updated");
    expect(grown.text).toContain('size: "64M" -> "128M", size grows in place');
    expect(await stack.outputs()).toMatchObject({ virtualSize: 128 << 20 });
    expect((await stat(path)).ino).toBe(ino);

    await stack.write(image('{ path: "web.qcow2", size: "64M" }'));
    const shrunk = await stack.preview();
    fails(shrunk);
    expect(shrunk.text).toContain("size: Cannot shrink size");
    expect(shrunk.text).toContain("E_SHRINK");

    succeeds(await stack.destroy());
    await expect(stat(path)).rejects.toThrow();
  });

  it("refuse what cannot be, each at its property", async () => {
    const stack = await project();
    await stack.write(
      image(`{
        path: "web.qcow2",
        format: "floppy",
        deleteProtection: 7,
        layout: { partitions: [{ name: "a" }, { name: "a" }] },
        backingFil: "x",
      }`),
    );
    const refused = await stack.preview();
    fails(refused);
    expect(refused.text).toMatch(/property format .*E_FIELD_CHOICE/);
    expect(refused.text).toMatch(/property deleteProtection .*E_FIELD_TYPE/);
    expect(refused.text).toMatch(/property layout\.partitions\[1\]\.name .*E_FIELD_DUPLICATE/);
    expect(refused.text).toMatch(/property backingFil .*Cannot use backingFil: .*E_FIELD_UNKNOWN/);
    expect(refused.text).toContain("Use one of: qcow2, raw");
  });

  it("show what happened to them behind Pulumi's back, with its cause", async () => {
    const stack = await project();
    const path = join(stack.folder, "web.qcow2");
    const layout = '{ partitions: [{ name: "data", filesystem: "ext4" }] }';
    await stack.write(
      image(
        `{ path: "web.qcow2", size: "64M", layout: ${layout}, files: [{ path: "/motd", content: "As declared" }] }`,
      ),
    );
    succeeds(await stack.up());

    await tamper(path, await rewriteFile("/motd", "Tampered"));
    const mended = await stack.up();
    succeeds(mended);
    expect(mended.text).toContain("~ 1 updated");
    expect(mended.text).toContain("/motd");
    succeeds(await stack.preview("--expect-no-changes"));

    await rm(path);
    const gone = await stack.preview();
    succeeds(gone);
    expect(gone.text).toContain("+-1 to replace");
    expect(gone.text).toContain("it does not exist");

    const refreshed = await stack.refresh();
    succeeds(refreshed);
    expect(refreshed.text).toContain("- 1 deleted");
    const anew = await stack.up();
    succeeds(anew);
    expect(anew.text).toContain("+ 1 created");
    expect((await stat(path)).isFile()).toBe(true);
  });

  it("are taken over by the import option, and left alone where they are not", async () => {
    const stack = await project();
    const path = join(stack.folder, "hand.qcow2");
    await run("qemu-img", ["create", "-q", "-f", "qcow2", path, "32M"]);

    await stack.write(image('{ path: "hand.qcow2", size: "32M" }'));
    const refused = await stack.up();
    fails(refused);
    expect(refused.text).toContain("E_IMAGE_FOREIGN");

    await stack.write(image('{ path: "hand.qcow2", format: "raw", size: "32M" }', '{ import: "hand.qcow2" }'));
    const different = await stack.preview();
    fails(different);
    expect(different.text).toMatch(/property format .*E_IMPORT_MISMATCH/);

    await stack.write(image('{ path: "hand.qcow2", size: "32M" }', '{ import: "hand.qcow2" }'));
    succeeds(await stack.up());
    await stack.write(image('{ path: "hand.qcow2", size: "32M" }'));
    succeeds(await stack.preview("--expect-no-changes"));
  });

  it("keep secrets out of the state, also those given as plain text, and see when they change", async () => {
    const stack = await project();
    const holds = (secret: string) =>
      image(`{
        path: "web.raw",
        format: "raw",
        size: "16M",
        layout: { partitions: [{ name: "data", filesystem: "ext4" }] },
        files: [{ path: "/secret", secretContent: "${secret}" }],
      }`);
    const disk = () => readFile(join(stack.folder, "web.raw"), "latin1");
    await stack.write(holds("very-secret-text"));
    succeeds(await stack.up());
    expect(await disk()).toContain("very-secret-text");
    const state = await stack.state();
    expect(state).toContain("ciphertext");
    expect(state).not.toContain("very-secret-text");

    await stack.write(holds("quite-another-text"));
    const changed = await stack.up();
    succeeds(changed);
    expect(changed.text).toContain("~ 1 updated");
    expect(changed.text).not.toContain("quite-another-text");
    expect(await disk()).toContain("quite-another-text");
    succeeds(await stack.preview("--expect-no-changes"));
  });

  it("follow one another: an overlay waits for its base and goes with it", async () => {
    const stack = await project();
    const program = (base: string) => `
      const base = new guestkit.DiskImage("base", { path: "${base}.qcow2", size: "16M" });
      const over = new guestkit.DiskImage("over", { path: "over.qcow2", backingFile: base.id });
      exports.chain = over.backingChain;
      exports.found = guestkit.DiskImage.get("found", base.id).virtualSize;
    `;
    await stack.write(program("one"));
    succeeds(await stack.up());
    expect(await stack.outputs()).toEqual({ chain: [join(stack.folder, "one.qcow2")], found: 16 << 20 });

    await stack.write(program("two"));
    const replaced = await stack.up();
    succeeds(replaced);
    expect(replaced.text).toContain("+-2 replaced");
    expect(await stack.outputs()).toMatchObject({ chain: [join(stack.folder, "two.qcow2")] });
    await expect(stat(join(stack.folder, "one.qcow2"))).rejects.toThrow();
  });

  it("refuse an older Node by name", async () => {
    const program = `Object.defineProperty(process.versions, "node", { value: "20.0.0" }); require("${entry}")`;
    await expect(run(process.execPath, ["-e", program])).rejects.toThrow(/E_NODE_VERSION/);
  });
});
