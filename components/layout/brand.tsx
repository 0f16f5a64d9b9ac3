/** The mark: a closed book with a tick on its cover. */
export function Brand({ size = 20 }: { size?: number }) {
  return (
    <span className="inline-flex items-center gap-2 text-body font-semibold tracking-[-0.015em] text-ink">
      <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden="true" className="text-accent">
        <path d="M7 4h19v24H9.5A3.5 3.5 0 0 1 6 24.5V5a1 1 0 0 1 1-1z" fill="currentColor" />
        <path
          d="M6.5 24.5A3 3 0 0 1 9.5 22H26M11 13.5l3.2 3.2L21 9.5"
          fill="none"
          stroke="var(--on-accent)"
          strokeWidth="2.4"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </svg>
      Weekbook
    </span>
  );
}
