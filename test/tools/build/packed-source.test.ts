/** Compressed sources, and digests by files of checksums: packed and signed by the tools that publishers use. */
import { createHash } from "node:crypto";
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { run } from "../../support/run.ts";
import { share } from "../../support/slow.ts";
import { codeOf, leftovers, MIB, workbench } from "./workbench.ts";

const bench = await workbench("packed");
const { at, dir } = bench;
const sha = (name: string, algorithm = "sha256") =>
  createHash(algorithm)
    .update(readFileSync(at(name)))
    .digest("hex");
const shell = (script: string) => run("sh", ["-euc", `cd "${dir}"; ${script}`]);

const asked: string[] = [];
const server = createServer((request, response) => {
  const name = decodeURIComponent((request.url ?? "").slice(1));
  asked.push(`${name} ${request.headers.authorization ?? ""}`.trim());
  if (!existsSync(at(name))) return void response.writeHead(404).end();
  response.end(readFileSync(at(name)));
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
afterAll(() => server.close().closeAllConnections());

let serial = 0;
const config = (url: string, more: object = {}, rest: object = {}) =>
  ({ path: `copy-${++serial}.qcow2`, source: { url, ...more }, ...rest }) as never;
const same = () => run("qemu-img", ["compare", "-f", "qcow2", "-F", "raw", at(`copy-${serial}.qcow2`), at("seed.raw")]);

const PACKERS: readonly (readonly [ending: string, command: string])[] = [
  ["gz", "gzip -c"],
  ["xz", "xz -1c"],
  ["zst", "zstd -qc"],
  ["bz2", "bzip2 -c"],
];

beforeAll(async () => {
  await shell(`
    truncate -s 16M seed.raw; mke2fs -q -t ext4 seed.raw
    head -c 1000000 /dev/urandom > noise; debugfs -w -R "write noise noise" seed.raw 2>/dev/null
    qemu-img convert -O qcow2 seed.raw seed.qcow2`);
  for (const [ending, command] of PACKERS)
    for (const name of ["seed.raw", "seed.qcow2"]) await shell(`${command} ${name} > ${name}.${ending}`);
});

describe("a compressed source", () => {
  test.each(share(PACKERS, ([ending]) => ending === "gz" || ending === "bz2"))(
    "is unpacked by its content: %s",
    async (ending) => {
      for (const name of [`seed.raw.${ending}`, `seed.qcow2.${ending}`]) {
        const unpacked_sha256 = sha(name.replace(/\.\w+$/, ""));
        const wanted = config(at(name), { sha256: sha(name), sha512: sha(name, "sha512"), unpacked_sha256 });
        await bench.apply(wanted);
        await same();
        expect((await bench.prepare(wanted)).plan.action).toBe("none");
      }
      // By what it holds, not by its name.
      await shell(`cp seed.raw.${ending} named-otherwise`);
      await bench.apply(config(`${origin}/named-otherwise`, { format: "raw" }, { size: "32M" }));
      expect(await leftovers(dir)).toEqual([]);
    },
  );

  test("of several members, as pigz and pxz write them, is whole", async () => {
    await shell(`head -c 8M seed.raw | gzip > a.gz; tail -c 8M seed.raw | gzip > b.gz; cat a.gz b.gz > both.gz
      head -c 8M seed.raw | zstd -q > a.zst; tail -c 8M seed.raw | zstd -q > b.zst; cat a.zst b.zst > both.zst`);
    for (const name of ["both.gz", "both.zst"]) {
      await bench.apply(config(at(name)));
      await same();
    }
  });

  test("that holds no disk, is cut off or damaged, is refused by name", async () => {
    await shell(`tar czf a.tar.gz seed.raw; gzip -c seed.raw.gz > twice.gz; lz4 -q seed.raw a.lz4 2>/dev/null || printf '\\004\\042\\115\\030aaaa' > a.lz4
      yes text | head -c 300000 | xz > text.xz; : | gzip > nothing.gz`);
    for (const name of ["a.tar.gz", "twice.gz", "text.xz", "nothing.gz", "a.lz4"])
      expect(await codeOf(bench.apply(config(at(name)))), name).toBe("E_SOURCE_FORMAT");
    for (const [ending] of PACKERS) {
      await shell(`head -c 700000 seed.raw.${ending} > cut.${ending}`);
      expect(await codeOf(bench.apply(config(at(`cut.${ending}`)))), ending).toBe("E_SOURCE_PACKED");
    }
    expect(await leftovers(dir)).toEqual([]);
  });

  test("that holds an image over other files is refused", async () => {
    await shell("qemu-img create -q -f qcow2 -b seed.qcow2 -F qcow2 over.qcow2; gzip over.qcow2");
    expect(await codeOf(bench.apply(config(at("over.qcow2.gz"))))).toBe("E_SOURCE_BACKING");
  });

  test("may hold no more than the declared size, and takes room for its data alone", async () => {
    await shell("truncate -s 1G zeros; zstd -qc zeros > bomb.zst; rm zeros");
    const { size } = await stat(at("bomb.zst"));
    expect(size).toBeLessThan(MIB);
    let most = 0;
    const progress = ({ phase, done }: { phase: string; done?: number }) => {
      if (phase === "unpacking") most = Math.max(most, done ?? 0);
    };
    const code = await codeOf(bench.apply(config(at("bomb.zst"), {}, { size: "64M" }), { progress }));
    expect(code).toBe("E_SOURCE_UNPACKED_SIZE");
    expect(most).toBeLessThanOrEqual(64 * MIB);
    await bench.apply(config(at("bomb.zst")));
    expect((await stat(at(`copy-${serial}.qcow2`))).blocks * 512).toBeLessThan(2 * MIB);
    expect(await leftovers(dir)).toEqual([]);
  });

  test("that a record calls a raw disk stays one", async () => {
    await bench.apply({ path: "disk.raw", format: "raw", size: "2M" } as never);
    await shell("dd if=seed.raw.gz of=disk.raw conv=notrunc status=none bs=512 count=100");
    await bench.apply(config(at("disk.raw")));
    await run("qemu-img", ["compare", "-f", "qcow2", "-F", "raw", at(`copy-${serial}.qcow2`), at("disk.raw")]);
  });

  test("has its digests checked: of what was fetched, and of what it holds", async () => {
    const wrong = "0".repeat(64);
    const refusals = { sha256: wrong, sha512: wrong + wrong, unpacked_sha256: wrong };
    for (const [field, digest] of Object.entries(refusals)) {
      const code = `E_SOURCE_${field.toUpperCase()}`;
      for (const url of [at("seed.raw.gz"), `${origin}/seed.raw.gz`])
        expect(await codeOf(bench.apply(config(url, { [field]: digest })))).toBe(code);
    }
    expect(await leftovers(dir)).toEqual([]);
  });
});

describe("a file of checksums", () => {
  beforeAll(() =>
    shell("sha256sum seed.raw seed.raw.xz > SHA256SUMS; sha512sum -b seed.qcow2 seed.raw.xz > SHA512SUMS"),
  );

  test("is read at create, beside the source or at an address, and recorded", async () => {
    const more = { sha256: "SHA256SUMS", sha512: `${origin}/SHA512SUMS`, unpacked_sha256: "./SHA256SUMS" };
    const wanted = config(`${origin}/seed.raw.xz`, more);
    await bench.apply(wanted);
    await same();
    const record = JSON.parse(readFileSync(at(`.copy-${serial}.qcow2.guestkit.json`), "utf8"));
    expect(record.details.source_digests).toEqual({
      sha256: sha("seed.raw.xz"),
      sha512: sha("seed.raw.xz", "sha512"),
      unpacked_sha256: sha("seed.raw"),
    });
    appendFileSync(at("SHA256SUMS"), `${"0".repeat(64)}  later.raw\n`);
    expect((await bench.prepare(wanted)).plan.action).toBe("none");
  });

  test("that says something else, nothing or nothing that is one is refused", async () => {
    await shell(`echo "${"0".repeat(64)}  seed.raw.gz" > wrong.sums; echo '<html>hi</html>' > page.sums`);
    const apply = (sha256: string) => codeOf(bench.apply(config(at("seed.raw.gz"), { sha256 })));
    expect(await apply("wrong.sums")).toBe("E_SOURCE_SHA256");
    for (const place of ["page.sums", "SHA256SUMS", `${origin}/page.sums`, `${origin}/nowhere`, "nowhere.sums"])
      expect(await apply(place), place).toBe("E_SOURCE_CHECKSUMS");
  });

  test("gets headers of the source's own server alone", async () => {
    const headers = { Authorization: "Bearer word-7f3a" };
    const other = origin.replace("127.0.0.1", "localhost");
    asked.length = 0;
    await bench.apply(config(`${origin}/seed.raw.xz`, { sha256: `${other}/SHA256SUMS?1`.replace("?1", ""), headers }));
    await bench.apply(config(`${origin}/seed.raw.xz`, { sha512: `${origin}/SHA512SUMS`, headers }));
    expect(asked).toContain("SHA256SUMS");
    expect(asked).toContain("SHA512SUMS Bearer word-7f3a");
    expect(asked).not.toContain("SHA256SUMS Bearer word-7f3a");
  });

  describe("and its signature", () => {
    const gpg = "gpg --homedir keys --batch --quiet --pinentry-mode loopback --passphrase ''";
    beforeAll(() =>
      shell(`
        mkdir -m 700 keys
        for who in good bad; do ${gpg} --quick-generate-key "$who@example.org" ed25519 sign never; done
        ${gpg} --export good@example.org > good.gpg
        ${gpg} --armor --export good@example.org > good.asc
        ${gpg} --export bad@example.org > bad.gpg
        sha256sum seed.raw.gz > detached; ${gpg} -u good@example.org -o detached.gpg --detach-sign detached
        sha256sum seed.raw.gz > armoured; ${gpg} -u good@example.org -o armoured.asc --armor --detach-sign armoured
        sha256sum seed.raw.gz > plain; ${gpg} -u good@example.org -o clear --clearsign plain
        cp plain unsigned; gpgconf --homedir keys --kill all`),
    );

    test.each(share(["detached", "armoured", "clear"], (name) => name === "armoured"))(
      "counts with the key that made it: %s",
      async (name) => {
        for (const keyring of ["good.gpg", "good.asc"]) {
          await bench.apply(config(at("seed.raw.gz"), { sha256: name, keyring }));
          await bench.apply(config(`${origin}/seed.raw.gz`, { sha256: `${origin}/${name}`, keyring }));
        }
        const code = await codeOf(bench.apply(config(at("seed.raw.gz"), { sha256: name, keyring: "bad.gpg" })));
        expect(code).toBe("E_SOURCE_SIGNATURE");
      },
    );

    test("is demanded, and covers what is used", async () => {
      const apply = (sha256: string, url = at("seed.raw.gz")) =>
        codeOf(bench.apply(config(url, { sha256, keyring: "good.gpg" })));
      expect(await apply("unsigned")).toBe("E_SOURCE_CHECKSUMS");
      // Another digit whatever the digest begins with: it is a random one.
      await shell(`cp detached.gpg changed.gpg; sed -e 's/^0/1/;t' -e 's/^./0/' detached > changed`);
      expect(await apply("changed")).toBe("E_SOURCE_SIGNATURE");
      // A line before and behind the signed part is nobody's.
      writeFileSync(at("smuggled"), `${sha("seed.raw.xz")}  seed.raw.xz\n${readFileSync(at("clear"), "utf8")}`);
      expect(await apply("smuggled", at("seed.raw.xz"))).toMatch(/E_SOURCE_(?:CHECKSUMS|SIGNATURE)/);
      expect(await leftovers(dir)).toEqual([]);
    });
  });
});
