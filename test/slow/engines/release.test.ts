import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFile, cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { examples } from "../../../ansible/emit/documentation.ts";
import { contractOf } from "../../../core/model/index.ts";
import { onEveryEngine } from "../../engines/terraform/workspace.ts";
import { ansibleFor } from "../../support/ansible-user.ts";
import { findEngine, findFurtherEngine, repository } from "../../support/engines.ts";
import { run } from "../../support/run.ts";
import { ONE_IMAGE, type UserWithoutNode, userWithoutNode } from "../../support/user-without-node.ts";

const execute = promisify(execFile);
const goName = process.arch === "x64" ? "amd64" : process.arch;
const SDKS = ["guestkit-pulumi-native-0.1.0.tgz", "pulumi-guestkit-go-0.1.0.tar.gz", "pulumi_guestkit-0.1.0.tar.gz"];
const REGISTRIES = ["registry.terraform.io", "registry.opentofu.org"];

let user: UserWithoutNode;
let release: string;
let again: string;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  user = await userWithoutNode();
  const folder = user.home;
  [release, again] = [join(folder, "release"), join(folder, "again")];
  // A source tree without its history has no date of its own.
  const of = { SOURCE_DATE_EPOCH: "1790000000", GUESTKIT_SIGNING_KEY: "release@guestkit.test" };
  env = { ...process.env, ...of, GNUPGHOME: join(folder, "gpg") };
  await mkdir(join(folder, "gpg"), { mode: 0o700 });
  const key = [
    "--batch",
    "--passphrase",
    "",
    "--quick-generate-key",
    "release@guestkit.test",
    "ed25519",
    "sign",
    "never",
  ];
  await execute("gpg", key, { env });
  for (const out of [release, again]) {
    const script = [join(repository, "scripts/release"), "--arch", process.arch, "--level", "0", "--out", out];
    await execute("sh", script, { env, maxBuffer: 64 << 20 });
  }
});
afterAll(() => user[Symbol.asyncDispose]());

describe("a release", () => {
  it("is the same bytes each time, whole and signed", async () => {
    const names = (await readdir(release)).toSorted();
    expect(names).toEqual(
      [
        ...["SHA256SUMS", `guestkit-0.1.0-linux-${process.arch}`, `guestkit-0.1.0-linux-${process.arch}.xz`],
        ...["cli", "core", "provider", "pulumi"].map((each) => `guestkit-${each}-0.1.0.tgz`),
        `pulumi-resource-guestkit-v0.1.0-linux-${goName}.tar.gz`,
        ...(findFurtherEngine("pulumi-sdks") ? SDKS : []),
        ...["guestkit-guestkit-0.1.0.tar.gz", `guestkit_0.1.0_${goName}.deb`],
        ...["SHA256SUMS", "SHA256SUMS.sig", `linux_${goName}.zip`, "manifest.json"].map(
          (each) => `terraform-provider-guestkit_0.1.0_${each}`,
        ),
      ].toSorted(),
    );
    // A signature tells when it was made; TypeScript 7 spells some of the core's types in another order each time.
    const unsigned = names.filter((name) => !/\.sig$|^SHA256SUMS$|^guestkit-core-/.test(name));
    for (const name of unsigned) expect([name, await digest(again, name)]).toEqual([name, await digest(release, name)]);
    const sums = "terraform-provider-guestkit_0.1.0_SHA256SUMS";
    for (const each of ["SHA256SUMS", sums]) await execute("sha256sum", ["--check", each], { cwd: release });
    await execute("gpg", ["--batch", "--verify", `${sums}.sig`, sums], { cwd: release, env });
    await execute("xz", ["--test", `guestkit-0.1.0-linux-${process.arch}.xz`], { cwd: release });
  });
});

