import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { repository } from "../../support/engines.ts";
import { run } from "../../support/run.ts";
import { binary, fails, image, project, succeeds } from "./stack.ts";

const entry = join(repository, "pulumi/dist/index.cjs");

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

  it("refuse an older Node by name", async () => {
    const program = `Object.defineProperty(process.versions, "node", { value: "20.0.0" }); require("${entry}")`;
    await expect(run(process.execPath, ["-e", program])).rejects.toThrow(/E_NODE_VERSION/);
  });
});
