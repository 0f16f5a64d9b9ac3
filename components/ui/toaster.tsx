"use client";
import { useTranslations } from "next-intl";
import { lazy, Suspense, useSyncExternalStore } from "react";
import { toastStore } from "./toast.ts";

const ToastLine = lazy(() => import("./toast-line.tsx"));

/** Where toasts appear: one live region for the whole application. */
export function Toaster() {
  const t = useTranslations("common");
  const toasts = useSyncExternalStore(toastStore.subscribe, toastStore.read, toastStore.readOnServer);
  return (
    <section
      aria-label={t("notifications")}
      aria-live="polite"
      className="pointer-events-none fixed inset-x-4 bottom-4 z-50 flex flex-col items-end gap-2"
    >
      <Suspense>
        {toasts.map((one) => (
          <ToastLine key={one.id} toast={one} />
        ))}
      </Suspense>
    </section>
  );
}
