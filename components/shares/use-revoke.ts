"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { trpc } from "#components/api/trpc.ts";

/** Ends a link and reads the lists of links again. */
export function useRevoke(onDone: () => void) {
  const queries = useQueryClient();
  return useMutation(
    trpc.share.revoke.mutationOptions({
      onSuccess: async () => {
        await queries.invalidateQueries({ queryKey: trpc.share.list.pathKey() });
        onDone();
      },
    }),
  );
}
