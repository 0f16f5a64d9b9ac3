"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { CommentPlace } from "#common/contracts/comment.ts";
import { trpc } from "#components/api/trpc.ts";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { Button } from "#components/ui/button.tsx";
import { Section } from "#components/ui/page-header.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import { ErrorState } from "#components/ui/states.tsx";
import { CommentForm } from "./comment-form.tsx";
import { CommentItem } from "./comment-item.tsx";
import { useLive } from "./use-live.ts";

/** What people say below a run or a finding, as they say it. */
export default function Comments({ team, place }: { team: string; place: CommentPlace }) {
  const t = useTranslations("comments");
  const common = useTranslations("common");
  useLive(team, place);
  const queries = useQueryClient();
  const words = useErrorWords();
  const comments = useQuery(trpc.comment.list.queryOptions({ team, ...place }));
  const [written, setWritten] = useState(0);
  const add = useMutation(
    trpc.comment.add.mutationOptions({
      onSuccess: async () => {
        await queries.invalidateQueries({ queryKey: trpc.comment.pathKey() });
        // An empty form: what was written stands above it now.
        setWritten((count) => count + 1);
      },
    }),
  );
  const refused = words(add.error);
  return (
    <Section title={t("title")}>
      {comments.isPending ? <SkeletonRows rows={2} label={common("loading")} /> : null}
      {comments.isError && !comments.data ? (
        <ErrorState
          title={t("failed")}
          action={<Button onClick={() => void comments.refetch()}>{common("retry")}</Button>}
        />
      ) : null}
      {comments.data?.length === 0 ? <p className="mb-3 text-soft">{t("empty")}</p> : null}
      <ol className="mb-4 divide-y divide-line">
        {comments.data?.map((comment) => (
          <CommentItem key={comment.id} team={team} comment={comment} />
        ))}
      </ol>
      <CommentForm
        key={written}
        team={team}
        busy={add.isPending}
        error={refused.form ?? refused.fields.text}
        action={t("add")}
        onSave={(comment) => add.mutate({ team, ...place, ...comment })}
      />
    </Section>
  );
}
