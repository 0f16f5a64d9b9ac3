import Link from "next/link";
import { useTranslations } from "next-intl";
import type { SessionListItem } from "#common/contracts/runbook-session.ts";
import { Table, Td, Th, Thead, Tr } from "../ui/table.tsx";
import { Time } from "../ui/time.tsx";

export function SessionTable({
  team,
  label,
  items,
}: {
  team: string;
  label: string;
  items: SessionListItem[];
}) {
  const t = useTranslations("sessions");
  return (
    <Table label={label}>
      <Thead>
        <tr>
          <Th>{t("name")}</Th>
          <Th>{t("cluster")}</Th>
          <Th numeric>{t("steps")}</Th>
          <Th>{t("startedBy")}</Th>
          <Th numeric>{t("started")}</Th>
        </tr>
      </Thead>
      <tbody>
        {items.map((item) => (
          <Tr key={item.id}>
            <Td className="min-w-48">
              <Link href={`/${team}/sessions/${item.id}`} className="font-medium hover:text-accent">
                {item.title}
              </Link>
              <span className="block text-faint">{item.runbook}</span>
            </Td>
            <Td>{item.cluster.name}</Td>
            <Td numeric>
              {item.done} / {item.steps}
            </Td>
            <Td className="text-soft">{item.startedBy}</Td>
            <Td numeric className="whitespace-nowrap text-soft">
              <Time at={item.createdAt} />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
