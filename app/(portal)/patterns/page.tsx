import type { Metadata } from "next";
import Link from "next/link";
import { Empty } from "@/components/ui/empty";
import { Page, PageHead } from "@/components/ui/page";
import { Status } from "@/components/ui/status";
import { When } from "@/components/ui/when";
import { pageContext } from "@/lib/auth/context";
import { listPatterns } from "@/lib/patterns/reads";

export const metadata: Metadata = { title: "Patterns" };

export default async function PatternsPage({ searchParams }: { searchParams: Promise<{ model?: string }> }) {
  const { model } = await searchParams;
  const ctx = await pageContext();
  const { items } = await listPatterns(ctx, {});
  const query = model ? `?model=${encodeURIComponent(model)}` : "";
  return (
    <Page name="patterns">
      <PageHead
        title="Reference architectures"
        lede={
          model
            ? `Choose the one that ${model} follows. Its version is pinned, so what was approved stays what was read.`
            : "What colleagues have already paid for. A model that follows one within its limits takes the self-service lane."
        }
      />
      {items.length === 0 ? <Empty title="No reference architecture is published." /> : null}
      {items.map((pattern) => (
        <article className="pt" key={pattern.id}>
          <div>
            <h2>
              <Link href={`/patterns/${pattern.id}${query}`}>{pattern.title}</Link>
            </h2>
            <p>{pattern.summary}</p>
            <p className="lbl">
              Version {pattern.version}, published <When at={pattern.published} />, by {pattern.owner}. Self-service for
              tiers {pattern.limits.tiers.join(", ")};{" "}
              {pattern.limits.serving_types.join(", ").replace("llm_app", "LLM application")}.
            </p>
          </div>
          <div>
            <span className="adopt">{pattern.adoption.adopted}</span>
            <div className="lbl">{pattern.adoption.adopted === 1 ? "model follows it" : "models follow it"}</div>
            {pattern.adoption.behind > 0 ? (
              <Status state="stale" word={`${pattern.adoption.behind} on an older version`} />
            ) : null}
          </div>
        </article>
      ))}
    </Page>
  );
}
