"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { CommentView } from "#common/contracts/comment.ts";
import { trpc } from "#components/api/trpc.ts";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { Button } from "#components/ui/button.tsx";
import { FieldError } from "#components/ui/field.tsx";
import { Time } from "#components/ui/time.tsx";
import { CommentForm } from "./comment-form.tsx";
import { CommentText } from "./comment-text.tsx";

/** One comment; its author may say it otherwise or take it back. */
export function CommentItem({ team, comment }: { team: string; comment: CommentView }) {
  const t = useTranslations("comments");
  const common = useTranslations("common");
  const [state, setState] = useState<"read" | "edit" | "remove">("read");
  const queries = useQueryClient();
  const words = useErrorWords();
  const done = {
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: trpc.comment.pathKey() });
      setState("read");
    },
  };
  const edit = useMutation(trpc.comment.edit.mutationOptions(done));
  const remove = useMutation(trpc.comment.remove.mutationOptions(done));
  const refused = words(edit.error);
  const named = { team, commentId: comment.id };
  return (
    <li className="py-2.5">
      <div className="mb-0.5 flex flex-wrap items-center gap-x-2 text-faint">
        <span className="font-medium text-ink">{comment.author}</span>
        <Time at={comment.createdAt} />
        {comment.editedAt ? <span>{t("edited")}</span> : null}
        {comment.mine && state === "read" ? (
          <span className="ml-auto flex">
            <Button tone="quiet" size="small" onClick={() => setState("edit")}>
              {t("edit")}
            </Button>
            <Button tone="quiet" size="small" onClick={() => setState("remove")}>
              {t("remove")}
            </Button>
          </span>
        ) : null}
      </div>
      {state === "edit" ? (
        <CommentForm
          team={team}
          initial={comment.text}
          busy={edit.isPending}
          error={refused.form ?? refused.fields.text}
          action={common("save")}
          onSave={(said) => edit.mutate({ ...named, ...said })}
          onCancel={() => setState("read")}
        />
      ) : (
        <CommentText text={comment.text} mentions={comment.mentions} />
      )}
      {state === "remove" ? (
        <div className="mt-2 flex flex-wrap items-center gap-2">
          <span>{t("removeQuestion")}</span>
          <Button tone="danger" size="small" busy={remove.isPending} onClick={() => remove.mutate(named)}>
            {t("remove")}
          </Button>
          <Button tone="quiet" size="small" onClick={() => setState("read")}>
            {common("cancel")}
          </Button>
          <FieldError>{words(remove.error).form}</FieldError>
        </div>
      ) : null}
    </li>
  );
}
