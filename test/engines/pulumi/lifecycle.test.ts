/** One stack for all: each run of Pulumi takes as long as ten images do. */
import { readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { repository } from "../../support/engines.ts";
import type { PulumiProject } from "../../support/pulumi.ts";
import { run } from "../../support/run.ts";
import { rewriteFile, tamper } from "../../support/tamper.ts";
import { binary, fails, project, succeeds } from "./stack.ts";

const entry = join(repository, "pulumi/dist/index.cjs");

describe.skipIf(!binary)("images and machines through Pulumi", () => {
  let stack: PulumiProject;
  const at = (name: string) => join(stack.folder, name);
  beforeAll(async () => {
    stack = await project();
    for (const [name, folder] of Object.entries({ cacheDir: "cache", dataDir: "data" }))
      succeeds(await stack.pulumi("config", "set", `guestkit:${name}`, at(folder)));
    await run("qemu-img", ["create", "-q", "-f", "qcow2", at("hand.qcow2"), "32M"]);
  });

  const hand = (options: string, more = "") =>
    `new guestkit.DiskImage("hand", { path: "hand.qcow2", ${more} size: "32M" }, ${options});\n`;
  const IMPORT = '{ import: "hand.qcow2" }';

  /** One that grows, one with files, one that was there before, and a machine that never starts: the face, not the boot. */
  const declare = (size: string, secret: string, { options = "{}", cpus = 1 } = {}) =>
    stack.write(`
      const web = new guestkit.DiskImage("web", { path: "web.qcow2", size: "${size}" });
      new guestkit.DiskImage("data", {
        path: "data.raw",
        format: "raw",
        size: "16M",
        layout: { partitions: [{ name: "data", filesystem: "ext4" }] },
        files: [{ path: "/motd", content: "As declared" }, { path: "/secret", secretContent: "${secret}" }],
      });
      const hand = ${hand(options)}
      const machine = new guestkit.VirtualMachine("vm", {
        name: "vm",
        running: false,
        preflight: "off",
        cpus: ${cpus},
        disks: { root: { image: hand.id, overlay: true } },
        networks: { lan: { forwards: { ssh: { guestPort: 22 } } } },
      });
      exports.machine = [machine.id, machine.firmware];
      exports.id = web.id;
      exports.virtualSize = web.virtualSize;
      exports.seen = guestkit.getImageInfoOutput({ diskImage: web.id }).apply((info) => info.format);
      exports.found = guestkit.DiskImage.get("found", web.id).virtualSize;
    `);
  const machines = () => readdir(at("data/machines"));
  const disk = () => readFile(at("data.raw"), "latin1");

  it("refuse what cannot be, each at its property", async () => {
    await stack.write(`new guestkit.DiskImage("image", {
      path: "web.qcow2",
      format: "floppy",
      deleteProtection: 7,
      layout: { partitions: [{ name: "a" }, { name: "a" }] },
      backingFil: "x",
    });`);
    const refused = await stack.preview();
    fails(refused);
    expect(refused.text).toMatch(/property format .*E_FIELD_CHOICE/);
    expect(refused.text).toMatch(/property deleteProtection .*E_FIELD_TYPE/);
    expect(refused.text).toMatch(/property layout\.partitions\[1\]\.name .*E_FIELD_DUPLICATE/);
    expect(refused.text).toMatch(/property backingFil .*Cannot use backingFil: .*E_FIELD_UNKNOWN/);
    expect(refused.text).toContain("Use one of: qcow2, raw");
  });

  it("leave alone what they did not make, and import nothing that is not as declared", async () => {
    await stack.write(hand("{}"));
    const refused = await stack.up();
    fails(refused);
    expect(refused.text).toContain("E_IMAGE_FOREIGN");

    await stack.write(hand(IMPORT, 'format: "raw",'));
    const different = await stack.preview();
    fails(different);
    expect(different.text).toMatch(/property format .*E_IMPORT_MISMATCH/);
  });

  it("are made, taken over by the import option, found by `get`, and unchanged the second time", async () => {
    await declare("64M", "very-secret-text", { options: IMPORT });
    succeeds(await stack.up());
    expect((await stat(at("cache"))).isDirectory()).toBe(true);
    expect(await stack.outputs()).toEqual({
      ...{ id: at("web.qcow2"), virtualSize: 64 << 20, seen: "qcow2", found: 64 << 20 },
      machine: ["vm", "bios"],
    });
    await declare("64M", "very-secret-text");
    succeeds(await stack.preview("--expect-no-changes"));
  });

  it("keep secrets out of the state, also those given as plain text", async () => {
    expect(await disk()).toContain("very-secret-text");
    const state = await stack.state();
    expect(state).toContain("ciphertext");
    expect(state).not.toContain("very-secret-text");
  });

  it("grow and change in place, mend what was changed behind Pulumi's back, and see when a secret changes", async () => {
    const { ino } = await stat(at("web.qcow2"));
    await tamper(at("data.raw"), await rewriteFile("/motd", "Tampered"));
    await declare("128M", "quite-another-text", { cpus: 2 });
    const changed = await stack.up();
    succeeds(changed);
    expect(changed.text).toContain("~ 3 updated");
    expect(changed.text).toContain('size: "64M" -> "128M", size grows in place');
    expect(changed.text).toContain("/motd");
    expect(changed.text).not.toContain("quite-another-text");
    expect(await disk()).toContain("As declared");
    expect(await disk()).toContain("quite-another-text");
    expect(await stack.outputs()).toMatchObject({ virtualSize: 128 << 20 });
    expect((await stat(at("web.qcow2"))).ino).toBe(ino);
    succeeds(await stack.preview("--expect-no-changes"));
  });

  it("never shrink", async () => {
    await declare("64M", "quite-another-text", { cpus: 2 });
    const shrunk = await stack.preview();
    fails(shrunk);
    expect(shrunk.text).toContain("size: Cannot shrink size");
    expect(shrunk.text).toContain("E_SHRINK");
  });

  it("are to be made again where they are gone", async () => {
    await rm(at("web.qcow2"));
    await declare("128M", "quite-another-text", { cpus: 2 });
    const gone = await stack.preview();
    succeeds(gone);
    expect(gone.text).toContain("+-1 to replace");
    expect(gone.text).toContain("it does not exist");
  });

  it("are told of at preview where the state has lost them", async () => {
    const [urn] = /urn:pulumi:[^"]*DiskImage::data/.exec(await stack.state()) ?? [];
    succeeds(await stack.pulumi("state", "delete", "--yes", String(urn)));
    const lost = await stack.preview();
    fails(lost);
    expect(lost.text).toContain("E_IMAGE_EXISTS");
    expect(lost.text).toContain("import");
  });

  it("are removed, those that the stack has", async () => {
    expect(await machines()).toContain("vm");
    succeeds(await stack.destroy());
    expect(await machines()).toEqual([]);
    await expect(stat(at("hand.qcow2"))).rejects.toThrow();
    expect(await disk()).toContain("quite-another-text");
  });

  it("refuse an older Node by name", async () => {
    const program = `Object.defineProperty(process.versions, "node", { value: "20.0.0" }); require("${entry}")`;
    await expect(run(process.execPath, ["-e", program])).rejects.toThrow(/E_NODE_VERSION/);
  });
});
