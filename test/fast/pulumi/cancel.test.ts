import { expect, it } from "vitest";
import { Engine, type ResourceImplementation } from "../../../core/engine/index.ts";
import { createProvider } from "../../../pulumi/native/provider.ts";
import { writeStruct } from "../../../pulumi/native/struct.ts";
import { scratch } from "../../support/scratch.ts";

const urn = "urn:pulumi:test::web::guestkit:index:DiskImage::image";

/** Reads that never end by themselves. */
function endless(asked: () => void): ResourceImplementation {
  const forever = ({ signal }: { readonly signal: AbortSignal }) =>
    new Promise<never>((_, reject) => {
      if (signal.aborted) reject(signal.reason);
      signal.addEventListener("abort", () => reject(signal.reason));
      asked();
    });
  return {
    observe: (_, context) => forever(context),
    preflight: (...args) => forever(args.at(-1) as { signal: AbortSignal }),
    create: async () => {},
    update: async () => {},
    remove: async () => {},
  };
}

it("ends by Cancel what only reads, and is not idle before", async () => {
  const folder = await scratch("pulumi-cancel");
  const inputs = writeStruct({ path: `${folder}/web.qcow2`, size: "64M" });
  const known = { urn, id: `${folder}/web.qcow2` };
  const calls = {
    Check: { urn, news: inputs },
    Diff: { ...known, olds: inputs, news: inputs },
    Read: { ...known, properties: inputs, inputs },
    Update: { ...known, olds: inputs, news: inputs, preview: true },
  };
  for (const [name, request] of Object.entries(calls)) {
    const { promise: reading, resolve } = Promise.withResolvers<void>();
    const implementations = { resources: { disk_image: async () => endless(resolve) }, queries: {}, actions: {} };
    const settings = { dataDir: folder, cacheDir: folder, runtimeDir: folder };
    const { service, session } = createProvider(undefined);
    const engine = new Engine({ implementations, settings, baseDir: folder });
    Object.defineProperty(session, "engine", { value: async () => engine });
    type Call = (request: object, signal: AbortSignal) => Promise<object>;
    const call = (service as unknown as Record<string, Call>)[name] as Call;
    const ended = expect(call(request, new AbortController().signal), name).rejects.toThrow("E_INTERRUPTED");
    await reading;
    expect(session.isIdle, name).toBe(false);
    await service.Cancel({}, new AbortController().signal);
    await ended;
    expect(session.isIdle, name).toBe(true);
  }
});
