import { useTranslations } from "next-intl";
import { Skeleton } from "#components/ui/skeleton.tsx";

/** The grid to come. */
export function OverviewSkeleton() {
  const t = useTranslations("common");
  return (
    <div role="status">
      <span className="sr-only">{t("loading")}</span>
      <Skeleton className="mb-8 h-7 w-40" />
      <div className="grid gap-x-12 gap-y-9 xl:grid-cols-[minmax(0,1fr)_21rem]">
        <div className="space-y-[3px]">
          {[62, 48, 55, 40, 66, 51, 45, 58].map((width) => (
            <div key={width} className="grid grid-cols-[minmax(10rem,1.2fr)_1fr_1fr] gap-[3px]">
              <span className="flex h-8 items-center">
                <span style={{ width: `${width}%` }}>
                  <Skeleton className="h-3" />
                </span>
              </span>
              <Skeleton className="h-8" />
              <Skeleton className="h-8" />
            </div>
          ))}
        </div>
        <div className="space-y-4">
          <Skeleton className="h-4 w-48" />
          <Skeleton className="h-3 w-full" />
          <Skeleton className="h-3 w-4/5" />
        </div>
      </div>
    </div>
  );
}
