"use client";
import { ErrorNotice } from "#components/ui/error-notice.tsx";

export default function ErrorPage({ reset }: { error: Error; reset: () => void }) {
  return <ErrorNotice className="mx-auto max-w-2xl px-6 py-[16vh]" reset={reset} />;
}
