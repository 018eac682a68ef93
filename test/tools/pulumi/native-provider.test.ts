import { once } from "node:events";
import { mkdir, readdir, rename, stat } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { listenGrpc } from "../../../core/grpc/index.ts";
import { DiffResponseDiffChanges as Changes, PropertyDiffKind as Kind } from "../../../pulumi/generated/protocol.ts";
import { readStruct, writeStruct } from "../../../pulumi/native/struct.ts";
import { NativeProvider } from "../../support/native-provider.ts";
import { run } from "../../support/run.ts";
import { scratch } from "../../support/scratch.ts";

const urn = "urn:pulumi:test::web::guestkit:index:DiskImage::image";
const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

let folder: string;
let provider: NativeProvider;
beforeEach(async () => {
  folder = await scratch("pulumi-native");
  provider = await NativeProvider.start({ GUESTKIT_CACHE_DIR: join(folder, "cache") });
  await provider.call("Configure", { args: writeStruct({}) });
});
afterEach(() => provider[Symbol.asyncDispose]());

const image = (more: object = {}) => writeStruct({ path: join(folder, "web.qcow2"), size: "64M", ...more });

describe("the native provider, as Pulumi's engine calls it", () => {
  it("refuses settings that it does not know, by name", async () => {
    const news = writeStruct({ hots: "lab", remoteInstall: "maybe", version: "1.0.0", mirror: "http://mirror" });
    const { failures = [] } = await provider.call("CheckConfig", { urn: "", news });
    expect(failures).toEqual([
      { property: "hots", reason: expect.stringContaining("Did you mean host?") },
      { property: "remoteInstall", reason: expect.stringContaining("neither true nor false") },
    ]);
  });

  it("tells its version and its schema before it is configured", async () => {
    await using fresh = await NativeProvider.start({});
    expect((await fresh.call("GetPluginInfo", {})).version).toMatch(/^\d+\.\d+\.\d+/);
    const schema = JSON.parse((await fresh.call("GetSchema", {})).schema ?? "") as { resources: object };
    expect(Object.keys(schema.resources)).toContain("guestkit:index:DiskImage");
    await expect(fresh.call("Check", { urn: "urn:pulumi:a::b::guestkit:index:Nothing::x" })).rejects.toThrow(
      "E_CONTRACT_UNKNOWN",
    );
  });

  it("previews what is not there yet, makes it, and finds nothing to do", async () => {
    const { inputs, failures } = await provider.call("Check", { urn, news: image() });
    expect(failures).toBeUndefined();
    const foreseen = await provider.call("Create", { urn, properties: inputs, preview: true });
    expect(foreseen.id).toBeUndefined();
    expect(readStruct(foreseen.properties)).toMatchObject({
      virtualSize: 64 << 20,
      actualSize: "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
    });
    await expect(stat(join(folder, "web.qcow2"))).rejects.toThrow();

    const { id, properties } = await provider.call("Create", { urn, properties: inputs });
    const same = await provider.call("Diff", { urn, id, olds: properties, news: inputs });
    expect(same).toMatchObject({ changes: Changes.DIFF_NONE, hasDetailedDiff: true });
    const other = await provider.call("Diff", {
      urn,
      id,
      olds: properties,
      news: image({ size: "1G", format: "raw" }),
    });
    expect(other).toMatchObject({ changes: Changes.DIFF_SOME, replaces: ["format"], deleteBeforeReplace: true });
    expect(other.detailedDiff).toEqual({
      format: { kind: Kind.UPDATE_REPLACE, inputDiff: false },
      size: { kind: Kind.UPDATE, inputDiff: false },
    });
    await provider.call("Delete", { urn, id, properties });
    expect((await provider.call("Read", { urn, id, properties })).id).toBeUndefined();
  });

  it("gives back what came in as a secret as one, and marks what the contract calls so", async () => {
    const files = [{ path: "/secret", secretContent: "hidden" }];
    const news = image({ files, size: { ...SECRET, value: "64M" } });
    const { inputs } = await provider.call("Check", { urn, news });
    expect(readStruct(inputs)).toMatchObject({
      size: { ...SECRET, value: "64M" },
      files: [{ secretContent: { ...SECRET, value: "hidden" } }],
    });
    const made = await provider.call("Create", { urn, properties: image({ size: { ...SECRET, value: "64M" } }) });
    expect(readStruct(made.properties).size).toEqual({ ...SECRET, value: "64M" });
  });

  it("reads what an import names as the declaration that it stands for, and takes it over with its first change", async () => {
    const path = join(folder, "hand.qcow2");
    await run("qemu-img", ["create", "-q", "-f", "qcow2", path, "32M"]);
    const read = await provider.call("Read", { urn, id: path });
    expect(readStruct(read.inputs)).toEqual({ path, size: 32 << 20 });
    const olds = read.properties;
    const same = await provider.call("Diff", { urn, id: path, olds, news: read.inputs });
    expect(same.changes).toBe(Changes.DIFF_NONE);
    await expect(stat(join(folder, ".hand.qcow2.guestkit.json"))).rejects.toThrow();

    const news = writeStruct({ path, size: "64M" });
    const foreseen = await provider.call("Update", { urn, id: path, olds, news, preview: true });
    expect(readStruct(foreseen.properties)).toMatchObject({ virtualSize: 64 << 20 });
    await expect(stat(join(folder, ".hand.qcow2.guestkit.json"))).rejects.toThrow();
    const grown = await provider.call("Update", { urn, id: path, olds, news });
    expect(readStruct(grown.properties)).toMatchObject({ virtualSize: 64 << 20 });
    expect(readStruct(grown.properties)).not.toHaveProperty("__guestkitImported");
    await provider.call("Delete", { urn, id: path, properties: grown.properties });
    await expect(stat(path)).rejects.toThrow();
  });

  it("keeps an import by its whole id, and touches nothing else by an id that is not its state's own", async () => {
    const [here, there] = [join(folder, "here"), join(folder, "there")];
    for (const each of [here, there]) {
      await mkdir(each);
      await run("qemu-img", ["create", "-q", "-f", "qcow2", join(each, "hand.qcow2"), "32M"]);
    }
    const env = { GUESTKIT_CACHE_DIR: join(folder, "cache") };
    await using inHere = await NativeProvider.startIn(here, env);
    await using inThere = await NativeProvider.startIn(there, env);
    for (const each of [inHere, inThere]) await each.call("Configure", { args: writeStruct({}) });
    const { id, properties, inputs } = await inHere.call("Read", { urn, id: "hand.qcow2" });
    expect(id).toBe(join(here, "hand.qcow2"));

    // As a release before kept it.
    const typed = { urn, id: "hand.qcow2" };
    const change = { ...typed, olds: properties, news: inputs };
    for (const asked of [
      inThere.call("Diff", change),
      inThere.call("Update", change),
      inThere.call("Update", { ...change, preview: true }),
      inThere.call("Delete", { ...typed, properties }),
    ]) {
      await expect(asked).rejects.toThrow("E_STATE_ID");
    }
    expect((await readdir(there)).toSorted()).toEqual(["hand.qcow2"]);
    const refreshed = await inThere.call("Read", { ...typed, properties, inputs });
    expect(refreshed.id).toBe(id);
    await inThere.call("Delete", { urn, id, properties: refreshed.properties });
    expect(await readdir(here)).toEqual([]);
    expect(await readdir(there)).toEqual(["hand.qcow2"]);
  });

  it("shows no secret in a cause or a refusal, whatever the contract calls the field", async () => {
    const said: string[] = [];
    const answer = (path: string) =>
      async function* (bytes: Uint8Array) {
        said.push(`${path} ${Buffer.from(bytes).toString("latin1")}`);
        yield new Uint8Array(0);
      };
    const engine = await listenGrpc({ address: 0, answer });
    try {
      await provider.call("Attach", { address: `127.0.0.1:${(engine.address() as AddressInfo).port}` });
      const { id, properties } = await provider.call("Create", { urn, properties: image() });
      const change = { urn, id, olds: properties };
      const backingFile = { ...SECRET, value: join(folder, "s3cr3t.qcow2") };
      await provider.call("Diff", { ...change, news: image({ size: { ...SECRET, value: "96M" } }) });
      await provider.call("Diff", { ...change, news: image({ backingFile, size: undefined }) }).catch(() => {});
      const news = image({ format: { ...SECRET, value: "s3cr3t-format" } });
      const { failures } = await provider.call("Check", { urn, news });
      await expect.poll(() => said.filter((each) => each.includes("(secret) -> (secret)")).length).toBeGreaterThan(0);
      expect(failures.length).toBeGreaterThan(0);
      expect([...said, JSON.stringify(failures)].join("\n")).not.toMatch(/s3cr3t|96M|100663296/);
    } finally {
      engine.close();
    }
  });

  it("leaves alone what ignoreChanges names, whatever became of it", async () => {
    const inputs = image();
    const { id, properties } = await provider.call("Create", { urn, properties: inputs });
    const path = String(id);
    await run("qemu-img", ["resize", "-q", path, "128M"]);
    const seen = { urn, id, olds: properties };
    const diff = (ignoreChanges: string[], news = inputs) =>
      provider.call("Diff", { ...seen, news, ...(ignoreChanges.length > 0 && { ignoreChanges }) });
    expect((await diff([])).diffs).toEqual(["size"]);
    expect((await diff(["size"])).changes).toBe(Changes.DIFF_NONE);

    // With another change it is no more done, and what is there is told.
    const closed = image({ mode: "0600" });
    expect((await diff(["size"], closed)).diffs).toEqual(["mode"]);
    const news = closed;
    const foreseen = await provider.call("Update", { ...seen, news, ignoreChanges: ["size"], preview: true });
    expect(readStruct(foreseen.properties)).toMatchObject({ virtualSize: 128 << 20, mode: "0600" });
    const updated = await provider.call("Update", { ...seen, news, ignoreChanges: ["size"] });
    expect(readStruct(updated.properties)).toMatchObject({ virtualSize: 128 << 20, mode: "0600" });

    await run("qemu-img", ["convert", "-O", "raw", path, join(folder, "other")]);
    await rename(join(folder, "other"), path);
    expect((await diff(["size"])).replaces).toEqual(["format"]);
    expect((await diff(["size", "format"])).replaces).toBeUndefined();
  });

  it("looks on no other machine for what was made on one", async () => {
    const { id, properties } = await provider.call("Create", { urn, properties: image() });
    const elsewhere = { ...readStruct(properties), __guestkitMachine: { host: "far", id: "0".repeat(32) } };
    const olds = writeStruct(elsewhere);
    await expect(provider.call("Diff", { urn, id, olds, news: image() })).rejects.toThrow("E_HOST_CHANGED");
    await expect(provider.call("Delete", { urn, id, properties: olds })).rejects.toThrow("E_HOST_CHANGED");
    expect((await stat(String(id))).isFile()).toBe(true);
  });

  it("ends all that runs when it is cancelled, or when its time is over, and leaves nothing", async () => {
    // It answers, and then never goes on.
    const server = createServer(
      (_, response) => void response.writeHead(200, { "content-length": 1 << 20 }).write("x"),
    );
    await once(server.listen(0, "127.0.0.1"), "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/disk.raw`;
    const make = (index: number, timeout?: number) => {
      const properties = writeStruct({
        path: join(folder, `${index}.raw`),
        format: "raw",
        source: { url, format: "raw" },
      });
      return provider.call("Create", { urn, properties, ...(timeout && { timeout }) });
    };
    try {
      await expect(make(0, 1)).rejects.toThrow("E_TIMEOUT");
      const asked = once(server, "request");
      const ten = Array.from({ length: 10 }, (_, index) => make(index));
      const ended = Promise.allSettled(ten);
      await asked;
      await provider.call("Cancel", {});
      expect((await ended).map(({ status }) => status)).toEqual(ten.map(() => "rejected"));
      for (const index of ten.keys()) await expect(stat(join(folder, `${index}.raw`))).rejects.toThrow();
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it("ends when the engine that started it is gone", async () => {
    const engine = createServer().listen(0, "127.0.0.1");
    await once(engine, "listening");
    const started = await NativeProvider.start({}, `127.0.0.1:${(engine.address() as AddressInfo).port}`);
    await started.call("GetPluginInfo", {});
    const ended = once(started.process, "exit");
    engine.close();
    started.hangUp();
    expect(await ended).toEqual([0, null]);
  });
});
