import { access, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fixture } from "./fixture.ts";
import { run } from "./tool.ts";

const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";
const LIBRARIES = ["usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu"];
const PROGRAMS = ["usr/bin", "usr/sbin", "bin", "sbin"];
const LOADER = "ld-linux-x86-64.so.2";

/** Programs of another release of Debian. */
export interface ReleaseTools {
  /** What they would find in / stands in this folder. */
  readonly dir: string;
  /** What starts one of them. What it starts itself is the host's. */
  words(program: string): Promise<readonly string[]>;
  /** Its stdout. */
  run(program: string, args: readonly string[], env?: NodeJS.ProcessEnv): Promise<string>;
}

/**
 * Packages of another release with all that they depend on, unpacked beside the host's and run with their own libraries.
 * Made once, from the archives that the host's apt uses, by an apt with folders of its own; nothing is installed.
 */
export async function releaseTools(
  release: string,
  packages: readonly string[],
  prove: (tools: ReleaseTools) => Promise<unknown>,
): Promise<ReleaseTools> {
  const recipe = { release, packages, self: await readFile(import.meta.filename, "utf8") };
  const dir = await fixture(
    `${release}-tools`,
    recipe,
    (target) => unpack(target, release, packages),
    (made) => prove(toolsIn(made)),
  );
  return toolsIn(dir);
}

function toolsIn(dir: string): ReleaseTools {
  const libraries = LIBRARIES.map((each) => join(dir, each));
  const words = async (program: string) => [
    await firstOf(libraries, LOADER),
    ...["--library-path", libraries.join(":")],
    await firstOf(
      PROGRAMS.map((each) => join(dir, each)),
      program,
    ),
  ];
  return {
    dir,
    words,
    run: async (program, args, env = {}) => {
      const [loader, ...own] = (await words(program)) as [string, ...string[]];
      return run(loader, [...own, ...args], env);
    },
  };
}

async function firstOf(folders: readonly string[], name: string): Promise<string> {
  for (const folder of folders) {
    const path = join(folder, name);
    const isThere = await access(path).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  throw new Error(`${name} is in none of ${folders.join(", ")}`);
}

async function unpack(target: string, release: string, packages: readonly string[]): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), "guestkit-release-"));
  const at = (name: string) => join(work, name);
  try {
    for (const name of ["sources", "state/lists/partial", "cache/archives/partial"])
      await mkdir(at(name), { recursive: true });
    await writeFile(at("status"), "");
    await writeFile(at("sources/release.list"), await sources(release));
    const own = { "Dir::Etc::SourceParts": at("sources"), "Dir::State": at("state"), "Dir::Cache": at("cache") };
    const none = { "Dir::Etc::SourceList": "/dev/null", "Dir::State::Status": at("status") };
    const options = Object.entries({ ...own, ...none }).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
    await run("apt-get", ["-qq", ...options, "update"]);
    const install = ["--yes", "--no-install-recommends", "--download-only", "install"];
    await run("apt-get", ["-qq", ...options, ...install, ...packages]);
    const debs = (await readdir(at("cache/archives"))).filter((name) => name.endsWith(".deb"));
    for (const deb of debs) await run("dpkg-deb", ["-x", join(at("cache/archives"), deb), target]);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** The host's own archives of Debian, with the other release. */
async function sources(release: string): Promise<string> {
  const main = ["Identifier: Packages", "Origin: Debian", "Component: main"];
  const told = await run("apt-get", ["indextargets", "--format", "$(REPO_URI) $(CODENAME)", ...main]);
  const archives = new Set(told.split("\n").flatMap((line) => /^(\S+) [a-z]+$/.exec(line)?.[1] ?? []));
  if (archives.size === 0) throw new Error("apt knows no archive of Debian: run apt-get update");
  return [...archives].map((each) => `deb [signed-by=${KEYRING}] ${each} ${release} main\n`).join("");
}
