import { deflateSync } from "node:zlib";
import { readContainerd } from "../../../core/guest/facts/containers/containerd.ts";
import { readDeclared } from "../../../core/guest/facts/containers/declared.ts";
import { readDocker } from "../../../core/guest/facts/containers/docker.ts";
import { readJson } from "../../../core/guest/facts/containers/json.ts";
import { readPodman } from "../../../core/guest/facts/containers/podman.ts";
import { readLastlog2, readWtmpdb } from "../../../core/guest/facts/history/databases.ts";
import { readFailedLogins } from "../../../core/guest/facts/history/failed-logins.ts";
import { readFirstSigns, readInstanceId } from "../../../core/guest/facts/history/first-signs.ts";
import { readLastLogins, readLastlog } from "../../../core/guest/facts/history/last-logins.ts";
import { gatherSessions } from "../../../core/guest/facts/history/sessions.ts";
import { readShellHistories } from "../../../core/guest/facts/history/shell-histories.ts";
import { openUtmp } from "../../../core/guest/facts/history/utmp.ts";
import { findLanguages } from "../../../core/guest/facts/languages/find.ts";
import { languages } from "../../../core/guest/facts/languages/index.ts";
import { readDeclaredMounts } from "../../../core/guest/facts/storage/declared-mounts.ts";
import { readMappings } from "../../../core/guest/facts/storage/mappings.ts";
import { readSwap } from "../../../core/guest/facts/storage/swap.ts";
import { readZram } from "../../../core/guest/facts/storage/zram.ts";
import { makeElf, makeGoBuildInfo, makeZip } from "../archives.ts";
import { makeBolt } from "../bolt.ts";
import { knownSystem } from "../known-system.ts";
import { memoryTree } from "../memory-filesystem.ts";
import { makeUtmp } from "../utmp.ts";
import { fill, fromEach, ofFile, ofNames, type Parser, SOMEBODY } from "./shape.ts";

