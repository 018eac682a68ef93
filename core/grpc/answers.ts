import type { Codec } from "./protobuf.ts";
import { UnknownCall } from "./status.ts";
import type { Handler } from "./stream.ts";

type Call = (request: object, signal: AbortSignal) => object | AsyncIterable<object> | Promise<object>;

/** Path of a call -> names of its messages. */
type Calls = Readonly<Record<string, readonly [string, string, string?]>>;

/**
 * What answers the calls of one service: its functions by the calls' names. Undefined where the protocol has no such call;
 * one that has no function is not served.
 */
export function answersOf<Messages>(calls: Calls, codec: Codec<Messages>, service: (path: string) => Promise<unknown>) {
  type Name = keyof Messages & string;
  return (path: string): Handler | undefined => {
    const [request, response] = Object.hasOwn(calls, path) ? (calls[path] ?? []) : [];
    if (!request || !response) return undefined;
    return async function* (bytes, signal) {
      const served = (await service(path)) as Readonly<Record<string, Call>>;
      const call = served[path.slice(path.lastIndexOf("/") + 1)];
      if (!call) throw new UnknownCall(path);
      const reply = await call(codec.decodeMessage(request as Name, bytes) as object, signal);
      const encode = (each: object) => codec.encodeMessage(response as Name, each as Messages[Name]);
      if (Symbol.asyncIterator in reply) for await (const each of reply) yield encode(each as object);
      else yield encode(reply);
    };
  };
}
