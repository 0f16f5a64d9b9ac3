"use client";
import { ErrorNotice } from "#components/ui/error-notice.tsx";

export default function TeamErrorPage({ reset }: { error: Error; reset: () => void }) {
  return <ErrorNotice className="max-w-2xl border-l-2 border-unknown px-4 py-3" reset={reset} />;
}
