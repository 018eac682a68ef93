import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fixture } from "./fixture.ts";
import { run } from "./tool.ts";

/** The release whose tools make what those of the oldest supported host do not know. */
const RELEASE = "trixie";
const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";
/** The tools and the packages of their libraries. */
const PACKAGES = [
  ...["xfsprogs", "btrfs-progs", "libblkid1", "libc6", "libcom-err2", "libedit2", "libbsd0", "libmd0", "libtinfo6"],
  ...["libdevmapper1.02.1", "libext2fs2t64", "libgcc-s1", "libinih1", "liblzo2-2", "libpcre2-8-0"],
  ...["libreiserfscore0t64", "libselinux1", "libudev1", "liburcu8t64", "libuuid1", "libzstd1", "zlib1g", "libcap2"],
];

/** Runs `mkfs.xfs`, `xfs_db`, `mkfs.btrfs` or another program of a newer Debian; its stdout. */
export type NewerTool = (program: string, args: readonly string[]) => Promise<string>;

/**
 * xfsprogs and btrfs-progs of Debian 13, unpacked beside the host's and run with their own libraries. Made once, from
 * the archives that the host's apt uses, by an apt with folders of its own; nothing is installed.
 */
export async function newerTools(): Promise<NewerTool> {
  const recipe = { RELEASE, PACKAGES, self: await readFile(import.meta.filename, "utf8") };
  const dir = await fixture("newer-tools", recipe, unpack, async (made) => {
    for (const [program, args] of [["mkfs.xfs", ["-V"]] as const, ["mkfs.btrfs", ["--version"]] as const])
      await runIn(made, program, args);
  });
  return (program, args) => runIn(dir, program, args);
}

async function runIn(dir: string, program: string, args: readonly string[]): Promise<string> {
  const libraries = join(dir, "usr/lib/x86_64-linux-gnu");
  const loader = join(libraries, "ld-linux-x86-64.so.2");
  return run(loader, ["--library-path", libraries, join(dir, "usr/sbin", program), ...args]);
}

async function unpack(target: string): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), "guestkit-newer-"));
  const at = (name: string) => join(work, name);
  try {
    for (const name of ["sources", "state/lists/partial", "cache/archives/partial", "debs"])
      await mkdir(at(name), { recursive: true });
    await writeFile(at("sources/newer.list"), await sources());
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
      ...PACKAGES,
    ]);
    for (const deb of await readdir(at("debs"))) await run("dpkg-deb", ["-x", join(at("debs"), deb), target]);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** The host's own archives of Debian, with the other release. */
async function sources(): Promise<string> {
  const main = ["Identifier: Packages", "Origin: Debian", "Component: main"];
  const told = await run("apt-get", ["indextargets", "--format", "$(REPO_URI) $(CODENAME)", ...main]);
  const archives = told.split("\n").filter((line) => /^\S+ [a-z]+$/.test(line));
  if (archives.length === 0) throw new Error("apt knows no archive of Debian: run apt-get update");
  return archives.map((line) => `deb [signed-by=${KEYRING}] ${line.split(" ")[0]} ${RELEASE} main\n`).join("");
}
