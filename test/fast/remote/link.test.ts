import { readFile, rm, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { afterAll, beforeEach, expect, it } from "vitest";
import type { EngineFace } from "../../../core/engine/engine-face.ts";
import { VERSION } from "../../../core/kit/version.ts";
import { contractOf } from "../../../core/model/index.ts";
import { openEngine } from "../../../core/remote/open-engine.ts";
import { scratch } from "../../support/scratch.ts";

const dir = await scratch("link");
const image = contractOf("disk_image", "resource");
const { PATH } = process.env;
process.env.PATH = [dir, PATH].join(delimiter);
afterAll(() => {
  process.env.PATH = PATH;
});

/** What stands in for ssh and an engine behind it: it notes each start, and answers each request with the same. */
const PROGRAM = `#!${process.execPath}
// What its configuration says (-G): nothing.
if (process.argv[2] === "-G") process.exit();
const { appendFileSync, existsSync, readFileSync } = require("node:fs");
const isMute = existsSync("${dir}/mute");
appendFileSync("${dir}/starts", process.pid + "\\n");
if (!isMute) process.stdout.write("guestkit-engine ready\\n");
require("node:readline").createInterface(process.stdin).on("line", (line) => {
  const { id } = existsSync("${dir}/deaf") ? {} : JSON.parse(line);
  const result = JSON.parse(readFileSync("${dir}/hello", "utf8"));
  if (id !== undefined) process.stdout.write(JSON.stringify({ jsonrpc: "2.0", id, result }) + "\\n");
});
`;
await writeFile(join(dir, "ssh"), PROGRAM, { mode: 0o755 });

const settings = { data_dir: "/d", cache_dir: "/c", runtime_dir: "/r", mirror: null, lock_timeout: 600, owner: null };
const hello = { server: { version: VERSION }, machine_id: "1", base_dir: "/home/me", settings, ours: true };
const says = (more: object) => writeFile(join(dir, "hello"), JSON.stringify({ ...hello, ...more }));
const starts = async () => (await readFile(join(dir, "starts"), "utf8")).trim().split("\n").map(Number);
const held = () => process.getActiveResourcesInfo().filter((each) => each === "ProcessWrap").length;
const asked = (engine: EngineFace, signal?: AbortSignal) => engine.isOurs(image, "/x", { ...(signal && { signal }) });

beforeEach(async () => {
  for (const name of ["starts", "mute"]) await rm(join(dir, name), { force: true });
  await says({});
});

/** An engine whose line is cut once it was up. */
async function cutEngine(name: string, signal?: AbortSignal): Promise<EngineFace> {
  const engine = await openEngine({ host: name, remoteInstall: false, signal });
  await expect(asked(engine)).resolves.toBe(true);
  const [pid = 0] = await starts();
  await writeFile(join(dir, "deaf"), "");
  const lost = asked(engine);
  process.kill(pid, "SIGKILL");
  await expect(lost).rejects.toMatchObject({ code: "E_HOST_LOST" });
  await rm(join(dir, "deaf"));
  return engine;
}

it("opens one line for all that find it cut, and none keeps the command from ending", async () => {
  const before = held();
  const engine = await cutEngine("many");
  expect(await Promise.all([1, 2, 3].map(() => asked(engine)))).toEqual([true, true, true]);
  expect(await starts()).toHaveLength(2);
  expect(held()).toBe(before);
});

it("opens it anew though the call that came first is stopped since", async () => {
  const stop = new AbortController();
  const engine = await cutEngine("stopped", stop.signal);
  stop.abort();
  expect(await asked(engine)).toBe(true);
});

it("gives up to open it once all who wait are stopped, and leaves that to nobody who comes later", async () => {
  const engine = await cutEngine("waiting");
  await writeFile(join(dir, "mute"), "");
  const stops = [new AbortController(), new AbortController()];
  const calls = stops.map(({ signal }) => asked(engine, signal).catch((error: Error) => error.message));
  await expect.poll(async () => (await starts()).length).toBe(2);
  await rm(join(dir, "mute"));
  for (const stop of stops) stop.abort(new Error("stopped"));
  const later = asked(engine);
  expect(await Promise.all(calls)).toEqual(["stopped", "stopped"]);
  expect(await later).toBe(true);
  expect(await starts()).toHaveLength(3);
});

it.each([{ machine_id: "2" }, { base_dir: "/home/other" }, { settings: { ...settings, data_dir: "/e" } }])(
  "does not go on with what answers otherwise: %j",
  async (other) => {
    const engine = await cutEngine(`other ${Object.keys(other)}`.replace(" ", "-"));
    await says(other);
    const changed = { code: "E_HOST_CHANGED", message: expect.stringMatching(/after the line was cut/) };
    for (let times = 0; times < 2; times++) await expect(asked(engine)).rejects.toMatchObject(changed);
    await says({});
    expect(await asked(engine)).toBe(true);
  },
);
