import { chmod, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { guestkitText } from "../../support/cli.ts";
import { nodeFolder, repository } from "../../support/engines.ts";
import { run, scratch } from "../../support/run.ts";

/** Packages that programs import or start, and beside each the folder that holds what it depends on. */
const PACKAGES = ["core", "cli", "pulumi"];
const PLACES = [join(repository, "node_modules"), join(repository, "pulumi/node_modules")];

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

describe("packed and unpacked into an empty folder", async () => {
  const folder = await scratch("packed");
  const modules = join(folder, "node_modules");

  beforeAll(async () => {
    const npm = ["--prefix", repository, "pack", "--ignore-scripts", "--pack-destination", folder];
    await run("npm", [...npm, ...PACKAGES.flatMap((name) => ["-w", name])]);
    for (const name of PACKAGES) await install(name);
    await link("typescript", join(repository, "pulumi/node_modules"));
    await writeFile(join(folder, "package.json"), '{ "private": true }');
  });

  /** As npm would, but for the registry: third-party packages come from the checkout. */
  async function install(workspace: string): Promise<void> {
    const manifest = JSON.parse(await readFile(join(repository, workspace, "package.json"), "utf8")) as Manifest;
    const target = join(modules, manifest.name);
    await mkdir(target, { recursive: true });
    const tarball = `${manifest.name.replace("@", "").replace("/", "-")}-0.1.0.tgz`;
    await run("tar", ["-xzf", join(folder, tarball), "-C", target, "--strip-components=1"]);
    const wanted = { ...manifest.dependencies, ...manifest.peerDependencies };
    for (const name of Object.keys(wanted)) if (!name.startsWith("@guestkit/")) await link(name);
  }

  async function link(name: string, first?: string): Promise<void> {
    const places = first ? [first] : PLACES;
    for (const place of places) {
      const found = await readFile(join(place, name, "package.json")).catch(() => null);
      if (!found) continue;
      await mkdir(dirname(join(modules, name)), { recursive: true });
      await symlink(join(place, name), join(modules, name));
      return;
    }
    throw new Error(`${name} is not installed`);
  }

  async function program(name: string, text: string): Promise<string> {
    await writeFile(join(folder, name), text);
    return run(process.execPath, [join(folder, name)], { NODE_OPTIONS: "" });
  }

  it("the core is a library that makes an image", async () => {
    const answer = await program(
      "core.mjs",
      `import { parseSize } from "@guestkit/core";
       import { contractOf } from "@guestkit/core/model";
       import { createEngine } from "@guestkit/core/resource";
       const engine = createEngine({ baseDir: ${JSON.stringify(folder)} });
       const config = { path: "web.qcow2", size: "16M" };
       const { plan } = await engine.prepare(contractOf("disk_image"), config);
       const state = await engine.apply(contractOf("disk_image"), plan, config);
       console.log(state.virtual_size === parseSize("16M"));`,
    );
    expect(answer.trim()).toBe("true");
  });

  it("the command is a program", async () => {
    const { bin } = JSON.parse(await readFile(join(modules, "@guestkit/cli/package.json"), "utf8")) as {
      readonly bin: Readonly<Record<string, string>>;
    };
    const command = join(modules, "@guestkit/cli", String(bin.guestkit));
    // As npm does.
    await chmod(command, 0o755);
    expect(await run(command, ["version"], { PATH: `${nodeFolder}:/usr/bin:/bin` })).toMatch(/^guestkit /);
  });

  it("the Pulumi SDK is there for require and import, and its provider for the SDK's process", async () => {
    expect(
      await program(
        "sdk.cjs",
        `const sdk = require("@guestkit/pulumi");
         const image = require("@guestkit/pulumi/provider").providerOf("disk_image");
         image.check({}, { path: "x.raw", format: "floppy", size: "1M" }).then(({ failures }) =>
           console.log(typeof sdk.DiskImage, typeof sdk.getInspectionOutput, failures[0].property));`,
      ),
    ).toBe("function function format\n");
    expect(
      await program("sdk.mjs", 'import { DiskImage } from "@guestkit/pulumi"; console.log(typeof DiskImage);'),
    ).toBe("function\n");
  });

  it("the core has types and schemas of what guestkit prints", async () => {
    const printed = await guestkitText(["version", "--json"]);
    await writeFile(
      join(folder, "consumer.mts"),
      `import schema from "@guestkit/core/schemas/version.json" with { type: "json" };
       import type { Documents, Version } from "@guestkit/core/types";
       export const printed = ${printed.trim()} satisfies Version;
       export const id: string = schema.$id;
       // @ts-expect-error: no such field
       export const wrong: Documents["version"] = { ...printed, release: 1 };`,
    );
    const options = ["--noEmit", "--strict", "--target", "es2022", "--module", "nodenext", "--resolveJsonModule"];
    const tsc = [join(modules, "typescript/bin/tsc"), ...options, join(folder, "consumer.mts")];
    const said = await run(process.execPath, tsc).catch((error: { stdout: string }) => error.stdout);
    expect(said).toBe("");
  });

  it.each(["node10", "nodenext"])("its types are right for programs that resolve as %s does", async (resolution) => {
    await writeFile(
      join(folder, "program.ts"),
      `import { DiskImage, getInspectionOutput } from "@guestkit/pulumi";
       const image = new DiskImage("a", { path: "a.qcow2", size: "1G", layout: { partitions: [{ name: "p" }] } });
       export const size = image.virtualSize.apply((bytes) => bytes + 1);
       export const names = getInspectionOutput({ diskImage: image.id }).apply(({ packages }) => packages?.[0]?.name);
       // @ts-expect-error: no such format
       new DiskImage("b", { path: "b.qcow2", format: "floppy" });
       // @ts-expect-error: no path
       new DiskImage("c", {});`,
    );
    const module = resolution === "node10" ? "commonjs" : resolution;
    const options = ["--noEmit", "--strict", "--target", "es2022", "--skipLibCheck"];
    const tsc = join(modules, "typescript/bin/tsc");
    const flags = [...options, "--module", module, "--moduleResolution", resolution, join(folder, "program.ts")];
    const said = await run(process.execPath, [tsc, ...flags]).catch((error: { stdout: string }) => error.stdout);
    expect(said).toBe("");
  });
});
