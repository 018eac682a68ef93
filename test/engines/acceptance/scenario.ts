import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import type { ValueObject } from "../../../core/model/value.ts";
import { run as execute } from "../../support/run.ts";
import { rewriteFile, tamper } from "../../support/tamper.ts";
import type { Driver, Outcome } from "./driver.ts";

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

  succeeds(await driver.apply(declared), "create");
  expect(await driver.inspected()).toEqual({ distro: "debian", hostname: "web" });
  succeeds(await driver.plan(declared), "none");

  await tamper(path, await rewriteFile("/etc/motd", "Tampered.\n"));
  says(succeeds(await driver.plan(declared), "update"), "/etc/motd");
  succeeds(await driver.apply(declared), "update");
  succeeds(await driver.plan(declared), "none");

  succeeds(await driver.apply({ ...declared, size: "2G" }), "update");
  expect(await virtualSize(path)).toBe(2 * 2 ** 30);
  const grown = { ...declared, size: "2G" };
  succeeds(await driver.plan({ ...declared, size: "2048M" }), "none");
  refused(await driver.plan(declared), "size");
  refused(await driver.plan({ ...grown, format: "floppy" }), "format");
  refused(await driver.plan({ ...grown, backing_file: "/nowhere" }), "backing_file");

  await removePackage(path);
  says(succeeds(await driver.plan(grown), "replace"), PACKAGE);

  const overlay = join(folder, "overlay.qcow2");
  await execute("qemu-img", ["create", "-q", "-f", "qcow2", "-b", path, "-F", "qcow2", overlay]);
  says(refused(await driver.apply(null), "overlay.qcow2"), "overlay.qcow2");
  expect(await stat(path)).toBeTruthy();
  await rm(overlay);

  await rm(path);
  succeeds(await driver.plan(grown), "create");
  succeeds(await driver.apply(grown), "create");
  succeeds(await driver.apply({ ...grown, delete_protection: true }), "update");
  refused(await driver.apply(null), "delete_protection");
  succeeds(await driver.apply(grown), "update");
  succeeds(await driver.apply(null), "delete");
  await expect(stat(path)).rejects.toThrow();

  await writeFile(path, "precious");
  refused(await driver.apply(declared), path);
  expect(await readFile(path, "utf8")).toBe("precious");
}

function succeeds(outcome: Outcome, action: Outcome["action"]): Outcome {
  expect(outcome, outcome.text).toMatchObject({ ok: true, action });
  return outcome;
}

function refused(outcome: Outcome, naming: string): Outcome {
  expect(outcome, outcome.text).toMatchObject({ ok: false });
  return says(outcome, naming);
}

/** Terminals wrap long lines: white space does not count. */
function says(outcome: Outcome, naming: string): Outcome {
  expect(outcome.text.replace(/[\s│╷╵]+/g, "")).toContain(naming.replace(/\s+/g, ""));
  return outcome;
}

async function virtualSize(path: string): Promise<number> {
  const info = JSON.parse(await execute("qemu-img", ["info", "--output=json", path])) as { "virtual-size": number };
  return info["virtual-size"];
}

/** Takes the package out of dpkg's status, as `dpkg --purge` would. */
async function removePackage(path: string): Promise<void> {
  const guestkit = join(import.meta.dirname, "../../../scripts/guestkit");
  const status = await execute(guestkit, ["cat", path, "/var/lib/dpkg/status"]);
  const kept = status.split("\n\n").filter((paragraph) => !paragraph.startsWith(`Package: ${PACKAGE}\n`));
  await tamper(path, await rewriteFile("/var/lib/dpkg/status", kept.join("\n\n")));
}
