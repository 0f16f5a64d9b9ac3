"use client";
import { useLocale, useTranslations } from "next-intl";
import { buttonLook } from "#components/ui/button-look.ts";
import { Menu } from "#components/ui/menu.tsx";

const formats = ["html", "json", "csv", "junit", "sarif"] as const;

/** A run as a file: for people, for programs, and signed for whoever must be able to check it. */
export default function DownloadMenu({ team, runId }: { team: string; runId: string }) {
  const t = useTranslations("shares");
  const language = useLocale();
  const download = (format: string) => () =>
    window.location.assign(`/api/export/${team}/${runId}?${new URLSearchParams({ format, language })}`);
  return (
    <Menu
      trigger={t("download")}
      className={buttonLook({})}
      align="end"
      entries={[
        { key: "bundle", label: t("bundle"), hint: ".zip", onSelect: download("bundle") },
        { type: "separator", key: "line" },
        ...formats.map((format) => ({
          ...{ key: format, label: t(`format.${format}`) },
          onSelect: download(format),
        })),
      ]}
    />
  );
}
