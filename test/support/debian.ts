import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import type { BootstrapResult } from "../../core/build/bootstrap/index.ts";
import { fixture } from "./fixture.ts";
import { ordinaryUser } from "./ordinary-user.ts";
import { holds } from "./proof.ts";
import { run } from "./tool.ts";

export const BOOTSTRAP_PROGRAM = join(import.meta.dirname, "bootstrap-program.ts");

/** A Debian that was bootstrapped by an ordinary user: small, bootable, with one of everything that is declared. */
export interface DebianImage {
  /** Raw disk image. */
  readonly path: string;
  readonly result: BootstrapResult;
}

export const DECLARED = {
  packages: ["openssh-server", "iputils-ping"],
  hostname: "web",
  users: {
    admin: {
      ssh_authorized_keys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJustForTests it's me"],
      groups: ["adm", "crew"],
      sudo: true,
      password_hash: "$6$salt$notARealHash",
    },
  },
};

/** Built once for each state of the code that builds it. */
export async function debianImage(): Promise<DebianImage> {
  const dir = await fixture("bootstrap", { declared: DECLARED, code: buildCode() }, build, prove);
  return { path: join(dir, "debian.raw"), result: JSON.parse(readFileSync(join(dir, "result.json"), "utf8")) };
}

async function prove(dir: string): Promise<void> {
  await holds(dir, ["debian.raw", "result.json"]);
  await run("sfdisk", ["--verify", join(dir, "debian.raw")]);
}

async function build(dir: string): Promise<void> {
  await using user = await ordinaryUser();
  const path = join(user.home, "debian.raw");
  const job = { path, size: null, cacheDir: join(user.home, "cache"), bootstrap: DECLARED };
  const { code, stdout, stderr } = await user.run(BOOTSTRAP_PROGRAM, [JSON.stringify(job)]);
  const last = JSON.parse(stdout.trim().split("\n").at(-1) ?? "{}");
  if (code !== 0) throw new Error(`bootstrap failed: ${JSON.stringify(last, null, 1)}${stderr}`);
  writeFileSync(join(dir, "result.json"), JSON.stringify(last.result));
  await move(path, join(dir, "debian.raw"));
}

async function move(from: string, to: string): Promise<void> {
  await rename(from, to).catch(() => execFileSync("cp", ["--sparse=always", from, to]));
}

/** The text of everything that decides what the image is. */
function buildCode(): string[] {
  const folder = join(import.meta.dirname, "../../core/build");
  const own = readdirSync(join(folder, "bootstrap")).map((name) => join("bootstrap", name));
  return [...own.sort(), "table.ts", "../volume/gpt/encode.ts", "../host/program/process.ts"].map((name) =>
    readFileSync(join(folder, name), "utf8"),
  );
}
