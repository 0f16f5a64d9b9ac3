import clsx from "clsx";
import type { ComponentProps } from "react";
import { reachable } from "./reachable.ts";

/**
 * The dense table: 13 px, 30 px rows, hairlines, no box around it. It scrolls inside its own frame on a phone,
 * and the frame can be reached and scrolled by keyboard.
 */
export function Table({ className, label, ...props }: ComponentProps<"table"> & { label: string }) {
  return (
    <section aria-label={label} {...reachable} className="scroll-hint relative -mx-2 overflow-x-auto px-2">
      <table className={clsx("w-full border-collapse text-left", className)} {...props} />
    </section>
  );
}

export function Thead(props: ComponentProps<"thead">) {
  return <thead {...props} />;
}

export function Th({ className, numeric, ...props }: ComponentProps<"th"> & { numeric?: boolean }) {
  return (
    <th
      scope="col"
      className={clsx(
        "h-8 border-b border-control px-2 font-medium whitespace-nowrap text-faint first:pl-0 last:pr-0",
        numeric && "tabular text-right",
        className,
      )}
      {...props}
    />
  );
}

export function Tr({ className, ...props }: ComponentProps<"tr">) {
  return <tr className={clsx("border-b border-line transition-colors", className)} {...props} />;
}

export function Td({ className, numeric, ...props }: ComponentProps<"td"> & { numeric?: boolean }) {
  return (
    <td
      className={clsx(
        "h-[30px] px-2 py-1 align-middle first:pl-0 last:pr-0",
        numeric && "tabular text-right",
        className,
      )}
      {...props}
    />
  );
}
