import { serve } from "./transport/serve.ts";

// NODE_COMPILE_CACHE is for this process alone, not for what it starts.
delete process.env.NODE_COMPILE_CACHE;

serve(async () => {
  const [{ createProvider }, { writeLog }] = await Promise.all([
    import("./server/provider.ts"),
    import("./server/log.ts"),
  ]);
  // Many things are made side by side: a stray failure of one must not take the others, and their state, along.
  process.on("unhandledRejection", (reason) => writeLog("error", "unhandled rejection", { reason: String(reason) }));
  return createProvider();
});
