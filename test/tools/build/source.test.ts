import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { basename } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import type { ApplyError } from "../../../core/engine/apply-error.ts";
import type { Progress } from "../../../core/kit/context.ts";
import { reportError } from "../../../core/kit/errors.ts";
import { guestkitText } from "../../support/cli.ts";
import { run } from "../../support/run.ts";
import { filesWith } from "../../support/secret-watch.ts";
import { codeOf, leftovers, MIB, virtualSize, workbench } from "./workbench.ts";

const bench = await workbench("source");
const { at } = bench;
await run("truncate", ["-s", "16M", at("seed.raw")]);
await run("mke2fs", ["-q", "-t", "ext4", at("seed.raw")]);
await run("sh", [
  "-c",
  `head -c 3000000 /dev/urandom > ${at("noise")} && debugfs -w -R "write ${at("noise")} noise" ${at("seed.raw")}`,
]);
await run("qemu-img", ["convert", "-O", "qcow2", at("seed.raw"), at("seed.qcow2")]);
const bytes = readFileSync(at("seed.qcow2"));
const sha256 = createHash("sha256").update(bytes).digest("hex");

type Handler = (request: IncomingMessage, response: ServerResponse) => void;
const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.close().closeAllConnections();
});

async function serve(handler: Handler, tls?: { key: Buffer; cert: Buffer }) {
  const server = tls ? (createTlsServer(tls, handler) as unknown as Server) : createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  servers.push(server);
  return `${tls ? "https" : "http"}://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Serves the image with ranges; `cut` ends a response after that many bytes, once per element. */
function imageHandler(log: IncomingMessage[], cut: number[] = [], etag = '"one"'): Handler {
  return (request, response) => {
    log.push(request);
    if (request.headers["if-none-match"] === etag) return void response.writeHead(304).end();
    const range = /^bytes=(\d+)-/.exec(request.headers.range ?? "");
    const from = range && request.headers["if-range"] === etag ? Number(range[1]) : 0;
    const body = bytes.subarray(from);
    response.writeHead(from > 0 ? 206 : 200, {
      "content-length": body.length,
      etag,
      ...(from > 0 && { "content-range": `bytes ${from}-${bytes.length - 1}/${bytes.length}` }),
    });
    const end = cut.shift();
    if (end === undefined) return void response.end(body);
    response.write(body.subarray(0, end), () => setTimeout(() => response.destroy(), 20));
  };
}

let serial = 0;
const config = (url: string, more: object = {}, rest: object = {}) =>
  ({ path: `copy-${++serial}.qcow2`, source: { url, ...more }, ...rest }) as never;

async function same(path: string): Promise<void> {
  await run("qemu-img", ["compare", "-f", "qcow2", "-F", "raw", at(path), at("seed.raw")]);
}

test("a path and a file: address are copied, converted and verified", async () => {
  for (const url of [at("seed.qcow2"), `file://${at("seed.qcow2")}`, at("seed.raw")]) {
    const wanted = config(url, url.endsWith("raw") ? {} : { sha256 });
    await bench.apply(wanted);
    await same(`copy-${serial}.qcow2`);
    expect((await bench.prepare(wanted)).plan.action).toBe("none");
  }
  expect(await codeOf(bench.apply(config(at("seed.raw"), { sha256 })))).toBe("E_SOURCE_SHA256");
  expect(await codeOf(bench.apply(config(at("nowhere"))))).toBe("E_SOURCE_MISSING");
  expect(await leftovers(bench.dir)).toEqual([]);
});

test("a download that is cut goes on where it stopped, and is fetched once", async () => {
  const log: IncomingMessage[] = [];
  const url = `${await serve(imageHandler(log, [1_000_000, 700_000]))}/image.qcow2`;
  const seen: number[] = [];
  const wanted = config(url, { sha256 });
  await bench.apply(wanted, {
    progress: (event) => event.phase === "downloading" && event.done && seen.push(event.done),
  });
  await same(`copy-${serial}.qcow2`);
  expect(log.map((each) => each.headers.range)).toEqual([undefined, expect.any(String), expect.any(String)]);
  expect(Number(/\d+/.exec(log[2]?.headers.range ?? "")?.[0])).toBeGreaterThan(1_000_000);
  expect(seen.at(-1)).toBe(bytes.length);
  expect(seen.toSorted((a, b) => a - b)).toEqual(seen);
  await bench.apply(config(url, { sha256 }));
  expect(log).toHaveLength(3);
});

