import "./face/node-version.ts";
import { contractOf } from "@guestkit/core/model";
import type { dynamic } from "@pulumi/pulumi";
import { engineFor } from "./face/host.ts";
import type { HostOptions } from "./face/options.ts";
import { actorOf } from "./face/owner.ts";
import { ResourceService } from "./face/service.ts";
import { whilePulumiLives } from "./face/watch.ts";

/**
 * What the text that a resource carries asks for (see face/resource.ts): the SDK's dynamic provider evaluates that text
 * in its own process and calls what it gets. `stack` is PROJECT/STACK, whose the thing is; `where` the host that its options
 * name.
 */
export function providerOf(contractName: string, stack?: string, where: HostOptions = {}): dynamic.ResourceProvider {
  let get: (key: string) => string | undefined = () => undefined;
  const note = (line: string, isWarning?: boolean) => console.log(isWarning ? `warning: ${line}` : line);
  const service = new ResourceService(contractOf(contractName, "resource"), async () => ({
    engine: await engineFor({ ...where, get, note }),
    owner: actorOf(stack),
    note,
    watched: whilePulumiLives,
  }));
  return {
    configure: async ({ config }) => {
      get = (key) => config.get(`guestkit:${key}`);
    },
    check: (olds, news) => service.check(olds, news),
    diff: (id, olds, news) => service.diff(id, olds, news),
    create: (inputs) => service.create(inputs),
    read: (id, properties) => service.read(id, properties),
    update: (id, olds, news) => service.update(id, olds, news),
    delete: (id, properties) => service.delete(id, properties),
  };
}
