/** How one value stands in the address. An unreadable one is as if it were absent: the fallback. */
export type UrlPart<T> = {
  fallback: T;
  read(text: string): T | undefined;
  write(value: NonNullable<T>): string;
};

type Word<F> = UrlPart<string | F>;

export function textPart(): Word<null>;
export function textPart(fallback: string): UrlPart<string>;
export function textPart(fallback: string | null = null): Word<null> {
  return { fallback, read: (text) => text, write: (value) => value };
}

export function choicePart<V extends string>(values: readonly V[]): UrlPart<V | null>;
export function choicePart<V extends string>(values: readonly V[], fallback: V): UrlPart<V>;
export function choicePart<V extends string>(
  values: readonly V[],
  fallback: V | null = null,
): UrlPart<V | null> {
  return { fallback, read: (text) => values.find((value) => value === text), write: (value) => value };
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

export function numberPart(fallback: number): UrlPart<number> {
  return { fallback, read: (text) => finite(Number.parseFloat(text)), write: String };
}

export function integerPart(fallback: number): UrlPart<number> {
  return { fallback, read: (text) => finite(Number.parseInt(text, 10)), write: String };
}

export function flagPart(fallback: boolean): UrlPart<boolean> {
  return {
    fallback,
    read: (text) => (text === "true" ? true : text === "false" ? false : undefined),
    write: String,
  };
}

const noIntegers: number[] = [];

export const integersPart: UrlPart<number[]> = {
  fallback: noIntegers,
  read: (text) => text.split(",").flatMap((one) => finite(Number.parseInt(one, 10)) ?? []),
  write: (value) => value.join(","),
};
