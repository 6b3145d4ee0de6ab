import { redirect } from "next/navigation";
import { BoardPanel } from "@/components/queue/board-panel";
import { QueueRow } from "@/components/queue/queue-row";
import { PolicyHint } from "@/components/releases/policy-passable";
import { ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import Link from "@/components/ui/link";
import { Page, PageHead } from "@/components/ui/page";
import { Segmented } from "@/components/ui/tabs";
import { pageContext } from "@/lib/auth/context";
import { hasRole } from "@/lib/core/actor";
import { dayOf } from "@/lib/core/business-days";
import { keptHome } from "@/lib/queue/kept";
import { boardQueue } from "@/lib/queue/queries";
import { type Grouped, grouped, groupName, mostOfAKind, sayQueue } from "@/lib/queue/queue";
import { policiesStuck } from "@/lib/releases/satisfiable-query";

type Asked = { view?: string | string[]; all?: string | string[] };

export default async function HomePage({ searchParams }: { searchParams: Promise<Asked> }) {
  const { view, all } = await searchParams;
  const ctx = await pageContext();
  const { grants } = ctx.actor;
  // Leadership decides nothing here; its home is the numbers.
  if (view === undefined && grants.length > 0 && grants.every((g) => g.role === "executive")) redirect("/kpis");
  // Administrators give roles, and the chair of the board keeps the release policies.
  const mends = !ctx.asOf && (hasRole(ctx.actor, "admin") || hasRole(ctx.actor, "board_chair"));
  const whole = view === "board";
  const [{ mine, size, record }, board, policies] = await Promise.all([
    keptHome(ctx),
    whole ? boardQueue(ctx, {}) : [],
    mends ? policiesStuck(ctx, {}) : null,
  ]);
  const items = whole ? board : mine;
  const today = dayOf(ctx.now());
  return (
    <Page name="home" aside={<BoardPanel {...record} />}>
      <PageHead
        title={whole ? "Whole board" : "My queue"}
        lede={sayQueue(items, today, whole ? "board" : "me")}
        actions={
          <Segmented
            label="Whose queue"
            items={[
              { href: "/?view=mine", name: `Waiting on me ${mine.length}`, on: !whole },
              { href: "/?view=board", name: `Whole board ${size}`, on: whole },
            ]}
          />
        }
      />
      {policies ? <PolicyHint stuck={policies.stuck} /> : null}
      {items.length === 0 ? (
        <Empty
          title={whole ? "Nothing waits on this board" : "Nothing waits on you"}
          action={
            size > 0 && !whole ? (
              <ButtonLink href="/?view=board">See the whole board, {size}</ButtonLink>
            ) : (
              <ButtonLink href="/reviews">See past reviews</ButtonLink>
            )
          }
        >
          {whole
            ? "No review, release, waiver or condition is open."
            : "What asks for your vote, signature, answer or evidence will stand here, by promised date."}
        </Empty>
      ) : (
        <>
          {grouped(items, today).map((group, i) => (
            <QueueGroup
              key={group.group}
              group={group}
              first={i === 0}
              notes={whole ? boardNotes : notes}
              more={all === group.group ? null : `/?view=${whole ? "board" : "mine"}&all=${group.group}#${group.group}`}
            />
          ))}
          {items.length >= mostOfAKind ? (
            <p className="lbl">
              {whole && size > items.length ? `${items.length} of ${size} are listed: ` : ""}of each kind at most{" "}
              {mostOfAKind}, the nearest promise first.
            </p>
          ) : null}
        </>
      )}
    </Page>
  );
}

type Notes = Partial<Record<Grouped["group"], string>>;
const boardNotes: Notes = { overdue: "Oldest promise first" };
const notes: Notes = { ...boardNotes, condition: "Set by or for you" };

/** Longer groups are cut, with a way to the rest. */
const shown = 30;

function QueueGroup({
  group,
  first,
  notes,
  more,
}: {
  group: Grouped;
  first: boolean;
  notes: Notes;
  more: string | null;
}) {
  const cut = more !== null && group.items.length > shown + 5;
  return (
    <section aria-label={groupName[group.group]} id={group.group}>
      <div className="qh">
        <h2>
          {groupName[group.group]} <span className="n">{group.items.length}</span>
        </h2>
        <span className="r">{notes[group.group]}</span>
      </div>
      <ul>
        {(cut ? group.items.slice(0, shown) : group.items).map((item, i) => (
          <QueueRow
            key={`${item.ref} ${item.href} ${item.action}`}
            item={item}
            left={item.left}
            primary={first && i === 0}
          />
        ))}
      </ul>
      {cut && more ? (
        <p>
          <Link href={more}>
            Show all {group.items.length} of {groupName[group.group].toLowerCase()}
          </Link>
        </p>
      ) : null}
    </section>
  );
}
