/** The Countersign mark: two ticks, one over the other. */
export function Mark() {
  return (
    <svg viewBox="0 0 20 20" aria-hidden="true">
      <rect x=".5" y=".5" width="19" height="19" rx="4" fill="var(--accent)" />
      <path
        d="M4.6 10.2 7.4 13l5-6.4M8.9 13.4l.9.6 5.6-7.4"
        fill="none"
        stroke="var(--on-accent)"
        strokeWidth="1.6"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
