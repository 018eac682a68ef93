/** The Debian package: the executable, its man page and completions, and the provider where engines find it. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { Architecture } from "../executable.d/node.ts";
import { GO_NAMES, REGISTRIES } from "./provider.ts";
import { type Entry, layTree, root, run, sourceDate, version, withFolder } from "./tree.ts";

/** Of this program's own, for which Node has been built. */
const DEPENDS = "libc6 (>= 2.28), libgcc-s1, libstdc++6 (>= 8)";
const compress = promisify(gzip);

/** What `guestkit doctor` misses first: docs/requirements.md. */
const RECOMMENDS = "qemu-utils, e2fsprogs, dosfstools, mtools, fdisk, openssh-client, xz-utils";
const SUGGESTS = "qemu-system, ovmf, passt, swtpm, rsync, mmdebstrap, uidmap, fakeroot";

export interface DebOptions {
  readonly executable: string;
  readonly architecture: Architecture;
  /** Of xz, 0 to 9. */
  readonly level?: number;
}

/** Writes the package into a folder; its path. */
export async function writeDeb(out: string, options: DebOptions): Promise<string> {
  const { architecture, level = 6 } = options;
  const path = join(out, `guestkit_${await version()}_${GO_NAMES[architecture]}.deb`);
  const env = { ...process.env, SOURCE_DATE_EPOCH: String(await sourceDate()), DPKG_DEB_THREADS_MAX: "2" };
  await withFolder(async (folder) => {
    await layTree(folder, await filesOf(options));
    await run("dpkg-deb", ["--root-owner-group", "-Zxz", `-z${level}`, "--build", folder, path], { env });
  });
  return path;
}

async function filesOf(options: DebOptions): Promise<Readonly<Record<string, Entry>>> {
  const { executable, architecture } = options;
  const packed = async (path: string) => ({ text: await compress(await readFile(join(root, path)), { level: 9 }) });
  return {
    "DEBIAN/control": { text: await control(architecture) },
    "usr/bin/guestkit": { from: executable, mode: 0o755 },
    "usr/share/man/man1/guestkit.1.gz": await packed("cli/generated/guestkit.1"),
    "usr/share/bash-completion/completions/guestkit": await completion("bash"),
    "usr/share/zsh/vendor-completions/_guestkit": await completion("zsh"),
    "usr/share/fish/vendor_completions.d/guestkit.fish": await completion("fish"),
    "usr/share/doc/guestkit/copyright": { text: copyright(await releaseDay()) },
    "usr/share/doc/guestkit/changelog.gz": {
      text: await compress(changelog(await version(), await releaseDay()), { level: 9 }),
    },
    "usr/share/doc/guestkit/CHANGELOG.md.gz": await packed("CHANGELOG.md"),
    "usr/share/lintian/overrides/guestkit": { text: OVERRIDES },
    ...(await providerLinks(architecture)),
  };
}

/** By the sources: the executable of another architecture does not run here. */
async function completion(shell: string): Promise<Entry> {
  const program = join(root, "cli/bin/guestkit.ts");
  const { stdout } = await run(process.execPath, ["--conditions=guestkit-source", program, "completion", shell]);
  return { text: stdout };
}

/** Below what XDG_DATA_DIRS is where nobody sets it, both engines look for providers. */
async function providerLinks(architecture: Architecture): Promise<Readonly<Record<string, Entry>>> {
  const release = await version();
  const links = REGISTRIES.map((registry): [string, Entry] => {
    const folder = `usr/share/terraform/plugins/${registry}/guestkit/guestkit/${release}/linux_${GO_NAMES[architecture]}`;
    const link = `${"../".repeat(folder.split("/").length - 1)}bin/guestkit`;
    return [`${folder}/terraform-provider-guestkit_v${release}`, { link }];
  });
  return Object.fromEntries(links);
}

async function control(architecture: Architecture): Promise<string> {
  return `Package: guestkit
Version: ${await version()}
Architecture: ${GO_NAMES[architecture]}
Maintainer: ${maintainer()}
Section: admin
Priority: optional
Depends: ${DEPENDS}
Recommends: ${RECOMMENDS}
Suggests: ${SUGGESTS}
Homepage: https://github.com/guestkit/guestkit
Description: disk images and QEMU machines as declared infrastructure
 Looks into disk images without root, mount or daemon; makes images and virtual
 machines as a declaration has them, and shows what a change would do.
 .
 One program: the command line, and the provider of Terraform and OpenTofu,
 which find it where this package puts it.
`;
}

/** As Debian's own tools take it from the environment. */
function maintainer(): string {
  const { DEBFULLNAME = "the guestkit authors", DEBEMAIL = "guestkit@localhost" } = process.env;
  return `${DEBFULLNAME} <${DEBEMAIL}>`;
}

const releaseDay = async () => new Date((await sourceDate()) * 1000);

const changelog = (release: string, day: Date): string => `guestkit (${release}) unstable; urgency=medium

  * What users notice: CHANGELOG.md.gz.

 -- ${maintainer()}  ${day.toUTCString().replace("GMT", "+0000")}
`;

const copyright = (day: Date): string => `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Source: https://github.com/guestkit/guestkit

Files: *
Copyright: ${day.getUTCFullYear()} the guestkit authors
License: Apache-2.0
 On Debian systems, the text of this licence is in
 /usr/share/common-licenses/Apache-2.0.

Files: usr/bin/guestkit
Copyright: ${day.getUTCFullYear()} the guestkit authors
           2009-${day.getUTCFullYear()} Node.js contributors
License: Apache-2.0 and Expat
 It holds Node.js, whose licence and those of the libraries in it are at
 https://github.com/nodejs/node/blob/main/LICENSE
`;

/** The program is Node's own with its libraries in it, and it knows where dpkg keeps what it knows, since it reads that in images. */
const OVERRIDES = ["embedded-library", "hardening-no-pie", "uses-dpkg-database-directly"]
  .map((tag) => `guestkit: ${tag} *\n`)
  .join("");
