"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { trpc } from "#components/api/trpc.ts";
import { useTeam, useTeamHref } from "#components/team/use-team.ts";
import { toast } from "#components/ui/toast.ts";
import type { Current } from "./conflict.tsx";

type Options = { slug: string | null; onSaved: (number: number) => void };

/** Keeps the text: as a new runbook, or as the next version of one unless somebody was faster. */
export function useSave({ slug, onSaved }: Options) {
  const t = useTranslations("editor");
  const team = useTeam();
  const href = useTeamHref();
  const router = useRouter();
  const queries = useQueryClient();
  const [conflict, setConflict] = useState<Current | null>(null);
  const settled = async () => {
    await queries.invalidateQueries({ queryKey: trpc.teamRunbook.pathKey() });
    await queries.invalidateQueries({ queryKey: trpc.runbook.pathKey() });
  };
  const create = useMutation(
    trpc.teamRunbook.create.mutationOptions({
      onSuccess: async (made) => {
        onSaved(0);
        await settled();
        router.push(href(`/runbooks/${made.slug}/edit`));
      },
    }),
  );
  const save = useMutation(
    trpc.teamRunbook.save.mutationOptions({
      onSuccess: async (answer) => {
        if (!answer.saved) return setConflict(answer.current);
        onSaved(answer.number);
        toast(t("saved", { number: answer.number }));
        await settled();
      },
    }),
  );
  return {
    busy: create.isPending || save.isPending,
    error: create.error ?? save.error,
    conflict,
    settle: () => setConflict(null),
    start: ({ text, baseNumber }: { text: string; baseNumber: number }) => {
      if (slug === null) create.mutate({ team, text });
      else save.mutate({ team, slug, text, baseNumber });
    },
  };
}
