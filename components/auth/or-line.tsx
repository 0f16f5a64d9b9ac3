import type { ReactNode } from "react";

/** Between two ways through the door. */
export function OrLine({ children }: { children: ReactNode }) {
  return (
    <p className="my-4 flex items-center gap-3 text-faint before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
      {children}
    </p>
  );
}
