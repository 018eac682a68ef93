import { createHash } from "node:crypto";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { guestkitText } from "../../support/cli.ts";
import { run } from "../../support/run.ts";
import { belongsHere, isWhole } from "../../support/slow.ts";
import { onEveryEngine, onNextTerraform, type TestEngine, type Workspace, workspace } from "./workspace.ts";

const SIZE = "8M";

const image = (fields = "") =>
  `resource "guestkit_disk_image" "i" {\n  path = "hand.qcow2"\n  size = "${SIZE}"\n${fields}\n}\n`;

const PROTECTED = "  delete_protection = true";

const byId = 'import {\n  to = guestkit_disk_image.i\n  id = "hand.qcow2"\n}\n';
const byIdentity = 'import {\n  to = guestkit_disk_image.i\n  identity = { path = "${path.cwd}/hand.qcow2" }\n}\n';

/** An image that nobody owns, made by hand. */
async function byHand(engine: TestEngine, body: string): Promise<Workspace> {
  const work = await workspace(engine, body);
  await run("qemu-img", ["create", "-q", "-f", "qcow2", join(work.dir, "hand.qcow2"), SIZE]);
  return work;
}

/** All that is written on the host: what lies in the folder, but the engine's own, and in guestkit's data folder. */
async function digest({ dir }: Workspace): Promise<Readonly<Record<string, string>>> {
  const found = await readdir(join(dir, ".."), { recursive: true, withFileTypes: true });
  const files = found.filter(
    (each) =>
      each.isFile() &&
      !/terraform|tfstate|saved|\.tf/.test(join(each.parentPath, each.name).slice(join(dir, "..").length)),
  );
  const told = files.map(async ({ parentPath, name }) => {
    const path = join(parentPath, name);
    const { mtimeNs } = await stat(path, { bigint: true });
    return [
      path,
      `${mtimeNs} ${createHash("sha256")
        .update(await readFile(path))
        .digest("hex")}`,
    ] as const;
  });
  return Object.fromEntries((await Promise.all(told)).sort());
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

async function recordOf({
  dir,
}: Workspace): Promise<{ origin: string; owner: { face: string; project: string } | null } | null> {
  const text = await readFile(join(dir, ".hand.qcow2.guestkit.json"), "utf8").catch(() => null);
  return text === null ? null : JSON.parse(text);
}

/** What every way of importing has in common; the first change by one of them is like that by the others. */
function onlyReads(engine: TestEngine, block: string, isChanged: boolean): void {
  const more = isChanged ? "; the first change takes the thing over" : "";
  it(`writes nothing on the host, planned or applied${more}`, async () => {
    const work = await byHand(engine, block + image());
    const before = await digest(work);
    await work.succeed("plan", "-input=false", "-out=saved");
    expect(await digest(work)).toEqual(before);
    expect(await work.succeed("apply", "-input=false", "saved")).toContain("1 imported, 0 added, 0 changed");
    expect((await work.plan()).code).toBe(0);
    await work.succeed("apply", "-refresh-only", "-auto-approve");
    expect(await digest(work)).toEqual(before);
    if (!isChanged) return;

    await work.configure(image(PROTECTED));
    expect((await work.plan()).code).toBe(2);
    expect(await digest(work)).toEqual(before);
    await work.apply();
    expect(await recordOf(work)).toMatchObject({ owner: { face: "terraform" } });
    expect((await work.plan()).code).toBe(0);

    // It is nobody else's to take from here on, and the mark is gone: taken away, it is refused.
    await takenByFile(work);
    const refused = await work.run("destroy", "-auto-approve");
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("E_OWNER")]);
  });
}

/** Another face takes it over, which owns it from then on. */
async function takenByFile({ dir }: Workspace): Promise<void> {
  const entry = `{ path: hand.qcow2, size: ${SIZE} }`;
  await writeFile(
    join(dir, "guestkit.yaml"),
    `version: 1\nproject: shop\nresources:\n  disk_image:\n    i: ${entry}\n`,
  );
  await guestkitText(["import", "disk_image.i", "hand.qcow2"], { cwd: dir });
}

onEveryEngine((engine) => {
  describe("an import block", () => onlyReads(engine, byId, true));

  it("changes what it imports in the same apply, saved or not", async () => {
    const work = await byHand(engine, byId + image(PROTECTED));
    await work.succeed("plan", "-input=false", "-out=saved");
    expect(await recordOf(work)).toBeNull();
    await work.succeed("apply", "-input=false", "saved");
    expect(await recordOf(work)).toMatchObject({ owner: { face: "terraform" } });
    expect((await work.plan()).code).toBe(0);
  });

  it("an import alone reads, and a destroy removes what it brought", async () => {
    const work = await byHand(engine, image());
    const before = await digest(work);
    await work.succeed("import", "-input=false", "guestkit_disk_image.i", "hand.qcow2");
    await work.succeed("refresh", "-input=false");
    expect((await work.plan()).code).toBe(0);
    expect(await digest(work)).toEqual(before);
    await work.succeed("destroy", "-auto-approve");
    expect(await exists(join(work.dir, "hand.qcow2"))).toBe(false);
  });

  it("replaces what was imported in its place", async () => {
    const work = await byHand(engine, image());
    await work.succeed("import", "-input=false", "guestkit_disk_image.i", "hand.qcow2");
    await work.configure(image('  format = "raw"'));
    expect((await work.plan()).stdout).toContain("forces replacement");
    await work.apply();
    expect(await recordOf(work)).toMatchObject({ origin: "created", owner: { face: "terraform" } });
    expect((await work.plan()).code).toBe(0);
  });

  it("leaves what another owns to him until it is changed, and says so at each plan", async () => {
    const work = await byHand(engine, byId + image());
    await takenByFile(work);
    const before = await digest(work);
    const { code, stdout, stderr } = await work.plan();
    expect([code, stdout + stderr]).toEqual([2, expect.stringContaining("belongs to guestkit.yaml:shop")]);
    await work.apply();
    expect(await digest(work)).toEqual(before);
    await guestkitText(["apply", "--auto-approve"], { cwd: work.dir });

    await work.configure(image(PROTECTED));
    const changing = await work.plan();
    expect(changing.stdout + changing.stderr).toContain("W_OWNER_TAKEN");
    await work.apply();
    expect(await recordOf(work)).toMatchObject({ owner: { face: "terraform" } });
    expect((await work.plan()).code).toBe(0);
    await expect(guestkitText(["plan"], { cwd: work.dir })).rejects.toThrow("it belongs to terraform:");
  });
}, belongsHere);

onNextTerraform((engine) => {
  describe("an import block with an identity", () => onlyReads(engine, byIdentity, isWhole));
});
