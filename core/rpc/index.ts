export { Breach, type ClientCall, RpcClient } from "./client.ts";
export { serve } from "./serve.ts";
