import { getLocale, getTimeZone, getTranslations } from "next-intl/server";
import type { VersionDiff } from "#common/contracts/team-runbook.ts";
import { exactTime } from "#common/format.ts";
import { Button } from "#components/ui/button.tsx";
import { Select } from "#components/ui/select.tsx";

type Props = { versions: VersionDiff["versions"]; from: number; to: number };

/** Which two versions: a plain form, so that it works before any script has loaded. */
export async function VersionChoice({ versions, from, to }: Props) {
  const t = await getTranslations("versions");
  const [locale, timeZone] = await Promise.all([getLocale(), getTimeZone()]);
  if (versions.length < 2) return null;
  const options = versions.map(({ number, by, at }) => (
    <option key={number} value={number}>
      {t("version", { number })} · {by}, {exactTime(at, locale, timeZone)}
    </option>
  ));
  return (
    <form className="mb-4 flex flex-wrap items-end gap-3">
      {(["from", "to"] as const).map((name) => (
        <label key={name} htmlFor={`version-${name}`} className="w-72 max-w-full">
          <span className="mb-1 block font-medium">{t(name)}</span>
          <Select id={`version-${name}`} name={name} defaultValue={name === "from" ? from : to}>
            {options}
          </Select>
        </label>
      ))}
      <Button type="submit">{t("compare")}</Button>
    </form>
  );
}
