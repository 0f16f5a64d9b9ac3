"use client";
import { Popover } from "@base-ui/react/popover";
import clsx from "clsx";
import { floatingPanel } from "./floating.ts";
import type { PopoverProps } from "./popover.tsx";

export default function PopoverPanel(props: PopoverProps) {
  return (
    <Popover.Root defaultOpen>
      <Popover.Trigger className={props.className} aria-label={props.label}>
        {props.trigger}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner
          side={props.side ?? "bottom"}
          align={props.align ?? "start"}
          sideOffset={6}
          className="z-50 outline-none"
        >
          <Popover.Popup className={clsx(floatingPanel, "w-80 max-w-[calc(100vw-2rem)] p-3")}>
            {props.title ? <Popover.Title className="mb-2 font-medium">{props.title}</Popover.Title> : null}
            {props.children}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
