import "./face/node-version.ts";
import type { EngineFace } from "@guestkit/core/engine";
import { contractOf } from "@guestkit/core/model";
import { createEngine } from "@guestkit/core/resource";
import type { dynamic } from "@pulumi/pulumi";
import { actorOf } from "./face/owner.ts";
import { ResourceService } from "./face/service.ts";
import { settingsOf } from "./face/settings.ts";
import { whilePulumiLives } from "./face/watch.ts";

/**
 * What the text that a resource carries asks for (see face/resource.ts): the SDK's dynamic provider evaluates that text
 * in its own process and calls what it gets. `stack` is PROJECT/STACK, whose the thing is.
 */
export function providerOf(contractName: string, stack?: string): dynamic.ResourceProvider {
  let get: (key: string) => string | undefined = () => undefined;
  const service = new ResourceService(contractOf(contractName, "resource"), async () => ({
    engine: engineOf(get),
    owner: actorOf(stack),
    note: (line, isWarning) => console.log(isWarning ? `warning: ${line}` : line),
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

const engines = new Map<string, EngineFace>();

/** One engine for all calls of a run, so that what it has planned to make is known to whatever stands on that. */
function engineOf(get: (key: string) => string | undefined): EngineFace {
  const settings = settingsOf(get);
  const key = JSON.stringify(settings);
  const engine = engines.get(key) ?? createEngine({ settings });
  engines.set(key, engine);
  return engine;
}
