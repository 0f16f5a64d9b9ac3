import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { RunbookEditor } from "#components/editor/lazy-editor.tsx";
import { Messages } from "#components/layout/messages.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("editor");
  return { title: t("newTitle") };
}

export default function Page() {
  return (
    <Messages of={["editor", "runbook", "runs", "reason"]}>
      <RunbookEditor />
    </Messages>
  );
}
