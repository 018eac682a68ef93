import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { PassThrough, Readable, Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { expect, it, onTestFinished } from "vitest";
import { joinGuest } from "../../../core/communicator/index.ts";
import { machineOf } from "../../support/machine.ts";
import { freePort } from "../../support/ssh-server.ts";

const MACHINE = machineOf({ name: "web" });

const forwardTo = (host_port: number) => ({
  forwards: [
    { network: "default", name: "ssh", protocol: "tcp" as const, host_address: "127.0.0.1", host_port, guest_port: 22 },
  ],
});

/** A server at the end of the machine's forward, which does this with the one connection. */
async function guest(talk: (socket: Socket) => void): Promise<ReturnType<typeof forwardTo>> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on("error", () => {});
    talk(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return forwardTo((server.address() as { port: number }).port);
}

it("passes the caller's end on, and what the guest says after that", async () => {
  const run = await guest(async (socket) => socket.end(`heard ${await text(socket)}`));
  const output = new PassThrough();
  const [said] = await Promise.all([
    text(output),
    joinGuest(MACHINE, run, { input: Readable.from(["a", "b"]), output }),
  ]);
  expect(said).toBe("heard ab");
});

it("passes the guest's end on, and what the caller says after that", async () => {
  let heard: Promise<string> | undefined;
  const run = await guest((socket) => {
    heard = text(socket);
    socket.end("bye");
  });
  const [input, output] = [new PassThrough(), new PassThrough()];
  const joined = joinGuest(MACHINE, run, { input, output });
  expect(await text(output)).toBe("bye");
  input.end("last word");
  await joined;
  expect(await heard).toBe("last word");
});

it("is done when the guest has closed and takes no more, whoever still has something to say", async () => {
  const run = await guest((socket) => socket.end("bye", () => socket.destroy()));
  const [input, output] = [new PassThrough(), new PassThrough()];
  const joined = joinGuest(MACHINE, run, { input, output });
  expect(await text(output)).toBe("bye");
  const more = setInterval(() => input.write("?"), 5);
  await joined.finally(() => clearInterval(more));
  expect(input.destroyed).toBe(true);
});

it("loses no byte of many, and waits for whoever is slow", async () => {
  const bytes = randomBytes(32 << 20);
  const run = await guest((socket) => void socket.pipe(socket));
  let given = 0;
  let [taken, most] = [0, 0];
  const chunks: Buffer[] = [];
  const parts = function* () {
    for (; given < bytes.length; given += 1 << 16) yield bytes.subarray(given, given + (1 << 16));
  };
  const output = new Writable({
    highWaterMark: 1 << 16,
    write(chunk: Buffer, _, done) {
      chunks.push(chunk);
      taken += chunk.length;
      most = Math.max(most, given - taken);
      setImmediate(done);
    },
  });
  await joinGuest(MACHINE, run, { input: Readable.from(parts()), output });
  expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
  // What the kernel's sockets take and no more.
  expect(most).toBeLessThan(bytes.length / 2);
});

it("tells that the connection broke off, after what was said before", async () => {
  const run = await guest((socket) => {
    socket.write("hello");
    socket.once("data", () => socket.resetAndDestroy());
  });
  const [input, output] = [new PassThrough(), new PassThrough()];
  const joined = joinGuest(MACHINE, run, { input, output });
  output.once("data", (said) => input.write(said));
  await expect(joined).rejects.toMatchObject({ code: "E_SSH_LOST", message: expect.stringContaining('"web"') });
});

it("tells whom it could not reach", async () => {
  const ends = () => ({ input: Readable.from([]), output: new PassThrough().resume() });
  const nobody = forwardTo(await freePort());
  await expect(joinGuest(MACHINE, nobody, ends())).rejects.toMatchObject({ code: "E_SSH_UNREACHABLE" });
  const silent = await guest((socket) => socket.resume().end());
  await expect(joinGuest(MACHINE, silent, ends())).rejects.toMatchObject({ code: "E_SSH_UNREACHABLE" });
  await expect(joinGuest(MACHINE, { forwards: [] }, ends())).rejects.toMatchObject({ code: "E_GUEST_NO_WAY" });
});

it("ends where nobody takes what comes", async () => {
  const run = await guest((socket) => socket.write("hello"));
  const gone = Object.assign(new Error("write EPIPE"), { code: "EPIPE" });
  const output = new Writable({ write: (_, __, done) => done(gone) });
  const input = new PassThrough();
  await expect(joinGuest(MACHINE, run, { input, output })).rejects.toBe(gone);
  expect(input.destroyed).toBe(true);
});
