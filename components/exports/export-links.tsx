import { useLocale, useTranslations } from "next-intl";

type Props = {
  team: string;
  view: "runs" | "results" | "findings" | "comparison" | "across" | "hosts";
  /** as the list has it */
  filter: Record<string, string | boolean | Date | undefined>;
  /** whether there is a document for people too */
  document?: boolean;
};

/** What is listed as a file: plain links, since the browser knows how to save one. */
export default function ExportLinks({ team, view, filter, document = false }: Props) {
  const t = useTranslations("common");
  const language = useLocale();
  const address = (format: string) => {
    const query = new URLSearchParams(format === "html" ? { format, language } : { format });
    for (const [name, value] of Object.entries(filter)) {
      if (value !== undefined) query.set(name, value instanceof Date ? value.toISOString() : String(value));
    }
    return `/api/views/${team}/${view}?${query}`;
  };
  return (
    <span className="inline-flex h-7 items-center gap-2 whitespace-nowrap">
      <span className="text-faint">{t("export")}</span>
      {["CSV", "JSON", ...(document ? ["HTML"] : [])].map((name) => (
        <a
          key={name}
          href={address(name.toLowerCase())}
          download
          className="rounded-control px-1 text-soft underline hover:text-ink"
        >
          <span className="sr-only">{t("export")} </span>
          {name}
        </a>
      ))}
    </span>
  );
}
