import type { Metadata } from "next";
import { GuidanceTabs } from "@/components/guidance/tabs";
import { ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import Link from "@/components/ui/link";
import { Page, PageHead, Section } from "@/components/ui/page";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import { type Params, withParams } from "@/components/ui/urls";
import { When } from "@/components/ui/when";
import { pageContext } from "@/lib/auth/context";
import { mayListCompletions } from "@/lib/courses/course";
import { listCompletions, listCourses } from "@/lib/courses/queries";
import { orEmpty } from "../../not-found-if";

export const metadata: Metadata = { title: "Courses" };

const path = "/guidance/courses";

export default async function CoursesPage({ searchParams }: { searchParams: Promise<Params> }) {
  const { after } = await searchParams;
  const ctx = await pageContext();
  const { items } = await listCourses(ctx, {});
  const completions = mayListCompletions(ctx.actor).ok
    ? ((await orEmpty(listCompletions, ctx, after ? { after } : {})) ?? { items: [], next: null })
    : null;
  const titleOf = (id: string) => items.find((c) => c.id === id)?.title ?? id;
  return (
    <Page name="patterns">
      <PageHead
        title="Courses"
        lede="Half an hour each, with questions at the end that are answered by thinking. Who has done which is a record."
      />
      <GuidanceTabs at={path} />
      {items.map((c) => (
        <article className="pt whole" key={c.id}>
          <div>
            <h2>
              <Link href={`${path}/${c.id}`}>{c.title}</Link>
            </h2>
            <p>{c.summary}</p>
            <p className="lbl">
              {c.audience}. {c.minutes} minutes, {c.questions} questions. Version {c.version}, <When at={c.published} />
              , by {c.owner}.
            </p>
            {c.completed ? (
              <p>
                <Status
                  state={c.completed.version === c.version ? "pass" : "stale"}
                  word={
                    c.completed.version === c.version ? "Done by you" : `Done by you at version ${c.completed.version}`
                  }
                />{" "}
                <When at={c.completed.completedAt} />
              </p>
            ) : null}
          </div>
        </article>
      ))}
      {completions ? (
        <Section title="Completions">
          {completions.items.length === 0 ? (
            <Empty title="Nobody has completed a course yet">
              Send owners and board members the address of theirs.
            </Empty>
          ) : (
            <>
              <div className="fb">
                <ButtonLink href={`${path}/completions.csv`} prefetch={false}>
                  CSV
                </ButtonLink>
              </div>
              <Table
                label="Completions, latest first"
                columns={[
                  { id: "person", name: "Person" },
                  { id: "unit", name: "Business unit" },
                  { id: "course", name: "Course" },
                  { id: "version", name: "Version", num: true },
                  { id: "at", name: "Completed" },
                ]}
                rows={completions.items.map((c) => ({
                  id: c.id,
                  cells: {
                    person: c.person,
                    unit: c.unit ?? <span className="mut">none</span>,
                    course: titleOf(c.course),
                    version: c.version,
                    at: <When at={c.completedAt} />,
                  },
                }))}
              />
              {completions.next ? (
                <ButtonLink href={withParams(path, {}, { after: completions.next })}>Earlier ones</ButtonLink>
              ) : null}
            </>
          )}
        </Section>
      ) : null}
    </Page>
  );
}