describe("the collection, for an ordinary user in an empty folder", () => {
  const archive = "guestkit-guestkit-0.1.0.tar.gz";
  const playbook = findEngine("ansible-playbook");

  it.skipIf(!playbook)("is built, installed, verified, and its first example runs", async ({ skip }) => {
    const ansible = await ansibleFor(user, String(playbook));
    if (!ansible) return skip("the system's Python is of another version than Ansible's");
    const [empty, sources] = [join(user.folder, "ansible"), join(user.home, "collection")];
    await user.run("mkdir", [empty]);
    await cp(join(repository, "ansible/collection"), sources, { recursive: true });
    await ansible("galaxy", ["collection", "build", sources], empty);
    expect(await filesIn(join(empty, archive))).toEqual(await filesIn(join(release, archive)));

    await ansible("galaxy", ["collection", "install", "--offline", join(release, archive), "-p", "collections"], empty);
    const verify = ["collection", "verify", "--offline", "guestkit.guestkit", "-p", "collections"];
    expect(await ansible("galaxy", verify, empty)).toContain("Successfully verified");
    expect(await ansible("doc", ["--type", "role", "guestkit.guestkit.disk_image"], empty)).toContain(
      "disk_image_list",
    );

    await user.bring(join(release, `guestkit-0.1.0-linux-${process.arch}`), "guestkit");
    const [first] = parse(examples(contractOf("disk_image", "resource"))) as readonly object[];
    const play = [{ hosts: "localhost", connection: "local", gather_facts: false, tasks: [first] }];
    await user.run("sh", ["-c", 'printf "%s" "$1" >"$0"', join(empty, "play.yml"), stringify(play)]);
    expect(await ansible("playbook", ["play.yml"], empty)).toMatch(/ok=1 +changed=1/);
    expect(await ansible("playbook", ["play.yml"], empty)).toMatch(/ok=1 +changed=0/);
  });
});

/** What the archive of a collection says that is in it, in any order. */
async function filesIn(path: string): Promise<readonly string[]> {
  const { files } = JSON.parse(await run("tar", ["-xOf", path, "FILES.json"])) as { files: readonly object[] };
  return files.map((each) => JSON.stringify(each, Object.keys(each).toSorted())).toSorted();
}

describe("the Debian package, unpacked as an ordinary user", () => {
  const at = (path: string) => join(user.folder, "root", path);
  beforeAll(async () => {
    const deb = await user.bring(join(release, `guestkit_0.1.0_${goName}.deb`), "guestkit.deb");
    await user.run("dpkg", ["--extract", deb, at("")]);
  });

  it("has the command, its page, and who it is from", async () => {
    expect(await user.run(at("usr/bin/guestkit"), ["version"])).toMatch(/^guestkit 0\./);
    const page = await user.run("sh", ["-c", `zcat ${at("usr/share/man/man1/guestkit.1.gz")} | groff -man -Tutf8`]);
    expect(page).toContain("guestkit inspect");
    const list = await run("dpkg-deb", ["--contents", join(release, `guestkit_0.1.0_${goName}.deb`)]);
    expect(
      list
        .trim()
        .split("\n")
        .filter((line) => !line.includes(" root/root ")),
    ).toEqual([]);
  });

  it("completes in bash, zsh and fish", async () => {
    const [bash, zsh, fish] = await Promise.all([
      user.run("bash", ["-c", BASH, "bash", at("usr/share/bash-completion/completions/guestkit")]),
      user.run("zsh", ["-fc", ZSH, "zsh", at("usr/share/zsh/vendor-completions")]),
      user.run("fish", ["-Nc", `source ${at("usr/share/fish/vendor_completions.d/guestkit.fish")}; ${FISH}`]),
    ]);
    expect([bash, zsh, fish].map((each) => each.trim().split(/\s/)[0])).toEqual(["sbom", "sbom", "sbom"]);
  });

  onEveryEngine(({ name, path }) => {
    it("brings the provider to engines", async () => {
      const engine = await user.bring(path, name);
      const settings = join(user.folder, `${name}-empty.rc`);
      await writeFile(settings, "");
      const own = { TF_CLI_CONFIG_FILE: settings, XDG_DATA_DIRS: at("usr/share") };
      await configure(name, own);
      expect(await user.run(engine, [`-chdir=${name}`, "version"], own)).toContain("guestkit/guestkit v0.1.0");
    });

    async function configure(folder: string, own: Readonly<Record<string, string>>): Promise<void> {
      await user.run("mkdir", ["-p", folder]);
      await user.run("sh", ["-c", 'printf "%s" "$1" >"$2/main.tf"', "sh", ONE_IMAGE, folder]);
      await user.run(name, [`-chdir=${folder}`, "init", "-input=false"], own);
    }
  });
});

