"use client";
import { useTranslations } from "next-intl";
import type { ChannelView } from "#common/contracts/channel.ts";
import { Field } from "#components/ui/field.tsx";
import { Input, Textarea } from "#components/ui/input.tsx";
import { Select } from "#components/ui/select.tsx";
import { type ChannelDraft, kinds } from "./channel-draft.ts";

export type PartProps = {
  draft: ChannelDraft;
  errors: Record<string, string>;
  onChange: (part: Partial<ChannelDraft>) => void;
};

/** What it is called, what kind it is, where it goes and in which language. */
export function AddressFields({
  draft,
  errors,
  onChange,
  channel,
  mail,
}: PartProps & { channel: ChannelView | null; mail: boolean }) {
  const t = useTranslations("channels");
  return (
    <div className="grid gap-x-4 gap-y-3 sm:grid-cols-2">
      <Field label={t("name")} error={errors.name} required>
        {(control) => (
          <Input
            {...control}
            value={draft.name}
            maxLength={80}
            autoComplete="off"
            placeholder={t("namePlaceholder")}
            onChange={(event) => onChange({ name: event.target.value })}
          />
        )}
      </Field>
      <Field label={t("language")} error={errors.locale}>
        {(control) => (
          <Select
            {...control}
            value={draft.locale}
            onChange={(event) => onChange({ locale: event.target.value === "zh-CN" ? "zh-CN" : "en" })}
          >
            <option value="en">English</option>
            <option value="zh-CN">中文</option>
          </Select>
        )}
      </Field>
      {channel ? null : (
        <div className="sm:col-span-2">
          <Field label={t("kindLabel")} help={t(`kindHelp.${draft.kind}`)} error={errors.kind}>
            {(control) => (
              <Select
                {...control}
                value={draft.kind}
                onChange={(event) =>
                  onChange({ kind: kinds.find((kind) => kind === event.target.value) ?? "slack" })
                }
              >
                {kinds.map((kind) => (
                  <option key={kind} value={kind} disabled={kind === "email" && !mail}>
                    {t(`kind.${kind}`)}
                    {kind === "email" && !mail ? ` – ${t("noMail")}` : ""}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        </div>
      )}
      <div className="sm:col-span-2">
        <Field
          label={draft.kind === "email" ? t("recipients") : t("url")}
          help={channel ? t("addressKept", { hint: channel.hint ?? "" }) : t("addressHelp")}
          error={errors.address}
          required={!channel}
        >
          {(control) =>
            draft.kind === "email" ? (
              <Textarea
                {...control}
                rows={2}
                value={draft.address}
                maxLength={4_096}
                autoComplete="off"
                spellCheck={false}
                onChange={(event) => onChange({ address: event.target.value })}
              />
            ) : (
              <Input
                {...control}
                type="url"
                className="font-mono"
                value={draft.address}
                maxLength={4_096}
                autoComplete="off"
                spellCheck={false}
                placeholder="https://"
                onChange={(event) => onChange({ address: event.target.value })}
              />
            )
          }
        </Field>
      </div>
    </div>
  );
}
