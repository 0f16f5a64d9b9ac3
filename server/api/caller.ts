import "server-only";

import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import { TRPCError } from "@trpc/server";
import { createTRPCOptionsProxy, type TRPCOptionsProxy } from "@trpc/tanstack-react-query";
import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { cache, createElement, type ReactNode } from "react";
import { makeQueryClient } from "#common/query-client.ts";
import { createApiContext } from "./context.ts";
import { toApiError } from "./error-shape.ts";
import { type AppRouter, appRouter } from "./root.ts";
import { services } from "./services.ts";

/** One per request: pages, layouts and their prefetches share it. */
export const getQueryClient = cache(makeQueryClient);

const getContext = cache(async () => createApiContext(await services(), new Headers(await headers())));

/** Calls procedures in this process, for pages: `await query(trpc.run.get.queryOptions({ … }))`. */
export const trpc: TRPCOptionsProxy<AppRouter> = createTRPCOptionsProxy({
  router: appRouter,
  ctx: getContext,
  queryClient: getQueryClient,
});

type Client = ReturnType<typeof getQueryClient>;

/** Starts a query for the page's client components; its answer is streamed to them inside HydrateClient. */
export const prefetch: Client["prefetchQuery"] = (options) => getQueryClient().prefetchQuery(options);

/** For what a page cannot do without: no such thing, or not for this person, is the not-found page. */
export const fetchOrNotFound: Client["fetchQuery"] = async (options) => {
  try {
    return await getQueryClient().fetchQuery(options);
  } catch (error) {
    if (error instanceof TRPCError && toApiError(error).code === "not-found") notFound();
    throw error;
  }
};

export function HydrateClient({ children }: { children: ReactNode }) {
  return createElement(HydrationBoundary, { state: dehydrate(getQueryClient()) }, children);
}