test("without a digest the cache asks whether the file changed", async () => {
  const log: IncomingMessage[] = [];
  const url = `${await serve(imageHandler(log))}/again.qcow2`;
  await bench.apply(config(url));
  await bench.apply(config(url));
  expect(log.map((each) => each.headers["if-none-match"])).toEqual([undefined, '"one"']);
  await same(`copy-${serial}.qcow2`);
});

test("a new signature is no change, and finds what was downloaded by another", async () => {
  const log: IncomingMessage[] = [];
  const url = `${await serve(imageHandler(log))}/signed.qcow2?versionId=1`;
  const mark = "mark-5e1f";
  const signed = (serial: number) => `${url}&X-Amz-Signature=${mark}${serial}&X-Amz-Date=${serial}#${mark}`;
  const told: unknown[] = [];
  await bench.apply(config(signed(1)), { progress: (event) => told.push(event) });
  const again = { ...(config(signed(2)) as object), path: `copy-${serial - 1}.qcow2` } as never;
  expect((await bench.prepare(again)).plan.action).toBe("none");
  await bench.apply(config(signed(3)));
  expect(
    log.map((each) => [each.url?.includes(`${mark}${log.indexOf(each) === 0 ? 1 : 3}`), each.headers["if-none-match"]]),
  ).toEqual([
    [true, undefined],
    [true, '"one"'],
  ]);
  expect((await bench.prepare(config(`${signed(4)}`.replace("versionId=1", "versionId=2")))).plan.action).toBe(
    "create",
  );
  expect(JSON.stringify(told)).not.toContain(mark);
  expect(await filesWith([mark], [bench.dir])).toEqual([]);
});

test("a file that changed between two tries is fetched anew", async () => {
  const log: IncomingMessage[] = [];
  const [first, second] = [imageHandler(log, [500_000], '"old"'), imageHandler(log, [], '"new"')];
  const url = `${await serve((...args) => (log.length === 0 ? first : second)(...args))}/moving.qcow2`;
  await bench.apply(config(url));
  await same(`copy-${serial}.qcow2`);
});

test("a wrong digest, 404 and endless redirects are named at once; nothing is left", async () => {
  const log: IncomingMessage[] = [];
  const origin = await serve((request, response) => {
    if (request.url === "/loop") return void response.writeHead(302, { location: "/loop" }).end();
    if (request.url === "/image") return imageHandler(log)(request, response);
    log.push(request);
    response.writeHead(404).end();
  });
  expect(await codeOf(bench.apply(config(`${origin}/image`, { sha256: "0".repeat(64) })))).toBe("E_SOURCE_SHA256");
  await expect(bench.apply(config(`${origin}/missing`))).rejects.toThrow(/answered 404/);
  expect(log).toHaveLength(2);
  await expect(bench.apply(config(`${origin}/loop`))).rejects.toThrow(/redirects more than/);
  await expect(stat(at(`copy-${serial}.qcow2`))).rejects.toThrow("ENOENT");
  expect(await leftovers(bench.dir)).toEqual([]);
});

test("a busy server is asked again; declared headers stay with their origin", async () => {
  const log: IncomingMessage[] = [];
  const other = await serve(imageHandler(log));
  let busy = 2;
  const origin = await serve((request, response) => {
    log.push(request);
    if (busy-- > 0) return void response.writeHead(503).end();
    response.writeHead(307, { location: `${other}/image` }).end();
  });
  await bench.apply(config(`${origin}/busy`, { headers: { "x-token": "t0k3n" } }));
  expect(log.map((each) => each.headers["x-token"])).toEqual(["t0k3n", "t0k3n", "t0k3n", undefined]);
  expect(await run("sh", ["-c", `grep -l t0k3n ${bench.dir}/.*.guestkit.json || true`])).toBe("");
});

