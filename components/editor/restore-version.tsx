"use client";
import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { trpc } from "#components/api/trpc.ts";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { useMe, useTeam, useTeamHref } from "#components/team/use-team.ts";
import { Button } from "#components/ui/button.tsx";
import { FieldError } from "#components/ui/field.tsx";
import { toast } from "#components/ui/toast.ts";

type Props = { slug: string; newest: number; version: { number: number; text: string } };

/** Saves an older text as the next version: nothing of the history is lost. */
export function RestoreVersion({ slug, newest, version }: Props) {
  const t = useTranslations("versions");
  const team = useTeam();
  const href = useTeamHref();
  const router = useRouter();
  const words = useErrorWords();
  const { can } = useMe();
  const save = useMutation(
    trpc.teamRunbook.save.mutationOptions({
      onSuccess: (answer) => {
        if (answer.saved) toast(t("restored", { number: version.number, next: answer.number }));
        router.push(href(`/runbooks/${slug}/versions`));
        router.refresh();
      },
    }),
  );
  if (!can("operator")) return null;
  return (
    <>
      <Button
        busy={save.isPending}
        onClick={() => save.mutate({ team, slug, text: version.text, baseNumber: newest })}
      >
        {t("restore", { number: version.number })}
      </Button>
      <FieldError>{words(save.error).form}</FieldError>
    </>
  );
}
