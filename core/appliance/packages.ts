/**
 * Packages of the host's distribution, unpacked and never installed: apt chooses and downloads them and checks their
 * signatures, by the host's own sources, as an ordinary user.
 */
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run, whereIs } from "../host/program/process.ts";
import type { Context } from "../kit/context.ts";
import { GuestkitError } from "../kit/errors.ts";

/** Of what packages depend on, libraries alone are needed: their set-up is not run. */
const LIBRARY = /^(lib(?!python|perl|icu)|zlib|gcc-)/;
/** Packages that kernels come in. */
const KERNEL = /^linux-(image|modules)-/;

/** Downloads packages, with the libraries they need, and unpacks them below `work`. Gives the folder of their files. */
export async function unpackPackages(names: readonly string[], work: string, context: Context): Promise<string> {
  if (whereIs("apt-get") === null) throw noApt();
  const [debs, root] = [join(work, "packages"), join(work, "root")];
  for (const folder of [debs, root]) await mkdir(folder, { recursive: true });
  const chosen = await choose(names, work, context);
  context.progress({ phase: "downloading packages", detail: `${chosen.length} of the distribution` });
  await apt(["download", ...chosen], work, context, debs);
  const files = await readdir(debs);
  for (const [at, file] of files.entries()) {
    context.progress({ phase: "unpacking packages", done: at, total: files.length, unit: "items", detail: file });
    await run("dpkg-deb", ["-x", join(debs, file), root], { signal: context.signal, doing: `unpack ${file}` });
  }
  return root;
}

/** `NAME=VERSION` of the packages that apt would install where nothing is installed. */
async function choose(names: readonly string[], work: string, context: Context): Promise<readonly string[]> {
  await writeFile(join(work, "status"), "");
  const { stdout } = await apt(["--simulate", "install", ...names], work, context);
  const chosen = [...stdout.matchAll(/^Inst (\S+) \((\S+)/gm)].map(([, name = "", version = ""]) => ({
    name,
    version,
  }));
  const isWanted = (name: string) => names.includes(name) || LIBRARY.test(name) || KERNEL.test(name);
  return chosen.filter(({ name }) => isWanted(name)).map(({ name, version }) => `${name}=${version}`);
}

/** Works as any user: nothing of the host's own state is locked or written. */
async function apt(args: readonly string[], work: string, { signal }: Context, cwd = work) {
  const settings = {
    "Dir::State::status": join(work, "status"),
    "Dir::Cache": join(work, "cache"),
    "Debug::NoLocking": "1",
    "APT::Install-Recommends": "0",
    // Its own user may not read our folders.
    "APT::Sandbox::User": "root",
  };
  const options = Object.entries(settings).flatMap(([key, value]) => ["-o", `${key}=${value}`]);
  try {
    return await run("apt-get", ["-qq", ...options, ...args], { signal, cwd, doing: "get the appliance's packages" });
  } catch (error) {
    throw unknown(error);
  }
}

function unknown(error: unknown): unknown {
  if (!(error instanceof GuestkitError) || error.code !== "E_TOOL_FAILED") return error;
  return new GuestkitError("E_APPLIANCE_PACKAGES", error.message, {
    cause: error,
    help: "Where apt does not know a package, or its server no longer has it: sudo apt-get update",
  });
}

const noApt = (): GuestkitError =>
  new GuestkitError("E_APPLIANCE_PACKAGES", "Cannot get the appliance's packages: this host has no apt-get", {
    help: "The appliance is built of Debian's or Ubuntu's packages: run this on such a host (--host), or install apt with their sources.",
  });