test("https needs an authority that is known; ca_file makes one known", async () => {
  const subject = ["-subj", "/CN=guestkit test", "-addext", "subjectAltName=IP:127.0.0.1"];
  const files = ["-keyout", at("key.pem"), "-out", at("ca.pem")];
  await run("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", ...files, ...subject]);
  const tls = { key: readFileSync(at("key.pem")), cert: readFileSync(at("ca.pem")) };
  const url = `${await serve(imageHandler([]), tls)}/secure.qcow2`;
  expect(await codeOf(bench.apply(config(url)))).toBe("E_SOURCE_HTTP");
  await bench.apply(config(url, { ca_file: at("ca.pem") }));
  await same(`copy-${serial}.qcow2`);
});

/** A proxy that lets in whoever shows `authorization`. */
async function serveProxy(port: string, tunnels: string[], authorization?: string): Promise<string> {
  const proxy = await serve((_, response) => response.writeHead(400).end());
  servers.at(-1)?.on("connect", (request, socket, head) => {
    socket.on("error", () => {});
    if (authorization !== undefined && request.headers["proxy-authorization"] !== authorization) {
      return void socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
    }
    tunnels.push(request.url ?? "");
    const upstream = connect(Number(port), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    socket.on("error", () => upstream.destroy());
    upstream.on("error", () => socket.destroy());
  });
  return proxy;
}

test("a declared proxy is used", async () => {
  const target = new URL(await serve(imageHandler([])));
  const tunnels: string[] = [];
  const proxy = await serveProxy(target.port, tunnels);
  await bench.apply(config(`http://image.invalid:${target.port}/proxied.qcow2`, { proxy }));
  expect(tunnels).toEqual([`image.invalid:${target.port}`]);
  await same(`copy-${serial}.qcow2`);
});

test("a proxy lets in by proxy_authorization, or by the environment's address; neither is told", async () => {
  const target = new URL(await serve(imageHandler([])));
  const url = (name: string) => `http://image.invalid:${target.port}/${name}`;
  const word = "mark-9d0c";
  const basic = `Basic ${Buffer.from(`me:${word}`).toString("base64")}`;
  const tunnels: string[] = [];
  const proxy = await serveProxy(target.port, tunnels, basic);
  const told: unknown[] = [];
  const watched = { progress: (event: unknown) => told.push(event) };
  await bench.apply(config(url("a"), { proxy, proxy_authorization: basic }), watched);
  const refusal = await bench.apply(config(url("b"), { proxy, proxy_authorization: `${basic}x` })).catch(String);
  expect(refusal).toMatch(/407/);
  const inside = proxy.replace("//", `//me:${word}@`);
  expect(await codeOf(bench.apply(config(url("c"), { proxy: inside })))).toBe("E_ADDRESS_LOGIN");
  vi.stubEnv("http_proxy", inside);
  await bench.apply(config(url("c")), watched);
  vi.stubEnv("http_proxy", inside.replace(word, `${word}-wrong`));
  const other = await bench
    .apply(config(url("d")), watched)
    .catch((error: ApplyError) => reportError(error.cause ?? error));
  vi.unstubAllEnvs();
  expect(tunnels).toHaveLength(2);
  const said = JSON.stringify([told, refusal, other]);
  expect(said).toMatch(/407/);
  for (const secret of [word, basic.slice(6, 20)]) {
    expect(said).not.toContain(secret);
    expect(await filesWith([secret], [bench.dir])).toEqual([]);
  }
});

test("a downloaded image that leans on files of this host is refused", async () => {
  writeFileSync(at("host-secret"), "x".repeat(65536));
  await run("qemu-img", ["create", "-q", "-f", "qcow2", "-b", at("host-secret"), "-F", "raw", at("evil.qcow2")]);
  const origin = await serve((request, response) => response.end(readFileSync(at((request.url ?? "").slice(1)))));
  expect(await codeOf(bench.apply(config(`${origin}/evil.qcow2`)))).toBe("E_SOURCE_BACKING");
});

test("size grows the copy, and smaller than the source's is refused", async () => {
  await bench.apply(config(at("seed.qcow2"), {}, { size: "64M" }));
  expect(await virtualSize(at(`copy-${serial}.qcow2`))).toBe(64 * MIB);
  const { plan } = await bench.prepare(config(at("seed.qcow2"), {}, { size: "8M" }));
  expect(plan.diagnostics).toMatchObject([{ code: "E_SIZE_SMALLER", path: ["size"] }]);
  const origin = await serve(imageHandler([]));
  expect(await codeOf(bench.apply(config(`${origin}/small`, { sha256 }, { size: "8M" })))).toBe("E_SIZE_SMALLER");
});

test("many images from one address in one go download it once", async () => {
  const log: IncomingMessage[] = [];
  const url = `${await serve(imageHandler(log))}/shared.qcow2`;
  const digest = { sha256 };
  await run("rm", ["-rf", at("cache/downloads")]);
  await Promise.all(Array.from({ length: 6 }, () => bench.apply(config(url, digest))));
  expect(log).toHaveLength(1);
  expect(await readdir(at("cache/downloads"))).toEqual([sha256]);
});

test("many at once are one answer of the server, though each would be another; the next one is asked for", async () => {
  const log: IncomingMessage[] = [];
  const allWait = Promise.withResolvers<void>();
  const url = `${await serve(async (...args) => {
    await allWait.promise;
    imageHandler(log, [], `"${log.length}"`)(...args);
  })}/moving.qcow2`;
  let waiting = 6;
  const progress = (event: Progress) => void (event.phase === "downloading" && --waiting === 0 && allWait.resolve());
  await Promise.all(Array.from({ length: 6 }, () => bench.apply(config(url), { progress })));
  expect(log).toHaveLength(1);
  await bench.apply(config(url));
  expect(log).toHaveLength(2);
  const headers = { accept: "image" };
  await Promise.all([bench.apply(config(url)), bench.apply(config(url, { headers }))]);
  expect(log).toHaveLength(4);
});

test("an address keeps the newest answer alone, under the name of its content, and takes no other for it", async () => {
  await run("rm", ["-rf", at("cache/downloads")]);
  const log: IncomingMessage[] = [];
  const bodies = [bytes, readFileSync(at("seed.raw")), bytes];
  const url = `${await serve((request, response) => {
    log.push(request);
    if (request.headers["if-none-match"] === `"3"`) return void response.writeHead(304).end();
    response.writeHead(200, { etag: `"${log.length}"` }).end(bodies[log.length - 1]);
  })}/changing`;
  const names = async () => {
    const [key = ""] = await readdir(at("cache/downloads"));
    return (await readdir(at(`cache/downloads/${key}`))).map((name) => at(`cache/downloads/${key}/${name}`)).toSorted();
  };
  for (const _ of bodies) await bench.apply(config(url));
  const [whole = "", note] = await names();
  expect([basename(whole), basename(note ?? ""), (await names()).length]).toEqual([sha256, "note.json", 2]);
  // Whoever touches the cache has it fetched anew.
  await run("touch", [whole]);
  bodies.push(bytes);
  await bench.apply(config(url));
  expect(log.map((each) => each.headers["if-none-match"])).toEqual([undefined, '"1"', '"2"', undefined]);
  await same(`copy-${serial}.qcow2`);
});

test("cache prune lets a download be that is under way", async () => {
  const log: IncomingMessage[] = [];
  let release = () => {};
  const origin = await serve((request, response) => {
    log.push(request);
    response.writeHead(200, { "content-length": bytes.length, etag: '"slow"' }).write(bytes.subarray(0, 500_000));
    release = () => response.end(bytes.subarray(500_000));
  });
  const begun = Promise.withResolvers<void>();
  const applied = bench.apply(config(`${origin}/slow.qcow2`), {
    progress: (event) => event.phase === "downloading" && begun.resolve(),
  });
  await Promise.race([applied, begun.promise]);
  await guestkitText(["cache", "prune", "--all"], { env: { GUESTKIT_CACHE_DIR: at("cache") } });
  release();
  await applied;
  expect(log).toHaveLength(1);
  await same(`copy-${serial}.qcow2`);
});
