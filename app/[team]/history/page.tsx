import { HistoryPage } from "#components/history/history-page.tsx";
import { Messages } from "#components/layout/messages.tsx";

export default async function Page({ params }: { params: Promise<{ team: string }> }) {
  const { team } = await params;
  return (
    <Messages of={["history", "runs"]}>
      <HistoryPage team={team} />
    </Messages>
  );
}