/** Of the groups of facts. */
export const FACTS: readonly Parser[] = [
  {
    name: "wtmp and btmp",
    make: async (size) => {
      const records = Array.from({ length: size >> 5 }, (_, at) => ({
        type: 8,
        line: `p${at}`,
        seconds: 2 ** 30 + at,
      }));
      const tree = await memoryTree({ "/u": makeUtmp(records, { little: true, bits: 32 }) });
      return async () => {
        const utmp = await openUtmp(tree, "/u");
        if (!utmp) return;
        await gatherSessions(utmp.newestFirst(), 100);
        await readFailedLogins(utmp, [], 100);
      };
    },
  },
  {
    name: "lastlog by users",
    make: async (size) => {
      const users = fromEach(size, (uid) => ({ ...SOMEBODY, name: `u${uid}`, uid }));
      const tree = await memoryTree({ "/var/log/lastlog": new Uint8Array((size >> 1) * 292) });
      return async () => [await readLastlog(tree, users, null), await readLastLogins(tree, users, null)];
    },
  },
  ofFile("databases of logins", "/db", "x", (tree) =>
    Promise.all([readWtmpdb(tree, "/db", 9), readLastlog2(tree, "/db")]),
  ),
  ofFile("what users typed", "/home/u/.bash_history", "ls\n", (tree) => readShellHistories(tree, [SOMEBODY])),
  ofFile("the id of cloud-init", "/var/lib/cloud/data/instance-id", "i-1\n", async (tree) => [
    await readInstanceId(tree),
    await readFirstSigns(tree),
  ]),
  ofFile("fstab, whatever is here", "/etc/fstab", "u#a:b@c /d cifs password=a,user=b%c 0 0\n", readDeclaredMounts),
  ofFile("encrypted devices and their keys", "/etc/crypttab", "a /b /etc/c luks,discard\n", readMappings),
  ofFile("swap of fstab", "/etc/fstab", "/a none swap pri=1\n", async (tree) => readSwap(await knownSystem(tree))),
  ofNames(
    "swap units",
    (at) => `/etc/systemd/system/a${at}.swap`,
    async (tree) => readSwap(await knownSystem(tree)),
    () => "[Swap]\nWhat=/a\n",
  ),
  ofFile("zram-generator", "/etc/systemd/zram-generator.conf", "[zram1]\nzram-size = 1\n", readZram),
  ofNames(
    "zram-generator's files",
    (at) => `/etc/systemd/zram-generator.conf.d/${at}.conf`,
    readZram,
    (at) => `[zram${at}]\n`,
  ),
  {
    name: "containerd's metadata",
    make: async (size) => {
      const images = Object.fromEntries(fromEach(size >> 4, (at) => [`i${at}`, { target: { digest: `d${at}` } }]));
      const bytes = makeBolt({ v1: { n: { images } } });
      const tree = await memoryTree({ "/var/lib/containerd/io.containerd.metadata.v1.bolt/meta.db": bytes });
      return () => readContainerd(tree);
    },
  },
  {
    name: "images and containers of docker and podman",
    make: async (size) => {
      const tags = Object.fromEntries(fromEach(size, (at) => [`w:${at}`, `sha256:${at >> 1}`]));
      const images = fromEach(size, (at) => ({ id: `${at}`, names: [`w:${at}`] }));
      const tree = await memoryTree({
        "/var/lib/docker/image/a/repositories.json": JSON.stringify({ Repositories: { w: tags } }),
        "/var/lib/containers/storage/a-images/images.json": JSON.stringify(images),
        "/var/lib/containers/storage/a-containers/containers.json": JSON.stringify(images),
      });
      return async () => [await readDocker(tree), await readPodman(tree, [])];
    },
  },
  ofFile("docker's settings", "/etc/docker/daemon.json", "[", readDocker),
  ofFile("JSON of engines", "/a", '{"a":', (tree) => readJson(tree, "/a")),
  ofFile("storage.conf", "/etc/containers/storage.conf", 'additionalimagestores = [\n"/a",\n', (tree) =>
    readPodman(tree, []),
  ),
  ofFile("containerd's settings", "/etc/containerd/config.toml", 'root = "/a"\n', readContainerd),
  ofFile("compose files", "/opt/compose.yaml", "  image: a\n", (tree) => readDeclared(tree, [])),
  ofNames(
    "quadlets",
    (at) => `/etc/containers/systemd/${at}.container`,
    (tree) => readDeclared(tree, [SOMEBODY]),
    () => "[Container]\nImage=a\n",
  ),
  ofLanguages("metadata of Python", "/opt/a-1.dist-info/METADATA", "Name: a\n"),
  ofLanguages("a package of npm", "/opt/node_modules/a/package.json", '{"name":'),
  ofLanguages("a gem", "/opt/specifications/a-1.gemspec", "# stub: a 1\n"),
  ofNames(
    "packages of npm, in one another",
    (at) => `/opt/node_modules/a${at}/node_modules/b/package.json`,
    async (tree) => languages.read(await knownSystem(tree)),
    () => '{"name":"a"}',
  ),
  ofNames(
    "folders of programs",
    (at) => `/opt/${at}/bin/a`,
    async (tree) => Array.fromAsync(findLanguages(tree, [], () => undefined)),
  ),
  {
    name: "programs and archives",
    make: async (size) => {
      const lines = fromEach(size, (at) => `dep\ta${at}\tv1\n`).join("");
      const poms = fromEach(size >> 2, (at) => [`META-INF/maven/a/b${at}/pom.properties`, "groupId=a\nartifactId=b\n"]);
      const tree = await memoryTree({
        "/usr/bin/go": makeElf({ ".go.buildinfo": makeGoBuildInfo("go1.22", lines) }),
        "/usr/bin/rust": makeElf({ ".dep-v0": deflateSync(JSON.stringify({ packages: fromEach(size, () => ({})) })) }),
        "/opt/a.jar": makeZip(Object.fromEntries(poms)),
        "/opt/b.jar": makeZip({ "META-INF/MANIFEST.MF": fill(size, "A: b\r\n c\r\n") }),
      });
      const known = await knownSystem(tree);
      return () => languages.read(known);
    },
  },
];

function ofLanguages(name: string, path: string, line: string): Parser {
  return ofFile(name, path, line, async (tree) => languages.read(await knownSystem(tree)));
}
