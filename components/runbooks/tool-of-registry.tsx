"use client";

import { tools } from "#components/tools/registry.gen.ts";

/** The registry names every tool there is: it is loaded with the first one that is shown, not with each page. */
export default function ToolOfRegistry({ id }: { id: string }) {
  const Component = tools[id];
  return Component ? <Component /> : null;
}
