import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CLEANERS } from "../../support/cleaner-programs.ts";
import { microMachine } from "../../support/declared.ts";
import { MachineHost } from "../../support/machine-host.ts";
import { ROOT_UUID } from "../../support/micro-guest/disk.ts";
import { microGuest } from "../../support/micro-guest/index.ts";
import { networkIn, watchQemu } from "../../support/watch-qemu.ts";

const host = await MachineHost.open();
afterAll(() => host[Symbol.asyncDispose]());

let before: Awaited<ReturnType<MachineHost["remains"]>>;

beforeAll(async () => {
  const { imageBios } = await microGuest();
  const image = { path: "./base.qcow2", source: { url: imageBios }, files: CLEANERS };
  const disks = { root: { image: "${disk_image.base.id}" } };
  const machine = await microMachine(`root=UUID=${ROOT_UUID}`, { running: false, networks: {}, disks });
  await host.apply({ base: machine }, 0, { disk_image: { base: image } });
  before = await host.remains();
});

async function put(name: string, content: string): Promise<string> {
  const path = join(host.folder, name);
  await writeFile(path, content);
  return path;
}

/** Whatever happened, no machine is left, and nothing of it. */
async function expectNothing(): Promise<void> {
  expect(await host.remains()).toEqual(before);
}

describe("cleaners", () => {
  it("rebuild a PDF from the pixels of its pages, without a network", async () => {
    const path = await put("a.pdf", "pages=3\n");
    const work = host.text(["vm", "pdf-cleaner", "base", path, "--json"]);
    const { value, started } = await watchQemu(host, work);
    const target = join(host.folder, "a.cleaned.pdf");
    const pdf = await readFile(target, "latin1");
    expect(JSON.parse(value)).toMatchObject({ written_to: target, pages: 3, size: pdf.length });
    expect(pdf).toContain("/Count 3");
    expect(started.map(networkIn)).toEqual([[]]);
    expect(await readFile(path, "utf8")).toBe("pages=3\n");
    await expectNothing();
  });

  it("refuse a page that cannot be drawn, and write nothing", async () => {
    const path = await put("bad.pdf", "pages=2\nbad=2\n");
    const { exitCode, stderr } = await host.run(["vm", "pdf-cleaner", "base", path]);
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("page 2 cannot be drawn: Syntax Error: damaged"),
    });
    await expect(readFile(join(host.folder, "bad.cleaned.pdf"))).rejects.toThrow();
    await expectNothing();
  });

  it("write what mat2 cleaned, and tell of what it could not", async () => {
    const [photo, other] = [await put("p.jpg", "words"), await put("q.xyz", "x")];
    const { exitCode, stdout } = await host.run(["vm", "mat", "base", photo, other, "--json"]);
    const lines = stdout.toString().trim().split("\n");
    const target = join(host.folder, "p.cleaned.jpg");
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { path: photo, status: "cleaned", written_to: target, message: null },
      { path: other, status: "unsupported", written_to: null, message: expect.stringContaining("x/y") },
    ]);
    expect(exitCode).toBe(1);
    expect(await readFile(target, "utf8")).toBe("WORDS");
    const again = await host.run(["vm", "mat", "base", photo]);
    expect(again).toMatchObject({ exitCode: 125, stderr: expect.stringContaining("there already") });
    await expectNothing();
  });

  it("take no link out of a guest", async () => {
    const [photo, evil] = [await put("r.jpg", "words"), await put("s.evil", "x")];
    const { exitCode, stderr } = await host.run(["vm", "mat", "base", photo, evil]);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 125, stderr: expect.stringContaining("no regular file") });
    await expect(readFile(join(host.folder, "r.cleaned.jpg"))).rejects.toThrow();
    await expectNothing();
  });

  it("scan a folder that the guest can only read", async () => {
    const [folder, database] = [join(host.folder, "scan"), join(host.folder, "db")];
    for (const each of [join(folder, "below"), database]) await mkdir(each, { recursive: true });
    await put("db/own.hdb", "00:1:X\n");
    await put("scan/good", "fine");
    await put("scan/below/it is", "EVIL");
    const { exitCode, stdout, stderr } = await host.run(["vm", "clamav", "base", folder, "--database", database]);
    expect(stdout.toString()).toMatch(/infected\s+\S+scan\/below\/it is\s+Evil/);
    expect(stdout.toString()).toMatch(/clean\s+\S+scan\/good/);
    expect(stderr).toContain("7 signatures, 0 days old");
    expect(exitCode).toBe(1);
    await expectNothing();
  });

  it("say what an image lacks, and what is no image", async () => {
    const path = await put("c.pdf", "pages=1\n");
    expect(await host.run(["vm", "mat", "nothing", path])).toMatchObject({
      exitCode: 125,
      stderr: expect.stringContaining("neither a machine nor an image"),
    });
    expect(await host.run(["vm", "clamav", "base", path, "--database", host.folder])).toMatchObject({
      exitCode: 125,
      stderr: expect.stringContaining("there are no signatures in it"),
    });
    await expectNothing();
  });
});
