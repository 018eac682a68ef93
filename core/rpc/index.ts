export { writeOptions } from "./call-options.ts";
export { Breach, type ClientCall, RpcClient } from "./client.ts";
export { serve } from "./serve.ts";
