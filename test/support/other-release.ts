import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fixture } from "./fixture.ts";
import { run } from "./tool.ts";

const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** A release of Debian, and packages of it: tools, and their libraries down to libc6. */
export interface OtherRelease {
  readonly release: string;
  readonly packages: readonly string[];
}

/** Runs a program of another release by its path there, `usr/sbin/mkfs.xfs`; its stdout. `root` is where it is unpacked. */
export interface OtherTools {
  readonly root: string;
  run(program: string, args: readonly string[]): Promise<string>;
}

/**
 * Tools of another Debian, unpacked beside the host's and run with their own libraries. Made once, from the archives that
 * the host's apt uses, by an apt with folders of its own; nothing is installed.
 */
export async function otherTools(
  { release, packages }: OtherRelease,
  prove: (tools: OtherTools) => Promise<unknown>,
): Promise<OtherTools> {
  const recipe = { release, packages, self: await readFile(import.meta.filename, "utf8") };
  const root = await fixture(
    `tools-of-${release}`,
    recipe,
    (target) => unpack(target, release, packages),
    (made) => prove(toolsIn(made)),
  );
  return toolsIn(root);
}

function toolsIn(root: string): OtherTools {
  const folders = ["usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu"].map((each) => join(root, each));
  return {
    root,
    run: async (program, args) => {
      const loaders = await Promise.all(folders.map((each) => readdir(each).catch((): string[] => [])));
      const folder = folders[loaders.findIndex((names) => names.includes("ld-linux-x86-64.so.2"))] ?? root;
      const loader = join(folder, "ld-linux-x86-64.so.2");
      return run(loader, ["--library-path", folders.join(":"), join(root, program), ...args]);
    },
  };
}

async function unpack(target: string, release: string, packages: readonly string[]): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), "guestkit-other-"));
  const at = (name: string) => join(work, name);
  try {
    for (const name of ["sources", "state/lists/partial", "cache/archives/partial", "debs"])
      await mkdir(at(name), { recursive: true });
    await writeFile(at("sources/other.list"), await sources(release));
    const own = { "Dir::Etc::SourceParts": at("sources"), "Dir::State": at("state"), "Dir::Cache": at("cache") };
    const none = { "Dir::Etc::SourceList": "/dev/null", "Dir::State::Status": "/dev/null" };
    const options = Object.entries({ ...own, ...none }).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
    await run("apt-get", ["-qq", ...options, "update"]);
    await run("sh", [
      "-c",
      'cd "$1"; shift; exec apt-get -qq "$@"',
      "sh",
      at("debs"),
      ...options,
      "download",
      ...packages,
    ]);
    for (const deb of await readdir(at("debs"))) await run("dpkg-deb", ["-x", join(at("debs"), deb), target]);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** The host's own archives of Debian, with the other release. */
async function sources(release: string): Promise<string> {
  const main = ["Identifier: Packages", "Origin: Debian", "Component: main"];
  const told = await run("apt-get", ["indextargets", "--format", "$(REPO_URI) $(CODENAME)", ...main]);
  const archives = told.split("\n").filter((line) => /^\S+ [a-z]+$/.test(line));
  if (archives.length === 0) throw new Error("apt knows no archive of Debian: run apt-get update");
  return archives.map((line) => `deb [signed-by=${KEYRING}] ${line.split(" ")[0]} ${release} main\n`).join("");
}
