"use client";
import { useTranslations } from "next-intl";
import { type KeyboardEvent, type RefObject, useId } from "react";
import { Textarea } from "#components/ui/input.tsx";

type Props = {
  area: RefObject<HTMLTextAreaElement | null>;
  text: string;
  readOnly: boolean;
  invalid: boolean;
  onChange: (text: string) => void;
};

/** Where the text is written. Tab moves on, as everywhere; lines keep the indentation of the line before. */
export function TextArea({ area, text, readOnly, invalid, onChange }: Props) {
  const t = useTranslations("editor");
  const id = useId();
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key !== "Enter" || event.nativeEvent.isComposing || event.shiftKey) return;
    const at = event.currentTarget;
    const line = at.value.slice(0, at.selectionStart).split("\n").at(-1) ?? "";
    const indent = /^ +/.exec(line)?.[0];
    if (!indent) return;
    event.preventDefault();
    insertAt(at, `\n${indent}`, onChange);
  };
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-1 block font-medium">
        {t("text")}
      </label>
      <Textarea
        id={id}
        ref={area}
        code
        wrap="off"
        rows={34}
        value={text}
        readOnly={readOnly}
        aria-invalid={invalid || undefined}
        aria-describedby={`${id}-help`}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <p id={`${id}-help`} className="mt-1 text-faint">
        {t("textHelp")}
      </p>
    </div>
  );
}

/** Puts text in the place of the selection and the caret behind it. */
export function insertAt(area: HTMLTextAreaElement, words: string, onChange: (text: string) => void): void {
  const { selectionStart, selectionEnd, value } = area;
  onChange(value.slice(0, selectionStart) + words + value.slice(selectionEnd));
  const caret = selectionStart + words.length;
  requestAnimationFrame(() => {
    area.focus();
    area.setSelectionRange(caret, caret);
  });
}

/** Moves the caret to a line and column (from 1) and brings the line into view. */
export function moveTo(area: HTMLTextAreaElement, { line, column }: { line: number; column: number }): void {
  const before = area.value.split("\n").slice(0, line - 1);
  const at = before.reduce((sum, each) => sum + each.length + 1, 0) + column - 1;
  area.focus();
  area.setSelectionRange(at, at);
  const lineHeight = area.scrollHeight / area.value.split("\n").length;
  area.scrollTop = Math.max(0, (line - 5) * lineHeight);
}
