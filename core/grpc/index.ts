export { answersOf } from "./answers.ts";
export { GrpcClient } from "./client.ts";
export { type Listening, listenGrpc } from "./listen.ts";
export { emitProtocol } from "./proto-emit.ts";
export { parseProto } from "./proto-parse.ts";
export { type Codec, protobuf } from "./protobuf.ts";
export type { Service } from "./service.ts";
export { CallError, UnknownCall } from "./status.ts";
export { type Answer, answerStream, type Handler } from "./stream.ts";
