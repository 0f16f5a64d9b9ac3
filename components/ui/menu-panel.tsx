"use client";
import { Menu } from "@base-ui/react/menu";
import clsx from "clsx";
import Link from "next/link";
import { floatingPanel } from "./floating.ts";
import { CheckIcon } from "./icons.tsx";
import type { MenuEntry, MenuProps } from "./menu.tsx";

/** The loaded half of Menu: starts open, since it was loaded by the click that wanted it. */
export default function MenuPanel({
  trigger,
  label,
  entries,
  side = "bottom",
  align = "start",
  className,
}: MenuProps) {
  return (
    <Menu.Root defaultOpen>
      <Menu.Trigger className={className} aria-label={label}>
        {trigger}
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner side={side} align={align} sideOffset={6} className="z-50 outline-none">
          <Menu.Popup className={clsx(floatingPanel, "max-h-[70vh] min-w-48 max-w-80 overflow-y-auto p-1")}>
            {entries.map((entry) => (
              <Entry key={entry.key} entry={entry} />
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

function Entry({ entry }: { entry: MenuEntry }) {
  if (entry.type === "separator") return <Menu.Separator className="mx-1 my-1 h-px bg-line" />;
  if (entry.type === "heading")
    return <div className="px-2 pt-1.5 pb-1 text-micro font-medium text-faint">{entry.label}</div>;
  const content = (
    <>
      {entry.icon ? <span className="shrink-0 text-faint">{entry.icon}</span> : null}
      <span className="min-w-0 flex-1 truncate">{entry.label}</span>
      {entry.hint ? <span className="shrink-0 text-faint">{entry.hint}</span> : null}
      {entry.checked === undefined ? null : (
        <CheckIcon size={14} className={clsx("shrink-0 text-accent", !entry.checked && "invisible")} />
      )}
    </>
  );
  const className = clsx(
    "flex min-h-8 w-full items-center gap-2.5 rounded-control px-2 text-left outline-none select-none",
    "data-disabled:opacity-50 data-highlighted:bg-hover",
    entry.tone === "danger" && "text-fail",
  );
  const common = { className, disabled: entry.disabled, onClick: entry.onSelect };
  if (entry.href)
    return (
      <Menu.LinkItem className={className} render={<Link href={entry.href} />} closeOnClick>
        {content}
      </Menu.LinkItem>
    );
  if (entry.checked === undefined) return <Menu.Item {...common}>{content}</Menu.Item>;
  return (
    <Menu.CheckboxItem {...common} checked={entry.checked} closeOnClick>
      {content}
    </Menu.CheckboxItem>
  );
}
