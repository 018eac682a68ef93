/** Path of a call -> names of its messages, as `npm run generate` writes it. */
type Calls = Readonly<Record<string, readonly [string, string] | readonly [string, string, string]>>;

/** What a call gives: one message, or a stream of them where the protocol says so. */
type Reply<Messages, Call> = Call extends readonly [unknown, infer Response extends keyof Messages, "server"]
  ? AsyncIterable<Messages[Response]>
  : Call extends readonly [unknown, infer Response extends keyof Messages]
    ? Promise<Messages[Response]>
    : never;

/** The handlers of one service: its calls by name. `signal` aborts when the caller gives the call up. */
export type Service<All extends Calls, Messages, Name extends string> = {
  readonly [Path in keyof All as Path extends `/${Name}/${infer Method}` ? Method : never]: (
    request: All[Path][0] extends keyof Messages ? Messages[All[Path][0]] : never,
    signal: AbortSignal,
  ) => Reply<Messages, All[Path]>;
};
