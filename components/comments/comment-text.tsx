import { Fragment } from "react";

const address = /(https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]，。；：！？）])/;

/** Plain text as it was typed: lines stay lines, web addresses become links, names of members stand out. */
export function CommentText({ text, mentions }: { text: string; mentions: readonly string[] }) {
  return (
    <p className="max-w-[76ch] text-body wrap-anywhere whitespace-pre-wrap">
      {text.split(address).map((part, at) =>
        at % 2 === 1 ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text have no other name
          <a key={at} href={part} rel="noreferrer nofollow" target="_blank" className="text-accent underline">
            {part}
          </a>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text have no other name
          <Fragment key={at}>{withNames(part, mentions)}</Fragment>
        ),
      )}
    </p>
  );
}

function withNames(text: string, names: readonly string[]) {
  const [name, ...others] = names;
  if (name === undefined) return text;
  return text.split(`@${name}`).map((part, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text have no other name
    <Fragment key={at}>
      {at > 0 ? <strong className="font-medium text-accent">@{name}</strong> : null}
      {withNames(part, others)}
    </Fragment>
  ));
}
