import type { Metadata } from "next";
import { Contents } from "@/components/markdown/contents";
import { Markdown } from "@/components/markdown/markdown";
import { ActionForm } from "@/components/ui/action-form";
import { RadioField } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { Page, PageHead, Section } from "@/components/ui/page";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import { pageContext } from "@/lib/auth/context";
import { mayComplete } from "@/lib/courses/course";
import { getCourse } from "@/lib/courses/queries";
import { outline } from "@/lib/markdown/outline";
import { orNotFound } from "../../../not-found-if";
import { completeAction } from "../actions";

export const metadata: Metadata = { title: "Course" };

export default async function CoursePage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const ctx = await pageContext();
  const course = await orNotFound(getCourse, ctx, { id });
  const verdict = mayComplete(ctx.actor);
  const { completed } = course;
  return (
    <Page name="pattern">
      <PageHead
        title={course.title}
        lede={
          <>
            {course.summary} For {course.audience.toLowerCase()}; {course.minutes} minutes. Version {course.version}, by{" "}
            {course.owner}.
          </>
        }
      />
      {completed ? (
        <Notice tone={completed.version === course.version ? "pass" : "care"}>
          You completed version {completed.version} <When at={completed.completedAt} />.
          {completed.version === course.version ? "" : ` This is version ${course.version}.`}
        </Notice>
      ) : null}
      <Contents entries={outline(course.markdown).filter((h) => h.depth === 2)} />
      <div className="text">
        <Markdown source={course.markdown} base={2} anchors />
      </div>
      {completed?.version === course.version ? null : (
        <Section title="Questions" note="All of them right completes the course; a wrong one is not held against you">
          {verdict.ok ? (
            <div style={{ maxWidth: 720 }}>
              <ActionForm
                action={completeAction}
                submit="Answer"
                hidden={{ id, "version:number": String(course.version) }}
                label="Questions of the course"
              >
                {course.questions.map((q) => (
                  <RadioField
                    key={q.id}
                    name={`answers.${q.id}:number`}
                    label={q.text}
                    options={q.options.map((label, i) => ({ value: String(i), label }))}
                  />
                ))}
              </ActionForm>
            </div>
          ) : (
            <WhyButton label="Answer" reason={verdict.reason} />
          )}
        </Section>
      )}
    </Page>
  );
}
