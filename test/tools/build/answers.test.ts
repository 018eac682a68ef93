import { createServer, type Socket } from "node:net";
import { afterAll, expect, test } from "vitest";
import { codeOf, leftovers, workbench } from "./workbench.ts";

const bench = await workbench("answers");
const body = Buffer.alloc(64 << 10, 1);
const EXACT = `connection: close\r\ncontent-length: ${body.length}`;

/** Whole answers, by what is asked for: head and body as they go over the wire. */
const ANSWERS: Readonly<Record<string, readonly [string, Buffer?]>> = {
  "/plain": [`200 OK\r\n${EXACT}`, body],
  "/ends": ["200 OK\r\nconnection: close", body],
  "/unchanged": ['304 Not Modified\r\netag: "a"'],
  "/part": [`206 Partial Content\r\ncontent-range: bytes 0-65535/65536\r\n${EXACT}`, body],
  "/packed": [`200 OK\r\ncontent-encoding: br\r\n${EXACT}`, body],
  "/negative": ["200 OK\r\nconnection: close\r\ncontent-length: -5", body],
  "/two": [`200 OK\r\ncontent-length: 5\r\n${EXACT}`, body],
  "/less": ["200 OK\r\ncontent-length: 99999\r\nconnection: close", body],
  "/upgrade": ["101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade"],
  "/flood": [`200 OK\r\n${`x: ${"y".repeat(1000)}\r\n`.repeat(300)}${EXACT}`, body],
  "/control": [`200 OK\r\netag: "\x01\x1b[2J"\r\n${EXACT}`, body],
  "/endless": ["302 Found\r\nlocation: /endless\r\ncontent-length: 0"],
};

const sockets = new Set<Socket>();
const server = createServer((socket) => {
  sockets.add(socket);
  socket.on("error", () => {});
  socket.once("data", (request) => {
    const [head, rest] = ANSWERS[String(request).split(" ")[1] ?? ""] ?? ["404 Not Found\r\ncontent-length: 0"];
    socket.write(`HTTP/1.1 ${head}\r\n\r\n`, "latin1");
    socket.end(rest ?? "");
  });
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
afterAll(() => {
  for (const each of sockets) each.destroy();
  server.close();
});
const { port } = server.address() as { port: number };

const make = (path: string) =>
  bench.apply({
    path: `${path.slice(1)}.raw`,
    format: "raw",
    source: { url: `http://127.0.0.1:${port}${path}` },
  } as never);

test("an answer that says no length ends with its connection", async () => {
  for (const path of ["/plain", "/ends"]) expect((await make(path)).state?.virtual_size).toBe(body.length);
});

test("what no question was asked for, and what is no answer at all, makes no image", async () => {
  const bad = Object.keys(ANSWERS).filter((path) => !["/plain", "/ends"].includes(path));
  const codes = await Promise.all(bad.map(async (path) => [path, await codeOf(make(path))]));
  expect(codes).toEqual(bad.map((path) => [path, "E_SOURCE_HTTP"]));
  expect(await leftovers(bench.dir)).toEqual([]);
}, 60_000);
