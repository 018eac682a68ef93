import { serve } from "./serve.ts";

// NODE_COMPILE_CACHE is for this process alone, not for what it starts.
delete process.env.NODE_COMPILE_CACHE;

/** The engine's address is the one argument that is no option. */
const engine = process.argv.slice(2).find((each) => !each.startsWith("-"));

serve(engine, async () => {
  const { createProvider } = await import("./provider.ts");
  // Many things are made side by side: a stray failure of one must not take the others, and their state, along.
  process.on("unhandledRejection", (reason) =>
    process.stderr.write(`guestkit: unhandled rejection: ${String(reason)}\n`),
  );
  return createProvider(engine);
});
