import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterAll, expect, it } from "vitest";
import { get, openDispatcher } from "../../../core/build/request.ts";

/** A server of the network: all names lead to it, by way of the proxy that it is as well. */
const server = createServer((request, response) => {
  const location = request.headers["x-location"];
  if (request.url === "/a") response.writeHead(302, { location: String(location) }).end();
  else response.end("served");
});
server.on("connect", (_, socket) => {
  socket.on("error", () => {});
  const onward = connect((server.address() as AddressInfo).port, "127.0.0.1", () => {
    socket.write("HTTP/1.1 200 OK\r\n\r\n");
    socket.pipe(onward).pipe(socket);
  });
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
afterAll(() => server.close().closeAllConnections());

async function redirected(location: string): Promise<string> {
  const proxy = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const file = { url: "http://images.example/a", headers: {}, proxy, proxyAuthorization: null, caFile: null };
  const dispatcher = await openDispatcher(file);
  try {
    const response = await get(file, { "x-location": location }, dispatcher, new AbortController().signal);
    return await response.body.text();
  } catch (error) {
    return (error as { code: string }).code;
  } finally {
    await dispatcher.destroy();
  }
}

it.each([
  "http://127.0.0.1:9000/secret",
  "http://2130706433/",
  "http://0x7f.1/",
  "http://0/",
  "http://localhost:9000/",
  "http://a.localhost./",
  "http://[::1]/",
  "http://[::]/",
  "http://[::ffff:127.0.0.1]/",
  "http://[fe80::1]/",
  "http://169.254.169.254/latest/meta-data",
  "//127.0.0.1/",
  "file:///etc/shadow",
  "http://[::zz]/",
])("a server leads to no address of this host, nor of its link: %s", async (location) => {
  expect(await redirected(location)).toBe("E_SOURCE_HTTP");
});

it("another address is followed", async () => {
  for (const each of ["/b", "http://mirror.example/b", "http://192.0.2.7/b"]) {
    expect(await redirected(each)).toBe("served");
  }
});
