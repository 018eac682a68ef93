/** What the default run has no time for: drift and what hangs on another are seen there through the other faces. */
import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { binary, image, project, succeeds } from "../../engines/pulumi/stack.ts";
import { rewriteFile, tamper } from "../../support/tamper.ts";

describe.skipIf(!binary)("disk images through Pulumi", () => {
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
});
