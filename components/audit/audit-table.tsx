import { useFormatter, useTranslations } from "next-intl";
import { type AuditEventView, auditActions, auditSubjectKinds } from "#common/contracts/audit.ts";
import { Table, Td, Th, Thead, Tr } from "../ui/table.tsx";

export function AuditTable({ events }: { events: AuditEventView[] }) {
  const t = useTranslations("audit");
  return (
    <Table label={t("events")}>
      <Thead>
        <tr>
          <Th>{t("when")}</Th>
          <Th>{t("field.person")}</Th>
          <Th>{t("field.action")}</Th>
          <Th>{t("details")}</Th>
        </tr>
      </Thead>
      <tbody>
        {events.map((event) => (
          <Row key={event.sequence} event={event} />
        ))}
      </tbody>
    </Table>
  );
}

function Row({ event }: { event: AuditEventView }) {
  const t = useTranslations("audit");
  const format = useFormatter();
  const action = auditActions.find((each) => each === event.action);
  const kind = auditSubjectKinds.find((each) => each === event.subject.kind);
  const entries = Object.entries(event.details).filter(([, value]) => value !== null);
  return (
    <Tr className="[&>td]:align-top">
      <Td className="tabular whitespace-nowrap text-soft">
        <time dateTime={event.at.toISOString()} title={`${event.sequence} ${event.hash}`}>
          {format.dateTime(event.at, { dateStyle: "short", timeStyle: "medium" })}
        </time>
      </Td>
      <Td className="whitespace-nowrap">{event.actor.name || t("nobody")}</Td>
      <Td className="min-w-56">
        <span className="block font-medium">{action ? t(`action.${action}`) : event.action}</span>
        <span className="text-soft">
          {kind ? t(`subject.${kind}`) : event.subject.kind}{" "}
          {event.subject.name || event.subject.id.slice(0, 8)}
        </span>
      </Td>
      <Td className="min-w-64 text-soft">
        {entries.map(([name, value]) => (
          <span key={name} className="mr-3 inline-block [overflow-wrap:anywhere]">
            <code className="text-faint">{name}</code> {said(value)}
          </span>
        ))}
      </Td>
    </Tr>
  );
}

function said(value: unknown): string {
  return Array.isArray(value) ? value.join(", ") : String(value);
}
