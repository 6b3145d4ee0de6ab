import type { Metadata } from "next";
import { NoticeRow } from "@/components/notifications/notice-row";
import { ActionForm } from "@/components/ui/action-form";
import { ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Filters } from "@/components/ui/filters";
import { Page, PageHead } from "@/components/ui/page";
import { Pager } from "@/components/ui/pager";
import { Segmented } from "@/components/ui/tabs";
import { type Params, withParams } from "@/components/ui/urls";
import { pageContext } from "@/lib/auth/context";
import { dayOf } from "@/lib/core/business-days";
import { kindName, type NoticeLine, noticeKinds } from "@/lib/notifications/notification";
import { notificationList } from "@/lib/notifications/queries";
import { readAll } from "./actions";

export const metadata: Metadata = { title: "Notifications" };

const kinds = noticeKinds.map((kind) => ({ value: kind, label: kindName[kind] }));

export default async function NotificationsPage({ searchParams }: { searchParams: Promise<Params> }) {
  const params = await searchParams;
  const ctx = await pageContext();
  const now = ctx.now();
  const given = (["kind", "unread", "after"] as const).flatMap((key) => {
    const value = params[key];
    return typeof value === "string" && value !== "" ? [[key, value] as const] : [];
  });
  const list = await notificationList(ctx, Object.fromEntries(given));
  const onlyUnread = params.unread === "true";
  const filtered = params.kind !== undefined || params.after !== undefined;
  const unread = list.items.filter((n) => !n.read);
  const read = list.items.filter((n) => n.read);
  return (
    <Page name="notices">
      <PageHead
        title="Notifications"
        lede="What you are asked, and what happened to what is yours. Opening one marks it as read."
        actions={
          unread.length > 0 ? (
            <ActionForm
              action={readAll}
              submit="Mark all as read"
              tone="outlined"
              hidden={{ until: now.toISOString() }}
              label="Mark all as read"
            />
          ) : null
        }
      />
      <div className="finding">
        <Segmented
          label="Which notifications"
          items={[
            { href: withParams("/notifications", params, { unread: null, after: null }), name: "All", on: !onlyUnread },
            {
              href: withParams("/notifications", params, { unread: "true", after: null }),
              name: "Unread",
              on: onlyUnread,
            },
          ]}
        />
        <Filters filters={[{ key: "kind", name: "Kind", options: kinds }]} />
      </div>
      {list.items.length === 0 ? (
        <Empty
          title={
            filtered
              ? "No notification matches"
              : onlyUnread
                ? "You have read everything"
                : "Nobody has told you anything"
          }
          action={<ButtonLink href="/">See what waits on you</ButtonLink>}
        >
          {filtered
            ? "Take a filter away to see more."
            : "Votes, signatures and answers that are asked of you will stand here, and what happens to your models."}
        </Empty>
      ) : (
        <>
          <Half title="Unread" lines={unread} today={dayOf(now)} />
          <Half title="Read" lines={read} today={dayOf(now)} />
          <Pager
            shown={list.items.length}
            total={null}
            noun="notification"
            next={list.next ? withParams("/notifications", params, { after: list.next }) : null}
            start={params.after ? withParams("/notifications", params, { after: null }) : null}
          />
        </>
      )}
    </Page>
  );
}

function Half({ title, lines, today }: { title: string; lines: readonly NoticeLine[]; today: string }) {
  if (lines.length === 0) return null;
  return (
    <section aria-label={title}>
      <div className="qh">
        <h2>
          {title} <span className="n">{lines.length}</span>
        </h2>
      </div>
      <ul>
        {lines.map((line) => (
          <NoticeRow key={line.id} line={line} today={today} />
        ))}
      </ul>
    </section>
  );
}
