"use client";

import { useTranslations } from "next-intl";
import { Button } from "../ui/button.tsx";
import { ButtonLink } from "../ui/button-link.tsx";

/** What was chosen to be compared. Ids begin with their time: the later run stands beside the earlier one. */
export default function CompareBar({
  team,
  picked,
  onClear,
}: {
  team: string;
  picked: string[];
  onClear: () => void;
}) {
  const t = useTranslations("history");
  const [earlier, later] = picked.toSorted();
  return (
    <div role="status" className="sticky bottom-3 z-20 mt-3">
      {earlier ? (
        <div className="flex w-fit max-w-full flex-wrap items-center gap-x-4 gap-y-2 rounded-panel bg-raised px-4 py-2 shadow-float">
          <span>{t(later ? "twoPicked" : "onePicked")}</span>
          {later ? (
            <ButtonLink tone="primary" href={`/${team}/compare/${later}?with=${earlier}`}>
              {t("compare")}
            </ButtonLink>
          ) : null}
          <Button tone="quiet" onClick={onClear}>
            {t("clearPicked")}
          </Button>
        </div>
      ) : null}
    </div>
  );
}
