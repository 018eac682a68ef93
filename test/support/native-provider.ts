import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { GrpcClient } from "../../core/grpc/client.ts";
import { protobuf } from "../../core/grpc/protobuf.ts";
import { CALLS, FIELDS, type Messages } from "../../pulumi/generated/protocol.ts";
import type { ProviderService } from "../../pulumi/native/provider.ts";
import { NATIVE_PROVIDER } from "./pulumi.ts";

const codec = protobuf<Messages>(FIELDS);

/** The provider's program, called as Pulumi's engine calls it. */
export class NativeProvider implements AsyncDisposable {
  readonly process: ChildProcess;
  readonly #client: GrpcClient;

  private constructor(child: ChildProcess, port: string) {
    this.process = child;
    this.#client = new GrpcClient(`127.0.0.1:${port}`);
  }

  static start(env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<NativeProvider> {
    return NativeProvider.startIn(process.cwd(), env, ...args);
  }

  /** `cwd`: where it works, as the engine does. */
  static async startIn(
    cwd: string,
    env: Readonly<Record<string, string>>,
    ...args: readonly string[]
  ): Promise<NativeProvider> {
    const child = spawn(process.execPath, [NATIVE_PROVIDER, ...args], {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = (await once(child.stdout, "data")) as [Buffer];
    return new NativeProvider(child, String(line).trim());
  }

  async call<N extends keyof ProviderService>(
    name: N,
    request: Parameters<ProviderService[N]>[0],
  ): Promise<Required<Awaited<ReturnType<ProviderService[N]>>>> {
    const path = `/pulumirpc.ResourceProvider/${name}` as keyof typeof CALLS;
    const [asked, answered] = CALLS[path];
    const bytes = await this.#client.call(path, codec.encodeMessage(asked, request));
    return codec.decodeMessage(answered, bytes) as Required<Awaited<ReturnType<ProviderService[N]>>>;
  }

  /** As an engine that is gone. */
  hangUp(): void {
    this.#client.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#client.close();
    if (this.process.exitCode !== null) return;
    const ended = once(this.process, "exit");
    this.process.kill("SIGTERM");
    await ended;
  }
}
