export { writeOptions } from "./call-options.ts";
export { Breach, type ClientCall, RpcClient } from "./client.ts";
export { type Guarded, guardFor } from "./files/guard-for.ts";
export { serve } from "./serve.ts";
