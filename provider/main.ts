import { serve } from "./transport/serve.ts";

// NODE_COMPILE_CACHE is for this process alone, not for what it starts.
delete process.env.NODE_COMPILE_CACHE;

await serve(async () => (await import("./server/provider.ts")).createProvider());
