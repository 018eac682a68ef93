/** Appliances in one archive: read in place as their OVF says, and nothing but their members gets in. */
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, expect, test } from "vitest";
import { guestkit } from "../../support/cli.ts";
import { ovf, type PackedFile, type PackOptions, packOva } from "../../support/ova.ts";
import { run } from "../../support/run.ts";
import { descriptorText } from "../../support/vmdk.ts";
import { codeOf, leftovers, MIB, workbench } from "./workbench.ts";

const bench = await workbench("ova");
const { at, dir } = bench;
const shell = (script: string) => run("sh", ["-euc", `cd "${dir}"; ${script}`]);
await shell(`
  truncate -s 16M seed.raw; mke2fs -q -t ext4 seed.raw
  head -c 3000000 /dev/urandom > noise; debugfs -w -R "write noise noise" seed.raw 2>/dev/null
  qemu-img convert -O vmdk -o subformat=streamOptimized seed.raw disk.vmdk
  qemu-img convert -O vmdk -o subformat=monolithicFlat seed.raw flat.vmdk
  qemu-img convert -O qcow2 seed.raw disk.qcow2; gzip -k disk.vmdk; gzip -k seed.raw
  split -b 100000 -a 9 -d disk.vmdk cut.vmdk.`);

const server = createServer((request, response) => response.end(readFileSync(at((request.url ?? "").slice(1)))));
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
afterAll(() => server.close().closeAllConnections());

let serial = 0;
const config = (url: string, more: object = {}, rest: object = {}) =>
  ({ path: `copy-${++serial}.qcow2`, source: { url, ...more }, ...rest }) as never;
const same = () => run("qemu-img", ["compare", "-f", "qcow2", "-F", "raw", at(`copy-${serial}.qcow2`), at("seed.raw")]);

const pack = (name: string, text: string, members: readonly string[], options: PackOptions = {}) =>
  packOva(dir, name, text, members, options);

test("the only disk of its OVF is copied: from here, from an address, compressed, by every manifest", async () => {
  for (const manifest of ["sha1", "sha256", "sha512"]) {
    const url = await pack(`${manifest}.ova`, ovf([{ name: "disk.vmdk" }]), ["disk.vmdk"], { manifest });
    const wanted = config(url);
    expect((await bench.prepare(wanted)).plan.diagnostics).toEqual([]);
    await bench.apply(wanted);
    await same();
    expect((await bench.prepare(wanted)).plan.action).toBe("none");
  }
  await shell("xz -1k sha256.ova");
  for (const more of [{}, { format: "vmdk" }, { format: "ova" }, { member: "disk.vmdk" }])
    for (const name of ["sha256.ova", "sha256.ova.xz"]) {
      await bench.apply(config(`${origin}/${name}`, more));
      await same();
    }
  expect(await leftovers(dir)).toEqual([]);
});

test("a disk of several members, in pieces, compressed as a whole, in another format, by long names", async () => {
  const long = `${"n".repeat(120)}.vmdk`;
  await shell(`cp disk.vmdk ${long}; mkdir sub; cp flat.vmdk flat-flat.vmdk sub`);
  const pieces = (await shell("ls cut.vmdk.*")).trim().split("\n");
  const rows: readonly (readonly [PackedFile, readonly string[]])[] = [
    [{ name: "flat.vmdk" }, ["flat.vmdk", "flat-flat.vmdk"]],
    [{ name: "sub/flat.vmdk" }, ["sub"]],
    [{ name: "cut.vmdk", file: 'ovf:chunkSize="100000"' }, pieces],
    [{ name: "disk.vmdk.gz", file: 'ovf:compression="gzip"' }, ["disk.vmdk.gz"]],
    [{ name: "disk.qcow2" }, ["disk.qcow2"]],
    [{ name: "seed.raw" }, ["seed.raw"]],
    [{ name: long }, [long]],
  ];
  for (const format of ["gnu", "pax"])
    for (const [disk, members] of rows) {
      await bench.apply(config(await pack("box.ova", ovf([disk]), members, { format })));
      await same();
    }
  expect(await leftovers(dir)).toEqual([]);
});

test("of several disks one is to be named; a tar without a descriptor has members as well", async () => {
  const url = await pack("two.ova", ovf([{ name: "disk.vmdk" }, { name: "disk.qcow2" }]), ["disk.vmdk", "disk.qcow2"]);
  const { plan } = await bench.prepare(config(url));
  expect(plan.diagnostics).toMatchObject([{ severity: "error", code: "E_OVA_DISKS" }]);
  expect(plan.diagnostics[0]?.message).toContain('2 disks: "disk.vmdk", "disk.qcow2"');
  expect(plan.diagnostics[0]?.help).toContain("source.member");
  await bench.apply(config(url, { member: "disk.qcow2" }));
  await same();
  await shell("tar czf plain.tar.gz seed.raw noise");
  await bench.apply(config(at("plain.tar.gz"), { member: "seed.raw", format: "raw" }));
  await same();
  expect(await codeOf(bench.apply(config(at("plain.tar.gz"))))).toBe("E_SOURCE_FORMAT");
  expect(await codeOf(bench.apply(config(url, { member: "gone" })))).toBe("E_OVA_MEMBER");
  expect(await codeOf(bench.apply(config(at("disk.qcow2"), { member: "seed.raw" })))).toBe("E_OVA_TAR");
});

