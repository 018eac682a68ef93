import { createHash } from "node:crypto";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cleanerMachine } from "../../support/cleaner-images.ts";
import { MachineHost } from "../../support/machine-host.ts";
import { nastyPdf } from "../../support/nasty-pdf.ts";
import { run } from "../../support/run.ts";
import { networkIn, watchQemu } from "../../support/watch-qemu.ts";

const host = await MachineHost.open();
afterAll(() => host[Symbol.asyncDispose]());

const at = (...names: string[]) => join(host.folder, ...names);
let before: Awaited<ReturnType<MachineHost["remains"]>>;

beforeAll(async () => {
  const machines = {
    mat: await cleanerMachine("mat"),
    "pdf-cleaner": await cleanerMachine("pdf-cleaner"),
    clamav: await cleanerMachine("clamav"),
  };
  await host.apply(machines);
  expect(await host.plan()).toEqual({});
  await writeFile(at("nasty.pdf"), nastyPdf());
  before = await host.remains();
}, 1_800_000);

const sha256 = async (path: string) =>
  createHash("sha256")
    .update(await readFile(path))
    .digest("hex");
const said = (command: string, ...args: string[]) => run(command, args);

/** Runs a verb; no machine of it has a network device, and none is left. What runs inside looks for one as well. */
async function without(args: readonly string[]) {
  const { value, started } = await watchQemu(host, host.run(args));
  expect(started.map(networkIn)).toEqual([[]]);
  const remains = await host.remains();
  expect(remains).toEqual(before);
  return { exitCode: value.exitCode, stdout: value.stdout.toString(), stderr: value.stderr };
}

