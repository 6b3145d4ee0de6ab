import type { Metadata } from "next";
import { orNotFound } from "@/app/(portal)/not-found-if";
import { MinutesForm } from "@/components/meetings/minutes-form";
import { ActionForm } from "@/components/ui/action-form";
import { ButtonLink } from "@/components/ui/button";
import { Digest } from "@/components/ui/digest";
import { TextField } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { Page, PageHead, Section } from "@/components/ui/page";
import { PrintButton } from "@/components/ui/print-button";
import { Status } from "@/components/ui/status";
import { Segmented } from "@/components/ui/tabs";
import type { Params } from "@/components/ui/urls";
import { When } from "@/components/ui/when";
import { pageContext } from "@/lib/auth/context";
import { minutesGet } from "@/lib/meetings/compose-minutes";
import { mayCorrectMinutes, mayEditMinutes } from "@/lib/meetings/minutes";
import { sayMeetingTime } from "@/lib/meetings/say";
import { correctAction, minutesAction, publishAction } from "../../actions";
import { MinutesRecord } from "./record";

export async function generateMetadata({ params }: { params: Promise<{ ref: string }> }): Promise<Metadata> {
  return { title: `Minutes of ${(await params).ref}` };
}

export default async function MinutesPage({
  params,
  searchParams,
}: {
  params: Promise<{ ref: string }>;
  searchParams: Promise<Params>;
}) {
  const ctx = await pageContext();
  const { ref } = await params;
  const { edition, view } = await searchParams;
  const read = await orNotFound(minutesGet, ctx, {
    ref,
    ...(typeof edition === "string" ? { edition: Number(edition) } : {}),
  });
  const { minutes, subject } = read;
  const newest = read.editions[0]?.edition === minutes.edition;
  const edits = newest && read.publishedAt === null && mayEditMinutes(ctx.actor, subject).ok;
  const corrects = newest && mayCorrectMinutes(ctx.actor, subject).ok;
  const here = `/meetings/${subject.ref}/minutes`;
  return (
    <Page name="meetings">
      <PageHead
        title={`Minutes: ${minutes.meeting.title}`}
        state={read.publishedAt ? <Status state="pass" tag word="Published" /> : <Status state="draft" tag />}
        lede={
          <>
            <span className="mono">{subject.ref}</span>,{" "}
            {sayMeetingTime(subject.startsAt, subject.minutes, subject.zone)}.
            {minutes.edition > 1 ? ` Edition ${minutes.edition}: ${minutes.correction}` : ""}
          </>
        }
        actions={
          <>
            <ButtonLink href={`/meetings/${subject.ref}`}>Agenda</ButtonLink>
            <PrintButton />
          </>
        }
      />
      {read.publishedAt && read.digest ? (
        <Notice tone="pass">
          Published <When at={read.publishedAt} /> and fixed with <Digest value={read.digest} />, which the log holds.
          {newest ? "" : " A later edition stands beside it."}
        </Notice>
      ) : null}
      {read.editions.length > 1 ? (
        <Segmented
          label="Editions"
          items={read.editions.map((e) => ({
            href: `${here}?edition=${e.edition}`,
            name: `Edition ${e.edition}${e.publishedAt ? "" : ", draft"}`,
            on: e.edition === minutes.edition,
          }))}
        />
      ) : null}
      {edits ? (
        <Segmented
          label="Reading"
          items={[
            { href: here, name: "Write", on: view !== "read" },
            { href: `${here}?view=read`, name: "Read", on: view === "read" },
          ]}
        />
      ) : null}
      {edits && view !== "read" ? (
        <>
          <MinutesForm
            key={minutes.edition}
            kept={{
              revision: read.revision,
              summary: minutes.summary,
              items: minutes.items.map((i) => ({
                id: i.id,
                title: i.title ?? "A review of another business unit",
                text: i.text,
              })),
            }}
            save={async ({ revision, summary, texts }) => {
              "use server";
              return minutesAction({ ref: subject.ref, revision, summary, texts });
            }}
          />
          <Section title="Confirm">
            <p className="ink2">
              Attendance, votes and decisions are taken from the record. Once published, the minutes are fixed by their
              digest; a correction is a new edition.
            </p>
            <ActionForm
              key={read.revision}
              action={publishAction}
              submit="Confirm and publish"
              hidden={{ ref: subject.ref, "revision:number": String(read.revision) }}
              label="Confirm and publish"
              confirm={{
                title: "Publish the minutes?",
                text: "Everyone who may read reviews reads them, and they cannot be changed any more.",
                yes: "Confirm and publish",
              }}
            />
          </Section>
        </>
      ) : (
        <MinutesRecord minutes={minutes} />
      )}
      {corrects ? (
        <Section title="Correct">
          <div className="no-print" style={{ maxWidth: 560 }}>
            <ActionForm
              action={correctAction}
              submit="Begin a new edition"
              tone="outlined"
              hidden={{ ref: subject.ref }}
              label="Begin a new edition"
            >
              <TextField name="reason" label="What was wrong" maxLength={1000} />
            </ActionForm>
          </div>
        </Section>
      ) : null}
    </Page>
  );
}
