import type { ReactNode } from "react";

export function Kbd({ children }: { children: ReactNode }) {
  return (
    <kbd className="inline-flex h-[1.125rem] min-w-[1.125rem] items-center justify-center rounded-[3px] border border-line bg-raised px-1 font-sans text-micro text-faint">
      {children}
    </kbd>
  );
}
