import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { declared, type Look, type Writer } from "../writer.ts";

/** Not to be compressed away, and long enough for several pieces. */
const BODY = Buffer.concat(
  Array.from({ length: 4096 }, (_, number) => createHash("sha512").update(String(number)).digest()),
);
const SHA256 = createHash("sha256").update(BODY).digest("hex");

/** A server of the test's own; it ends with the process. */
const server = createServer((request, response) => {
  const from = Number(/^bytes=(\d+)/.exec(request.headers.range ?? "")?.[1] ?? 0);
  const range = from > 0 ? { "content-range": `bytes ${from}-${BODY.length - 1}/${BODY.length}` } : {};
  response.writeHead(from > 0 ? 206 : 200, { etag: '"x"', "content-length": BODY.length - from, ...range });
  response.end(BODY.subarray(from));
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
server.unref();
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/disk.raw`;

const info: Look = ["info", "a.img", "--json"];
const from = (source: object) => ({
  disk_image: { a: { path: "a.img", format: "raw", source: { url, format: "raw", ...source } } },
});

export const downloads: readonly Writer[] = [
  declared("download", null, () => from({}), { "a.img": [info] }),
  declared("download-digest", null, () => from({ sha256: SHA256 }), { "a.img": [info] }),
];