onEveryEngine(({ name, path }) => {
  it("is installed from its zip in a mirror, and makes an image", async () => {
    const engine = await user.bring(path, name);
    const mirror = join(user.home, "mirror");
    for (const registry of REGISTRIES) {
      const place = join(mirror, registry, "guestkit/guestkit");
      const zip = `terraform-provider-guestkit_0.1.0_linux_${goName}.zip`;
      await mkdir(place, { recursive: true });
      await copyFile(join(release, zip), join(place, zip));
    }
    const settings = join(user.home, `${name}.rc`);
    await writeFile(settings, `provider_installation {\n  filesystem_mirror {\n    path = "${mirror}"\n  }\n}\n`);
    await user.run("mkdir", ["-p", `${name}-zip`]);
    await user.run("sh", ["-c", 'printf "%s" "$1" >"$2/main.tf"', "sh", ONE_IMAGE, `${name}-zip`]);
    const call = (verb: string, ...args: readonly string[]) =>
      user.run(engine, [`-chdir=${name}-zip`, verb, "-input=false", "-no-color", ...args], {
        TF_CLI_CONFIG_FILE: settings,
      });
    await call("init");
    expect(await call("apply", "-auto-approve")).toContain("1 added");
    await call("plan", "-detailed-exitcode");
  });
});

describe("the executable for the other architecture", () => {
  it("runs where programs of it do", async ({ skip }) => {
    const [other, emulator, libraries] = process.arch === "x64" ? ARM64 : X64;
    const isThere = await run(emulator, ["--version"]).then(Boolean, () => false);
    if (!isThere) return skip(`${emulator} is not installed`);
    const file = join(user.home, "other");
    const script = ["--conditions=guestkit-source", join(repository, "scripts/executable.ts"), file, other];
    await run(process.execPath, script);
    const program = await user.bring(file, "guestkit-other");
    const call = (...args: readonly string[]) => user.run(emulator, ["-L", libraries, program, ...args]);
    expect(await call("version")).toMatch(/^guestkit 0\./);
    await user.run("truncate", ["--size", "16M", "other.img"]);
    await user.run("mke2fs", ["-q", "other.img"]);
    expect(await call("ls", "other.img", "/")).toContain("lost+found");
  });
});

const ARM64 = ["arm64", "qemu-aarch64-static", "/usr/aarch64-linux-gnu"] as const;
const X64 = ["x64", "qemu-x86_64-static", "/usr/x86_64-linux-gnu"] as const;

const BASH = `. /usr/share/bash-completion/bash_completion; . "$1"
COMP_WORDS=(guestkit sbo); COMP_CWORD=1; COMP_LINE="guestkit sbo"; COMP_POINT=12
_guestkit guestkit sbo guestkit; echo "\${COMPREPLY[@]}"`;
const FISH = "complete -C 'guestkit sbo'";
/** In a terminal of its own, since zsh completes nowhere else. */
const ZSH = `zmodload zsh/zpty
zpty terminal zsh -fi
zpty -w terminal "PS1= fpath=($1 \\$fpath); autoload -Uz compinit; compinit -uD; print re''ady"
zpty -r terminal seen '*ready*'
zpty -w -n terminal $'guestkit sbo\\t'
zpty -r terminal seen '*guestkit sbom*' && print sbom
zpty -d terminal`;

async function digest(folder: string, name: string): Promise<string> {
  return createHash("sha256")
    .update(await readFile(join(folder, name)))
    .digest("hex");
}