test("the verbs that read an image read the disk of an archive", async () => {
  const url = await pack("read.ova", ovf([{ name: "disk.vmdk" }]), ["disk.vmdk"]);
  const gk = async (...args: string[]) => (await guestkit(args, { cwd: dir })).stdout.toString();
  expect(JSON.parse(await gk("info", url, "--json"))).toMatchObject({ format: "ova", virtual_size: 16 * MIB });
  expect(await gk("ls", url, "/")).toContain("noise");
  const packed = await pack("gz.ova", ovf([{ name: "disk.vmdk.gz", file: 'ovf:compression="gzip"' }]), [
    "disk.vmdk.gz",
  ]);
  const refusal = await guestkit(["ls", packed, "/"], { cwd: dir });
  expect(refusal.stderr.toString()).toContain("is compressed (gzip)");
});

test("what its manifest does not bear out, a cut or damaged archive, a descriptor that is none, is refused", async () => {
  const url = await pack("sound.ova", ovf([{ name: "disk.vmdk" }]), ["disk.vmdk"], { manifest: "sha256" });
  const bytes = readFileSync(url);
  const refused = async (change: (copy: Buffer) => Buffer) => {
    writeFileSync(at("bad.ova"), change(Buffer.from(bytes)));
    return codeOf(bench.apply(config(at("bad.ova"))));
  };
  const middle = bytes.length - 20_000 - (bytes.length % 2);
  expect(
    await refused((copy) =>
      Buffer.concat([copy.subarray(0, middle), Buffer.from([~(copy[middle] ?? 0) & 0xff]), copy.subarray(middle + 1)]),
    ),
  ).toBe("E_SOURCE_MANIFEST");
  expect(await refused((copy) => copy.subarray(0, 100_000))).toBe("E_OVA_TAR");
  const bomb = '<!DOCTYPE x [<!ENTITY a "aaaa">]>';
  for (const text of [`${bomb}${ovf([{ name: "disk.vmdk" }])}`, "<Envelope>", "<a/>"]) {
    await pack("bad.ova", text, ["disk.vmdk"]);
    expect(await codeOf(bench.apply(config(at("bad.ova")))), text).toMatch(/^E_(XML_SYNTAX|OVA_DESCRIPTOR)$/);
  }
  await pack("bad.ova", ovf([{ name: "seed.raw", file: 'ovf:size="16777217"' }]), ["seed.raw"]);
  expect(await codeOf(bench.apply(config(at("bad.ova"))))).toBe("E_OVA_MEMBER");
  await pack("bad.ova", ovf([{ name: "disk.vmdk", disk: 'ovf:parentRef="d1"' }]), ["disk.vmdk"]);
  expect(await codeOf(bench.apply(config(at("bad.ova"))))).toBe("E_OVA_FEATURE");
});

test("a member, or a name in one, that leads out of the archive brings nothing of this host in", async () => {
  const secret = at("secret");
  writeFileSync(secret, Buffer.alloc(512, "what nobody is to see "));
  await shell("ln -s secret linked.vmdk; cp flat-flat.vmdk hard-flat.vmdk; ln -s secret linked-flat.vmdk");
  for (const name of [secret, "../secret", "/etc/passwd", "linked-flat.vmdk", "secret"]) {
    writeFileSync(at("evil.vmdk"), descriptorText("monolithicFlat", [`RW 1 FLAT "${name}" 0`]));
    await pack("evil.ova", ovf([{ name: "evil.vmdk" }]), ["evil.vmdk", "linked-flat.vmdk"]);
    for (const url of [at("evil.ova"), `${origin}/evil.ova`])
      expect(await codeOf(bench.apply(config(url, { allow_backing_files: true }))), `${name} by ${url}`).toBe(
        "E_IMAGE_BACKING",
      );
  }
  for (const name of [secret, "../secret", "linked.vmdk"]) {
    await pack("evil.ova", ovf([{ name }]), ["linked.vmdk"]);
    expect(await codeOf(bench.apply(config(at("evil.ova")))), name).toBe("E_OVA_MEMBER");
  }
  expect(await leftovers(dir)).toEqual([]);
});
