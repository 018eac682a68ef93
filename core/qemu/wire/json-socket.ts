import { connect, type Socket } from "node:net";
import { type JsonItem, type JsonObject, JsonStream } from "./json-stream.ts";
import { type WaitOptions, waiter } from "./waiter.ts";

/** A unix socket that speaks one JSON object a line. */
export interface JsonSocket {
  /** Sends a message; `prefix` is laid before it as it is. */
  send(message: JsonObject, prefix?: Uint8Array): void;
  /** Ends the connection and frees its descriptor at once. */
  close(): void;
}

export interface JsonSocketOptions extends WaitOptions {
  /** Most bytes of one line, as far as it is expected now. */
  readonly limit: () => number;
  readonly onItem: (item: JsonItem) => void;
  /** The connection has ended, by either side. Called once. */
  readonly onClose: () => void;
}

/**
 * Connects to a unix socket. Throws the system's error (`ENOENT`, `ECONNREFUSED`, `EACCES`, `EAGAIN` where more wait
 * than the listener lets), what `late` gives, and the signal's reason.
 */
export async function openJsonSocket(path: string, options: JsonSocketOptions, late: () => Error): Promise<JsonSocket> {
  const socket = connect({ path });
  const connected = waiter<void>(options, late);
  socket.once("connect", () => connected.resolve());
  // An error is always followed by `close`, which is what tells the users of a connected one.
  socket.on("error", (error) => connected.reject(error));
  try {
    await connected.promise;
  } catch (error) {
    socket.destroy();
    throw error;
  }
  return converse(socket, options);
}

function converse(socket: Socket, { limit, onItem, onClose }: JsonSocketOptions): JsonSocket {
  const stream = new JsonStream(limit);
  socket.on("data", (chunk) => {
    for (const item of stream.push(chunk)) if (!socket.destroyed) onItem(item);
  });
  // The peer has ended its half: nothing more will come.
  socket.on("end", () => socket.destroy());
  socket.once("close", onClose);
  return {
    send: (message, prefix = new Uint8Array()) => {
      socket.write(Buffer.concat([prefix, Buffer.from(`${JSON.stringify(message)}\n`)]));
    },
    close: () => socket.destroy(),
  };
}
