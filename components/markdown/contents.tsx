/** The way through a long text; every heading can be linked to (lib/markdown/outline.ts). */
export function Contents({ entries }: { entries: readonly { id: string; text: string }[] }) {
  return (
    <nav className="onpage" aria-label="On this page">
      <ol>
        {entries.map((entry) => (
          <li key={entry.id}>
            <a href={`#${entry.id}`}>{entry.text}</a>
          </li>
        ))}
      </ol>
    </nav>
  );
}
