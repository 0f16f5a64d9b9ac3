"use client";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useId, useRef, useState } from "react";
import { longestComment } from "#common/longest-comment.ts";
import { trpc } from "#components/api/trpc.ts";
import { useMe } from "#components/team/use-team.ts";
import { Button } from "#components/ui/button.tsx";
import { FieldError } from "#components/ui/field.tsx";
import { Textarea } from "#components/ui/input.tsx";

type Props = {
  team: string;
  initial?: string;
  busy: boolean;
  error: string | null | undefined;
  action: string;
  onSave: (comment: { text: string; mentions: string[] }) => void;
  onCancel?: () => void;
};

/** A text and whom it names: after an @ the members whose name goes on like that are offered. */
export function CommentForm({ team, initial = "", busy, error, action, onSave, onCancel }: Props) {
  const t = useTranslations("comments");
  const common = useTranslations("common");
  const id = useId();
  const [text, setText] = useState(initial);
  const box = useRef<HTMLTextAreaElement>(null);
  const { user } = useMe();
  const { data } = useQuery(trpc.team.get.queryOptions({ team }, { staleTime: 60_000 }));
  const members = data?.members ?? [];
  const begun = /(?:^|\s)@([^\s@]*)$/.exec(text)?.[1]?.toLowerCase();
  const offered =
    begun === undefined
      ? []
      : members.filter(({ name, userId }) => userId !== user?.id && name.toLowerCase().startsWith(begun));
  const complete = (name: string) => {
    setText(text.replace(/@([^\s@]*)$/, `@${name} `));
    box.current?.focus();
  };
  const mentions = members.flatMap(({ name, userId }) => (text.includes(`@${name}`) ? [userId] : []));
  return (
    <form
      className="max-w-[76ch]"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim()) onSave({ text, mentions });
      }}
    >
      <label htmlFor={id} className="sr-only">
        {t("write")}
      </label>
      <Textarea
        ref={box}
        id={id}
        rows={3}
        maxLength={longestComment}
        value={text}
        placeholder={t("placeholder")}
        onChange={(event) => setText(event.target.value)}
      />
      {offered.length > 0 ? (
        <fieldset className="mt-1 flex flex-wrap items-center gap-1">
          <legend className="sr-only">{t("mention")}</legend>
          {offered.slice(0, 6).map(({ userId, name }) => (
            <Button key={userId} size="small" onClick={() => complete(name)}>
              @{name}
            </Button>
          ))}
        </fieldset>
      ) : null}
      <FieldError>{error}</FieldError>
      <div className="mt-2 flex gap-2">
        <Button type="submit" tone="primary" size="small" busy={busy} disabled={!text.trim()}>
          {action}
        </Button>
        {onCancel ? (
          <Button tone="quiet" size="small" onClick={onCancel}>
            {common("cancel")}
          </Button>
        ) : null}
      </div>
    </form>
  );
}
