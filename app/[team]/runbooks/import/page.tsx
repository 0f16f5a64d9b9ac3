import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { Messages } from "#components/layout/messages.tsx";
import { ImportNotes } from "#components/notes/lazy-import-notes.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("notes");
  return { title: t("importTitle") };
}

export default function Page() {
  return (
    <Messages of={["notes"]}>
      <ImportNotes />
    </Messages>
  );
}
