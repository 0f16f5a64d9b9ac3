"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { FormEvent } from "react";
import type { RequestBudget } from "#common/contracts/cluster.ts";
import { trpc } from "#components/api/trpc.ts";
import { useErrorWords } from "#components/layout/use-error-words.ts";
import { useMe, useTeam } from "#components/team/use-team.ts";
import { Button } from "#components/ui/button.tsx";
import { Disclosure } from "#components/ui/disclosure.tsx";
import { Field } from "#components/ui/field.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import { Input } from "#components/ui/input.tsx";
import { toast } from "#components/ui/toast.ts";

const parts = [
  { name: "ratePerSecond", most: 1_000 },
  { name: "burst", most: 2_000 },
  { name: "inFlight", most: 64 },
] as const;

type Props = { cluster: string; connectionId: string; budget: RequestBudget };

/** What all runs together may ask of the API, folded away: the defaults burden no server. */
export default function RequestBudgetForm({ cluster, connectionId, budget }: Props) {
  const t = useTranslations("clusters");
  const common = useTranslations("common");
  const team = useTeam();
  const queries = useQueryClient();
  const { can } = useMe([cluster]);
  const save = useMutation(
    trpc.cluster.setBudget.mutationOptions({
      onSuccess: async () => {
        toast(t("budgetSaved"));
        await queries.invalidateQueries({ queryKey: trpc.cluster.pathKey() });
      },
    }),
  );
  const { form, fields } = useErrorWords()(save.error);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const [ratePerSecond = 0, burst = 0, inFlight = 0] = parts.map(({ name }) => Number(data.get(name)));
    save.mutate({ team, cluster, connectionId, budget: { ratePerSecond, burst, inFlight } });
  };
  return (
    <Disclosure className="mt-3" summary={t("budget", { rate: budget.ratePerSecond })}>
      <form onSubmit={submit} noValidate>
        <fieldset disabled={!can("admin")} className="mt-2 max-w-xl">
          <p className="mb-3 max-w-[62ch] text-soft">{t("budgetHelp")}</p>
          <div className="grid gap-3 sm:grid-cols-3">
            {parts.map(({ name, most }) => (
              <Field key={name} label={t(`budgetParts.${name}`)} error={fields[`budget.${name}`]} required>
                {(control) => (
                  <Input
                    {...{ ...control, name, min: 1, max: most }}
                    type="number"
                    inputMode="numeric"
                    defaultValue={budget[name]}
                  />
                )}
              </Field>
            ))}
          </div>
          <FormError>{form}</FormError>
          <Button className="mt-3" type="submit" busy={save.isPending}>
            {common("save")}
          </Button>
        </fieldset>
      </form>
    </Disclosure>
  );
}