describe("cleaners, with the real programs on Debian", () => {
  it("mat: a JPEG with a place and a PNG with an author come back without, and the originals stay", async () => {
    await run("pdftoppm", ["-jpeg", "-r", "50", "-singlefile", at("nasty.pdf"), at("photo")]);
    await run("pdftoppm", ["-png", "-r", "50", "-singlefile", at("nasty.pdf"), at("shot")]);
    const place = ["-GPSLatitude=52.5", "-GPSLatitudeRef=N", "-GPSLongitude=13.4", "-GPSLongitudeRef=E"];
    await run("exiftool", ["-q", "-overwrite_original", ...place, "-Make=Camera", "-Artist=Me", at("photo.jpg")]);
    await run("exiftool", ["-q", "-overwrite_original", "-Author=Me", at("shot.png")]);
    await writeFile(at("note.unknown"), "no format\n");
    const tags = (path: string) => said("exiftool", "-G", "-a", path);
    expect(await tags(at("photo.jpg"))).toMatch(/GPS Position/);
    expect(await tags(at("shot.png"))).toMatch(/Author/);
    const sum = await sha256(at("photo.jpg"));
    const files = [at("photo.jpg"), at("shot.png"), at("note.unknown")];
    const { exitCode, stdout } = await without(["vm", "mat", "mat", ...files, "--json"]);
    const rows = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(rows.map(({ status }) => status)).toEqual(["cleaned", "cleaned", "unsupported"]);
    expect(exitCode).toBe(1);
    expect(await tags(at("photo.cleaned.jpg"))).not.toMatch(/GPS|Make|Artist/);
    expect(await tags(at("shot.cleaned.png"))).not.toMatch(/Author/);
    expect(await sha256(at("photo.jpg"))).toBe(sum);
    const sizes = await Promise.all(
      ["photo.jpg", "photo.cleaned.jpg"].map((each) => said("exiftool", "-s3", "-ImageSize", at(each))),
    );
    expect(sizes[0]).toBe(sizes[1]);
  });

  it("pdf-cleaner: a PDF comes back as pictures of its pages and nothing else", async () => {
    const original = at("nasty.pdf");
    const clean = at("clean.pdf");
    expect(await said("pdftotext", original, "-")).toMatch(/Top secret/);
    expect(await said("pdffonts", original)).toMatch(/Helvetica/);
    expect(await said("pdfdetach", "-list", original)).toMatch(/secret\.txt/);
    expect(await said("qpdf", "--qdf", "--object-streams=disable", original, "-")).toMatch(/JavaScript/);
    const sum = await sha256(original);
    const { exitCode, stderr } = await without(["vm", "pdf-cleaner", "pdf-cleaner", original, "--output", clean]);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    await run("qpdf", ["--check", clean]);
    const objects = await said("qpdf", "--qdf", "--object-streams=disable", clean, "-");
    expect(objects).not.toMatch(
      /JavaScript|\/JS|EmbeddedFile|Filespec|\/Font|OpenAction|\/Names|\/Annots|\bTj\b|secret/,
    );
    expect((await said("pdftotext", clean, "-")).trim()).toBe("");
    expect((await said("pdffonts", clean)).trim().split("\n")).toHaveLength(2);
    expect(await said("pdfdetach", "-list", clean)).toMatch(/^0 embedded files/);
    expect(await sha256(original)).toBe(sum);
    await expectSamePages(original, clean);
  });

  it("clamav: EICAR is found by its path, in an archive, too, and the others are clean", async () => {
    const folder = at("downloads");
    await mkdir(join(folder, "below"), { recursive: true });
    await mkdir(at("db"));
    await writeFile(join(folder, "letter.txt"), "Dear all\n");
    await writeFile(join(folder, "below", "odd\n name.com"), eicar);
    await run("tar", ["-C", join(folder, "below"), "-czf", join(folder, "packed.tar.gz"), "odd\n name.com"]);
    await symlink("/etc/passwd", join(folder, "link"));
    await writeFile(at("db", "test.hdb"), `${md5(eicar)}:${eicar.length}:Test.Eicar\n`);
    const scan = ["vm", "clamav", "clamav", folder, "--database", at("db")];
    const { exitCode, stdout, stderr } = await without([...scan, "--json"]);
    const rows = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const brief = rows.map(({ path, verdict, signature }) => [
      String(path).slice(folder.length + 1),
      verdict,
      signature,
    ]);
    expect(brief, stderr).toEqual([
      ["below/odd\n name.com", "infected", "Test.Eicar.UNOFFICIAL"],
      ["letter.txt", "clean", null],
      ["link", "skipped", null],
      ["packed.tar.gz", "infected", "Test.Eicar.UNOFFICIAL"],
    ]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("1 signatures, 0 days old");
  });

  it("clamav: a clean folder passes", async () => {
    const folder = at("letters");
    await mkdir(join(folder, "old"), { recursive: true });
    await writeFile(join(folder, "new.txt"), "Dear all\n");
    await writeFile(join(folder, "old", "first.txt"), "Dear you\n");
    const { exitCode, stdout } = await without(["vm", "clamav", "clamav", folder, "--database", at("db")]);
    expect(stdout).toMatch(/^clean\s+\S*letters\/new\.txt/m);
    expect(stdout).toMatch(/^clean\s+\S*letters\/old\/first\.txt/m);
    expect(exitCode).toBe(0);
  });

  it("an image without the program is refused before anything is started", async () => {
    const { value, started } = await watchQemu(host, host.run(["vm", "mat", "clamav", at("nasty.pdf")]));
    expect(value).toMatchObject({ exitCode: 125, stderr: expect.stringContaining("its image lacks mat2") });
    expect(started).toEqual([]);
  });
});

/** The standard's own test file, in two parts: no scanner shall find it here. */
const eicar = ["X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD", "-ANTIVIRUS-TEST-FILE!$H+H*"].join("");
const md5 = (text: string) => createHash("md5").update(text).digest("hex");

/** Drawn on the host, each page of both has the same pixels. */
async function expectSamePages(one: string, other: string): Promise<void> {
  const drawn = async (path: string, prefix: string) => {
    await run("pdftoppm", ["-r", "150", path, at(prefix)]);
    return Promise.all([1, 2].map((page) => readFile(at(`${prefix}-${page}.ppm`))));
  };
  const [before, after] = [await drawn(one, "before"), await drawn(other, "after")];
  expect(before[0]?.subarray(0, 16).toString("latin1")).toMatch(/^P6\n1240 1755\n/);
  for (const [page, pixels] of before.entries()) expect(after[page]?.equals(pixels), `page ${page + 1}`).toBe(true);
}
