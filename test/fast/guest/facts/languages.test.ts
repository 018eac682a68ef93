import { deflateRawSync, deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { languages } from "../../../../core/guest/facts/languages/index.ts";
import { makeElf, makeGoBuildInfo, makeZip } from "../../../support/archives.ts";
import { knownSystem } from "../../../support/known-system.ts";
import { type Content, memoryTree } from "../../../support/memory-filesystem.ts";
import { fc } from "../../../support/property.ts";

async function read(files: Readonly<Record<string, Content>>) {
  const known = await knownSystem(await memoryTree(files));
  return { found: await languages.read(known), warnings: known.warnings };
}

const told = async (files: Readonly<Record<string, Content>>) =>
  (await read(files)).found.map(({ ecosystem, name, version, purl }) => [ecosystem, name, version, purl]);

describe("packages of languages", () => {
  it("of Python are those of metadata, whatever form it has", async () => {
    const head = (name: string) => `Metadata-Version: 2.1\nName: ${name}\nVersion: 1.0\n\nName: no\n`;
    expect(
      await told({
        "/usr/lib/python3/dist-packages/Some_Thing-1.0.dist-info/METADATA": head("Some_Thing"),
        "/opt/app/lib/python3.11/site-packages/old.egg-info/PKG-INFO": head("old"),
        "/usr/lib/python3/dist-packages/flat-1.0.egg-info": head("flat"),
        "/usr/lib/python3/dist-packages/none-1.0.dist-info/RECORD": "",
      }),
    ).toEqual([
      ["pypi", "Some_Thing", "1.0", "pkg:pypi/some-thing@1.0"],
      ["pypi", "flat", "1.0", "pkg:pypi/flat@1.0"],
      ["pypi", "old", "1.0", "pkg:pypi/old@1.0"],
    ]);
  });

  it("of npm are those of node_modules, theirs in turn, and no other package.json", async () => {
    const json = (name: string) => JSON.stringify({ name, version: "1.0.0" });
    expect(
      await told({
        "/usr/lib/node_modules/a/package.json": json("a"),
        "/usr/lib/node_modules/a/node_modules/@s/b/package.json": json("@s/b"),
        "/usr/lib/node_modules/a/lib/package.json": json("no"),
        "/usr/lib/node_modules/.bin/package.json": json("no"),
        "/usr/share/nodejs/c/package.json": json("c"),
        "/srv/web/package.json": json("no"),
        "/srv/web/node_modules/d/package.json": "{",
      }),
    ).toEqual([
      ["npm", "@s/b", "1.0.0", "pkg:npm/%40s/b@1.0.0"],
      ["npm", "a", "1.0.0", "pkg:npm/a@1.0.0"],
      ["npm", "c", "1.0.0", "pkg:npm/c@1.0.0"],
    ]);
  });

  it("of npm are those of pnpm's store as well, where all others are links", async () => {
    const json = (name: string) => JSON.stringify({ name, version: "1.0.0" });
    const store = "/opt/a/node_modules/.pnpm";
    expect(
      await told({
        "/opt/a/node_modules/b": { link: ".pnpm/b@1.0.0/node_modules/b" },
        [`${store}/b@1.0.0/node_modules/b/package.json`]: json("b"),
        [`${store}/b@1.0.0/node_modules/@s/c`]: { link: "../../../@s+c@1.0.0/node_modules/@s/c" },
        [`${store}/@s+c@1.0.0/node_modules/@s/c/package.json`]: json("@s/c"),
      }),
    ).toEqual([
      ["npm", "@s/c", "1.0.0", "pkg:npm/%40s/c@1.0.0"],
      ["npm", "b", "1.0.0", "pkg:npm/b@1.0.0"],
    ]);
  });

  it("are not told where they lie too deep, and warnings say so", async () => {
    const json = JSON.stringify({ name: "a", version: "1" });
    const deep = "/opt/b".padEnd(60 * 2, "/c");
    const { found, warnings } = await read({
      [`${"/opt/node_modules/a".padEnd(17 * 40, "/node_modules/a")}/package.json`]: json,
      [`${deep}/a-1.dist-info/METADATA`]: "Name: a\nVersion: 1\n\n",
    });
    expect(found).toEqual([]);
    expect(warnings).toEqual([
      expect.stringMatching(/^packages of languages are not looked for in \/opt\/b\/c/),
      expect.stringMatching(/^\/opt\/node_modules has packages in one another/),
    ]);
  });

  it("are told once where a service has its home below a folder that is looked through", async () => {
    expect(
      await told({
        "/etc/passwd": "web:x:1000:1000::/opt/web:/bin/sh\n",
        "/opt/web/.local/lib/a-1.dist-info/METADATA": "Name: a\nVersion: 1\n\n",
      }),
    ).toHaveLength(1);
  });

  it("cost what they unpack to, and a list of an archive that is cut short is none", async () => {
    const pom = "groupId=a\nartifactId=b\n".padEnd(1 << 20, "#");
    const names = Array.from({ length: 20 }, (_, at) => `META-INF/maven/a/b${at}/pom.properties`);
    const jar = makeZip(Object.fromEntries(names.map((name) => [name, pom])), (bytes) => deflateRawSync(bytes));
    expect(jar.length).toBeLessThan(1 << 20);
    const known = await knownSystem(await memoryTree({ "/opt/a.jar": jar }));
    expect(await languages.read(known)).toHaveLength(20);
    expect(known.tree.budget.used.bytes).toBeGreaterThan(20 << 20);
    const cut = jar.slice();
    cut[cut.length - 22 + 10] = 21;
    expect((await read({ "/opt/a.jar": cut })).warnings).toEqual([expect.stringMatching(/directory breaks off/)]);
  });

  it("of RubyGems are those of specifications, by their own line or the file's name", async () => {
    expect(
      await told({
        "/var/lib/gems/3.1.0/specifications/net-2-1.0.gemspec":
          "# -*- encoding: utf-8 -*-\n# stub: net-2 1.0 ruby lib\n",
        "/usr/share/rubygems-integration/all/specifications/rake-13.0.6.gemspec": "Gem::Specification.new\n",
        "/usr/lib/ruby/gems/3.1.0/specifications/default/json-2.6.1.gemspec": "",
      }),
    ).toEqual([
      ["gem", "json", "2.6.1", "pkg:gem/json@2.6.1"],
      ["gem", "net-2", "1.0", "pkg:gem/net-2@1.0"],
      ["gem", "rake", "13.0.6", "pkg:gem/rake@13.0.6"],
    ]);
  });

  it("of Go and Rust are those that programs say they were made of", async () => {
    const list =
      "path\tx\nmod\texample.org/X\t(devel)\t\ndep\ta.org/b\tv1.0.0\th1:=\ndep\tc.org/d\tv1.0.0\n=>\te.org/d\tv2.0.0\th1:=\ndep\tf.org/g\tv1.0.0\n=>\t./g\t\n";
    const crates = JSON.stringify({
      packages: [{ name: "ring", version: "0.17.8", source: "crates.io" }, { name: 1 }],
    });
    const go = makeGoBuildInfo("go1.22.1", list);
    expect(
      await told({
        "/usr/local/bin/tool": makeElf({ ".go.buildinfo": go, ".text": new Uint8Array(9) }),
        "/usr/bin/rust": makeElf({ ".dep-v0": deflateSync(crates) }),
        "/usr/bin/script": "#!/bin/sh\n".padEnd(100, "#"),
        "/usr/lib/no": makeElf({ ".go.buildinfo": go }),
      }),
    ).toEqual([
      ["cargo", "ring", "0.17.8", "pkg:cargo/ring@0.17.8"],
      ["golang", "./g", null, null],
      ["golang", "a.org/b", "v1.0.0", "pkg:golang/a.org/b@v1.0.0"],
      ["golang", "e.org/d", "v2.0.0", "pkg:golang/e.org/d@v2.0.0"],
      ["golang", "example.org/X", null, "pkg:golang/example.org/x"],
      ["golang", "stdlib", "1.22.1", "pkg:golang/stdlib@1.22.1"],
    ]);
  });

  it("of Maven are those that it left in archives, else what the manifest says", async () => {
    const pom = "#made\r\ngroupId=org.a\r\nartifactId=b\r\nversion=1.0\r\n";
    const manifest =
      "Manifest-Version: 1.0\r\nBundle-SymbolicName: org.lo\r\n ng;x=1\r\nBundle-Version: 3.0\r\n\r\nName: no\r\n";
    expect(
      await told({
        "/usr/share/java/b.jar": makeZip({
          "META-INF/maven/org.a/b/pom.properties": pom,
          "META-INF/MANIFEST.MF": manifest,
        }),
        "/opt/x/c.war": makeZip({ "META-INF/MANIFEST.MF": manifest }, (bytes) => deflateRawSync(bytes)),
        "/opt/x/plain-2.1.jar": makeZip({ "META-INF/MANIFEST.MF": "Manifest-Version: 1.0\n" }),
        "/opt/x/no.jar": "no archive",
      }),
    ).toEqual([
      ["maven", "org.a:b", "1.0", "pkg:maven/org.a/b@1.0"],
      ["maven", "org.long", "3.0", null],
      ["maven", "plain", "2.1", null],
    ]);
  });

  it("are told without those of a damaged file, which a warning names", async () => {
    const jar = makeZip({ "META-INF/MANIFEST.MF": "A: b\n" });
    jar[jar.length - 22 + 16] = 1;
    const { found, warnings } = await read({
      "/opt/bad.jar": jar,
      "/opt/x-1.dist-info/METADATA": "Name: x\nVersion: 1\n\n",
    });
    expect(found.map(({ name }) => name)).toEqual(["x"]);
    expect(warnings).toEqual([expect.stringMatching(/^\/opt\/bad\.jar tells no packages: Cannot read the archive/)]);
  });

  it("are told, or named in a warning, whatever bytes of a program or an archive are damaged", async () => {
    const files: Readonly<Record<string, Uint8Array>> = {
      "/usr/bin/go": makeElf({ ".go.buildinfo": makeGoBuildInfo("go1.22.1", "mod\ta\tv1\n") }),
      "/usr/bin/rust": makeElf({ ".dep-v0": deflateSync('{"packages":[]}') }),
      "/usr/bin/a.jar": makeZip({ "META-INF/MANIFEST.MF": "A: b\n" }, (bytes) => deflateRawSync(bytes)),
    };
    const damage = fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(damage, async (places) => {
        const broken = Object.entries(files).map(([path, bytes]) => {
          const copy = bytes.slice();
          for (const [at, value] of places) copy[at % copy.length] = value;
          return [path, copy] as const;
        });
        expect(Array.isArray((await read(Object.fromEntries(broken))).found)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
