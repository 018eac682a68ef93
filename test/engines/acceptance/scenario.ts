import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import type { ValueObject } from "../../../core/model/value.ts";
import { GUESTKIT_PROGRAM } from "../../support/cli.ts";
import { run as execute } from "../../support/run.ts";
import { isWhole } from "../../support/slow.ts";
import { rewriteFile, tamper } from "../../support/tamper.ts";
import type { Driver, Subject } from "./driver.ts";
import { refused, says, succeeds } from "./outcome.ts";

/** An image, and what is inside it. */
export const imageSubject: Subject = {
  contract: "disk_image",
  queries: { inspection: { disk_image: "${disk_image.it.id}" } },
  outputs: { distro: "${inspection.it.distro}", hostname: "${inspection.it.hostname}" },
};

/** The package that is tampered away: small, and nothing needs it. */
const PACKAGE = "ed";

export function declaration(path: string): ValueObject {
  return {
    path,
    size: "1G",
    bootstrap: { release: "bookworm", variant: "minbase", kernel: "none", hostname: "web", packages: [PACKAGE] },
    files: [{ path: "/etc/motd", content: "As declared.\n" }],
  };
}

/** The acceptance scenario of `disk_image`, the same for every engine. */
export async function scenario(driver: Driver, folder: string): Promise<void> {
  const path = join(folder, "web.qcow2");
  const declared = declaration(path);
  const plan = (image: ValueObject) => driver.plan({ disk_image: image });
  const apply = (image: ValueObject | null) => driver.apply(image && { disk_image: image });

  succeeds(await apply(declared), "create");
  expect(await driver.outputs()).toEqual({ distro: "debian", hostname: "web" });
  succeeds(await plan(declared), "none");

  await tamper(path, await rewriteFile("/etc/motd", "Tampered.\n"));
  says(succeeds(await plan(declared), "update"), "/etc/motd");
  succeeds(await apply(declared), "update");
  succeeds(await plan(declared), "none");

  succeeds(await apply({ ...declared, size: "2G" }), "update");
  expect(await virtualSize(path)).toBe(2 * 2 ** 30);
  const grown = { ...declared, size: "2G" };
  succeeds(await plan({ ...declared, size: "2048M" }), "none");
  refused(await plan(declared), "size");
  refused(await plan({ ...grown, format: "floppy" }), "format");
  refused(await plan({ ...grown, backing_file: "/nowhere" }), "backing_file");

  await removePackage(path);
  says(succeeds(await plan(grown), "replace"), PACKAGE);

  const overlay = join(folder, "overlay.qcow2");
  await execute("qemu-img", ["create", "-q", "-f", "qcow2", "-b", path, "-F", "qcow2", overlay]);
  says(refused(await apply(null), "overlay.qcow2"), "overlay.qcow2");
  expect(await stat(path)).toBeTruthy();
  await rm(overlay);

  await rm(path);
  succeeds(await plan(grown), "create");
  // A second system takes as long as all the rest: by default an empty image is made in its place.
  const anew = isWhole ? grown : { path, size: "2G" };
  succeeds(await apply(anew), "create");
  succeeds(await apply({ ...anew, delete_protection: true }), "update");
  refused(await apply(null), "delete_protection");
  succeeds(await apply(anew), "update");
  succeeds(await apply(null), "delete");
  await expect(stat(path)).rejects.toThrow();

  await writeFile(path, "precious");
  refused(await apply(declared), path);
  expect(await readFile(path, "utf8")).toBe("precious");
}

async function virtualSize(path: string): Promise<number> {
  const info = JSON.parse(await execute("qemu-img", ["info", "--output=json", path])) as { "virtual-size": number };
  return info["virtual-size"];
}

/** Takes the package out of dpkg's status, as `dpkg --purge` would. */
async function removePackage(path: string): Promise<void> {
  const status = await execute(GUESTKIT_PROGRAM, ["cat", path, "/var/lib/dpkg/status"]);
  const kept = status.split("\n\n").filter((paragraph) => !paragraph.startsWith(`Package: ${PACKAGE}\n`));
  await tamper(path, await rewriteFile("/var/lib/dpkg/status", kept.join("\n\n")));
}
