import type { Actor } from "@guestkit/core/kit";

/**
 * For whom the provider's process works. It is told the project by Pulumi, and the stack by the resource's text alone;
 * states of earlier releases have none, and own nothing by name.
 */
export function actorOf(stack: string | undefined): Actor {
  return {
    face: "pulumi",
    project: stack ?? `${process.env.PULUMI_NODEJS_PROJECT ?? ""}/`,
    takeOver: 'Take it over by the resource option import: { import: "{id}" }.',
  };
}
