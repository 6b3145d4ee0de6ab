import { ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import Link from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import { Page, PageHead, Section } from "@/components/ui/page";
import { Status } from "@/components/ui/status";
import { pageContext } from "@/lib/auth/context";
import { adrGraph } from "@/lib/decisions/graph";
import { layOut } from "@/lib/decisions/graph-layout";

export const metadata = { title: "Which decision supersedes which" };

const cell = { width: 236, height: 64, gapX: 44, gapY: 12 };
const x = (column: number) => column * (cell.width + cell.gapX) + 1;
const y = (row: number) => row * (cell.height + cell.gapY) + 1;

export default async function DecisionGraphPage() {
  const ctx = await pageContext();
  const { nodes, edges, truncated } = await adrGraph(ctx, {});
  const { placed, columns, rows } = layOut(
    nodes.map((n) => n.ref),
    edges,
  );
  const at = new Map(placed.map((p) => [p.ref, p]));
  return (
    <Page name="records">
      <PageHead
        title="Which decision supersedes which"
        lede="Older records stand to the left. What stands today is at the right end of its row."
        actions={<ButtonLink href="/decisions">All decisions</ButtonLink>}
      />
      {truncated ? <Notice tone="care">There are more than 2,000 such records; the oldest are shown.</Notice> : null}
      {nodes.length === 0 ? (
        <Empty
          title="No decision supersedes another yet"
          action={<ButtonLink href="/decisions">All decisions</ButtonLink>}
        >
          A record is superseded on its own page, by an accepted one.
        </Empty>
      ) : (
        <>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
          <section className="graph" aria-label="Drawing" tabIndex={0}>
            <div
              style={{
                position: "relative",
                width: x(columns) - cell.gapX,
                height: y(rows) - cell.gapY,
              }}
            >
              <svg width={x(columns)} height={y(rows)} aria-hidden="true">
                {edges.map(({ from, to }) => {
                  const [a, b] = [at.get(from), at.get(to)];
                  if (!a || !b) return null;
                  const [x1, y1, x2, y2] = [x(a.column) + cell.width, y(a.row) + 32, x(b.column), y(b.row) + 32];
                  const bend = x2 - cell.gapX / 2;
                  return (
                    <path key={from} d={`M${x1} ${y1} H${bend} V${y2} H${x2 - 2} m-6 -4 l6 4 l-6 4`} fill="none" />
                  );
                })}
              </svg>
              {nodes.map((node) => {
                const place = at.get(node.ref);
                if (!place) return null;
                return (
                  <Link
                    key={node.ref}
                    href={`/decisions/${node.ref}`}
                    className="node plain"
                    style={{ left: x(place.column), top: y(place.row), width: cell.width, height: cell.height }}
                  >
                    <span className="row">
                      <span className="mono">{node.ref}</span>
                      <span className="sp" />
                      <Status state={node.status} />
                    </span>
                    <span className="t2">{node.title}</span>
                  </Link>
                );
              })}
            </div>
          </section>
          <Section title="The same as a list">
            <ul>
              {edges.map(({ from, to }) => (
                <li key={from}>
                  <Link href={`/decisions/${from}`}>{from}</Link> {title(nodes, from)}, superseded by{" "}
                  <Link href={`/decisions/${to}`}>{to}</Link> {title(nodes, to)}
                </li>
              ))}
            </ul>
          </Section>
        </>
      )}
    </Page>
  );
}

const title = (nodes: readonly { ref: string; title: string }[], ref: string): string =>
  nodes.find((n) => n.ref === ref)?.title ?? "";
