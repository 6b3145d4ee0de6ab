import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { VerifyEntry } from "@/components/log/verify-entry";
import { Digest } from "@/components/ui/digest";
import { KeyValues } from "@/components/ui/key-values";
import Link from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import { Page, PageHead, Section } from "@/components/ui/page";
import { When } from "@/components/ui/when";
import { pageContext } from "@/lib/auth/context";
import { Refusal } from "@/lib/core/refusal";
import { subjectPage } from "@/lib/log/entry";
import { logEntry } from "@/lib/log/queries";

type Props = { params: Promise<{ index: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Log ${(await params).index}` };
}

export default async function LogEntryPage({ params }: Props) {
  const { index } = await params;
  const ctx = await pageContext();
  const entry = await logEntry(ctx, { index }).catch((error: unknown) => {
    if (error instanceof Refusal && (error.code === "not_found" || error.code === "invalid")) notFound();
    throw error;
  });
  const about = subjectPage(entry.subject);
  const { proof } = entry;
  return (
    <Page
      name="log"
      aside={
        <>
          <div className="h">
            <h2>Proof</h2>
          </div>
          {proof ? (
            <>
              <p className="lbl">
                Computed by your browser from the bytes of this entry, {proof.hashes.length} neighbour hashes and the
                checkpoint over {proof.size.toLocaleString("en-GB")} entries that{" "}
                <span className="mono">{proof.origin}</span> signed.
              </p>
              <VerifyEntry entry={{ leaf: entry.leaf, body: entry.body, proof }} />
              <details>
                <summary>Checkpoint</summary>
                <pre className="mono">{proof.checkpoint}</pre>
              </details>
              <p className="lbl">Unwitnessed: only this portal has signed the checkpoint.</p>
            </>
          ) : (
            <Notice tone="info">
              Being sequenced. The proof is there as soon as a signed checkpoint covers the entry; reload in a moment.
            </Notice>
          )}
        </>
      }
    >
      <PageHead
        title={entry.index === null ? "Log entry" : `Log ${entry.index.toLocaleString("en-GB")}`}
        lede={
          <>
            <b className="b">{entry.actor.name}</b> {entry.summary}
          </>
        }
      />
      <KeyValues
        items={[
          { key: "When", value: <When at={entry.at} show="datetime" /> },
          {
            key: "Entry",
            value: <span className="mono">{entry.kind === "signature" ? "signature" : entry.name}</span>,
          },
          { key: "Who", value: `${entry.actor.name} (${entry.actor.kind})` },
          { key: "About", value: about ? <Link href={about}>{entry.subject.ref}</Link> : entry.subject.ref },
          { key: "Leaf hash", value: entry.hash ? <Digest value={`sha256:${entry.hash}`} lead={16} tail={8} /> : null },
          { key: "Request", value: <span className="mono">{entry.requestId}</span> },
        ]}
      />
      {entry.body === null ? null : (
        <Section title="What changed" note={<Digest value={`sha256:${entry.bodySha256}`} />}>
          <pre className="code">{pretty(entry.body)}</pre>
        </Section>
      )}
      <Section title="Leaf" note="the exact bytes under the hash">
        <pre className="code">{Buffer.from(entry.leaf, "base64").toString("utf8")}</pre>
      </Section>
    </Page>
  );
}

const pretty = (body: string): string => JSON.stringify(JSON.parse(body), null, 2);
