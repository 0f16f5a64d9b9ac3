"use client";
import { Dialog } from "@base-ui/react/dialog";
import clsx from "clsx";
import { useTranslations } from "next-intl";
import type { DialogProps } from "./dialog.tsx";
import { CloseIcon } from "./icons.tsx";

const places = {
  center:
    "inset-x-3 top-[max(1rem,12vh)] mx-auto max-h-[80vh] overflow-y-auto rounded-panel p-5 data-starting-style:translate-y-1",
  top: "inset-x-3 top-[max(1rem,10vh)] mx-auto max-w-xl overflow-hidden rounded-panel data-starting-style:-translate-y-1",
  side: "inset-y-0 left-0 w-72 max-w-[85vw] overflow-y-auto data-starting-style:-translate-x-6",
};

export default function DialogPanel(props: DialogProps) {
  const t = useTranslations("common");
  const place = props.place ?? "center";
  return (
    <Dialog.Root open onOpenChange={props.onOpenChange}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-veil transition-opacity duration-150 data-starting-style:opacity-0" />
        <Dialog.Popup
          initialFocus={props.initialFocus}
          className={clsx(
            "fixed z-50 bg-raised text-ink shadow-float outline-none",
            "transition-[opacity,translate] duration-150 ease-settle data-starting-style:opacity-0",
            places[place],
            place === "center" && (props.wide ? "max-w-2xl" : "max-w-md"),
          )}
        >
          <Dialog.Title className={props.bare ? "sr-only" : "pr-8 text-lead"}>{props.title}</Dialog.Title>
          {props.description ? (
            <Dialog.Description className={props.bare ? "sr-only" : "mt-1 text-soft"}>
              {props.description}
            </Dialog.Description>
          ) : null}
          {props.children}
          {place === "center" ? (
            <Dialog.Close
              aria-label={t("close")}
              className="absolute top-4 right-4 inline-flex size-7 items-center justify-center rounded-control text-faint hover:bg-hover hover:text-ink"
            >
              <CloseIcon />
            </Dialog.Close>
          ) : null}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
