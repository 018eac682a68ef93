import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import type { Bed } from "../bed.ts";
import { declared, type Look, type Writer } from "../writer.ts";

/** Not to be compressed away, and long enough for several pieces. */
const BODY = Buffer.concat(
  Array.from({ length: 4096 }, (_, number) => createHash("sha512").update(String(number)).digest()),
);
const LOGIN = "Basic YTpi";
const SHA256 = createHash("sha256").update(BODY).digest("hex");

/** A server of the test's own, a proxy to itself too; it ends with the process. */
const server = createServer((request, response) => {
  if (request.url === "/secret.raw" && request.headers.authorization !== LOGIN) {
    response.writeHead(401).end();
    return;
  }
  const from = Number(/^bytes=(\d+)/.exec(request.headers.range ?? "")?.[1] ?? 0);
  const range = from > 0 ? { "content-range": `bytes ${from}-${BODY.length - 1}/${BODY.length}` } : {};
  response.writeHead(from > 0 ? 206 : 200, { etag: '"x"', "content-length": BODY.length - from, ...range });
  response.end(BODY.subarray(from));
});
server.on("connect", (_request, socket) => {
  const onward = connect(port(), "127.0.0.1", () => socket.write("HTTP/1.1 200 OK\r\n\r\n"));
  for (const [one, other] of [
    [socket, onward],
    [onward, socket],
  ] as const) {
    one.pipe(other);
    one.on("error", () => other.destroy());
  }
  onward.unref();
});
const port = () => (server.address() as AddressInfo).port;
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
server.unref();
const base = `http://127.0.0.1:${port()}`;

const info: Look = ["info", "a.img", "--json"];
const from = (source: object) => ({
  disk_image: { a: { path: "a.img", format: "raw", source: { url: `${base}/disk.raw`, format: "raw", ...source } } },
});

/** What a plan that looks at the world anew would do. */
async function changes(bed: Bed): Promise<string> {
  const plan = JSON.parse(await bed.must(["plan", "--json"])) as { changes: { action: string }[] };
  return JSON.stringify(plan.changes.map(({ action }) => action));
}

export const downloads: readonly Writer[] = [
  declared("download", null, () => from({}), { "a.img": [info] }),
  declared("download-login", null, () => from({ url: `${base}/secret.raw`, headers: { authorization: LOGIN } }), {
    "a.img": [info],
  }),
  declared("download-proxy", null, () => from({ url: "http://disks.example/disk.raw", proxy: base }), {
    "a.img": [info],
  }),
  {
    ...declared("cache-prune", from({}), () => from({}), { "a.img": [info, changes] }),
    command: ["cache", "prune", "--all"],
  },
  declared("download-digest", null, () => from({ sha256: SHA256 }), { "a.img": [info] }),
];
