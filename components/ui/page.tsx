import type { ReactNode } from "react";

/**
 * The frame of every page inside the shell: main column and, where given, the right column.
 * `name` picks the page's own styles (app/styles/<name>.css).
 */
export function Page({ name, aside, children }: { name?: string; aside?: ReactNode; children: ReactNode }) {
  const main = (
    <main className="main" id="main" tabIndex={-1}>
      {children}
    </main>
  );
  return (
    <div className={name ? `p-${name}` : undefined}>
      {aside ? (
        <div className="split">
          {main}
          <aside className="aside" aria-label="More about this page">
            {aside}
          </aside>
        </div>
      ) : (
        main
      )}
    </div>
  );
}

/** Title row: h1, an optional state beside it, one line below, actions right. */
export function PageHead({
  title,
  state,
  lede,
  actions,
}: {
  title: ReactNode;
  state?: ReactNode;
  lede?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <div className="head">
      <div>
        <div className="title">
          <h1>{title}</h1>
          {state}
        </div>
        {lede ? <p className="lede">{lede}</p> : null}
      </div>
      {actions ? <div className="acts">{actions}</div> : null}
    </div>
  );
}

/** A titled section; `note` stands right of the title. */
export function Section({
  title,
  note,
  id,
  children,
}: {
  title: ReactNode;
  note?: ReactNode;
  id?: string;
  children: ReactNode;
}) {
  return (
    <section className="sec" id={id}>
      <div className="h">
        <h2>{title}</h2>
        {note ? <span className="r">{note}</span> : null}
      </div>
      {children}
    </section>
  );
}
