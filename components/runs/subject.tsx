import clsx from "clsx";
import type { Subject } from "#common/result.ts";

/** "Deployment payments/api · sidecar": kind faint, the name to be found again by eye and by search. */
export function SubjectName({ subject, className }: { subject: Subject; className?: string }) {
  return (
    <span className={clsx("min-w-0 break-words", className)}>
      <span className="text-faint">{subject.kind} </span>
      <span className="font-mono text-[0.92em]">
        {subject.namespace ? `${subject.namespace}/` : ""}
        {subject.name}
      </span>
      {subject.part ? (
        <>
          <span className="text-faint"> · </span>
          <span className="font-mono text-[0.92em]">{subject.part}</span>
        </>
      ) : null}
    </span>
  );
}
