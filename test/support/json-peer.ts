import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { scratch } from "./scratch.ts";

/** A unix socket that does to its clients what a test says; ends with the test. */
export async function peer(onClient: (socket: Socket) => void): Promise<string> {
  const path = join(await scratch("peer"), "sock");
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    onClient(socket);
  });
  server.listen(path);
  await once(server, "listening");
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return path;
}

/** Calls back with each JSON line that a client sends; 0xFF before a line is dropped. */
export function onLines(socket: Socket, onLine: (message: Record<string, unknown>) => void): void {
  let rest = "";
  socket.setEncoding("latin1");
  socket.on("data", (chunk) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(JSON.parse(Buffer.from(line.replaceAll("\xff", ""), "latin1").toString("utf8")));
  });
}
