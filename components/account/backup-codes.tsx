"use client";
import { useTranslations } from "next-intl";
import { CopyButton } from "#components/ui/copy-button.tsx";

/** Shown once; each of them stands in for the app once. */
export function BackupCodes({ codes }: { codes: string[] }) {
  const t = useTranslations("security");
  return (
    <div>
      <p className="mb-2">{t("backupIntro")}</p>
      <ul
        aria-label={t("backupCodes")}
        className="grid max-w-sm grid-cols-2 gap-x-6 gap-y-1 rounded-control bg-sunken p-3 font-mono"
      >
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <CopyButton words value={codes.join("\n")} label={t("backupCopy")} className="mt-2 h-8 px-3" />
    </div>
  );
}
