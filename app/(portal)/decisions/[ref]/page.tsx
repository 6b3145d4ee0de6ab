import { orNotFound } from "@/app/(portal)/not-found-if";
import { History } from "@/components/log/history";
import { ForgetSentDrafts } from "@/components/markdown/draft";
import { Markdown } from "@/components/markdown/markdown";
import { ButtonLink } from "@/components/ui/button";
import { Diff } from "@/components/ui/diff";
import { Digest } from "@/components/ui/digest";
import Link from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import { Page, PageHead } from "@/components/ui/page";
import { PrintButton } from "@/components/ui/print-button";
import { Status } from "@/components/ui/status";
import { When } from "@/components/ui/when";
import { WhyButton } from "@/components/ui/why-button";
import { pageContext } from "@/lib/auth/context";
import { adrCheckModels, adrChecksOf } from "@/lib/decision-checks/reads";
import { adrDiscussion } from "@/lib/decisions/comment";
import { mayRevise } from "@/lib/decisions/decision";
import { getAdr, revisionText } from "@/lib/decisions/queries";
import { Checks, type Opened } from "./checks";
import { Discussion } from "./discussion";
import { SignOff } from "./sign-off";

type Search = { revision?: string; from?: string; said?: string; check?: string; after?: string };

export async function generateMetadata({ params }: { params: Promise<{ ref: string }> }) {
  return { title: (await params).ref };
}

export default async function DecisionPage({
  params,
  searchParams,
}: {
  params: Promise<{ ref: string }>;
  searchParams: Promise<Search>;
}) {
  const ctx = await pageContext();
  const { ref } = await params;
  const { revision, from, said, check, after } = await searchParams;
  const adr = await orNotFound(getAdr, ctx, { ref, ...(revision ? { revision } : {}) });
  const { shown } = adr;
  const before = from && /^\d{1,6}$/.test(from) ? await revisionText(ctx.db, adr.id, Number(from)) : null;
  const discussion = await orNotFound(adrDiscussion, ctx, { ref, ...(said ? { after: said } : {}) });
  const checks = await orNotFound(adrChecksOf, ctx, { ref });
  const opened: Opened | null = checks.items.some((one) => one.id === check)
    ? {
        id: check ?? "",
        after,
        models: await orNotFound(adrCheckModels, ctx, { ref, check, limit: 100, ...(after ? { after } : {}) }),
      }
    : null;
  const may = mayRevise(ctx.actor, adr.subject);
  return (
    <Page
      name="record"
      aside={
        <>
          <SignOff adr={adr} actor={ctx.actor} />
          <Revisions adr={adr} />
          <Backlinks adr={adr} />
          <section className="ds">
            <h2>History</h2>
            <History entries={adr.history} all={`/log?subject=${adr.ref}`} />
          </section>
        </>
      }
    >
      <PageHead
        title={adr.title}
        state={
          <Status state={adr.status} tag word={adr.supersededBy ? `Superseded by ${adr.supersededBy}` : undefined} />
        }
        lede={
          <>
            {adr.ref}
            {adr.model ? (
              <>
                {" "}
                for <Link href={`/models/${adr.model}`}>{adr.model}</Link>
              </>
            ) : null}
            . Revision {shown.number} of {adr.revision}.
          </>
        }
        actions={
          <>
            <PrintButton />
            {may.ok ? (
              <ButtonLink href={`/decisions/${adr.ref}/edit`}>Revise</ButtonLink>
            ) : adr.status === "proposed" ? (
              <WhyButton label="Revise" reason={may.reason} />
            ) : null}
          </>
        }
      />
      {shown.number === adr.revision ? null : (
        <Notice tone="care">
          This is an earlier revision. <Link href={`/decisions/${adr.ref}`}>Read the present one.</Link>
        </Notice>
      )}
      <AtSource adr={adr} />
      <Facts adr={adr} />
      <Checks checks={checks} actor={ctx.actor} opened={opened} />
      {before === null ? (
        <Markdown source={withoutTitle(shown.content)} base={2} anchors />
      ) : (
        <>
          <h2>
            Revision {from} to {shown.number}
          </h2>
          <Diff before={before} after={shown.content} label={`What changed from revision ${from} to ${shown.number}`} />
        </>
      )}
      <Discussion adr={adr} actor={ctx.actor} said={discussion} />
      <ForgetSentDrafts />
    </Page>
  );
}

type Adr = Awaited<ReturnType<typeof getAdr>>;

/** The page's own title says it already. */
const withoutTitle = (content: string): string =>
  content.replace(/^(\uFEFF?(?:---\r?\n[\s\S]*?\r?\n---\r?\n)?\s*)# [^\n]*\n/, "$1");

/** Where the file that the record comes from says otherwise, is gone, or cannot be read. */
function AtSource({ adr }: { adr: Adr }) {
  return adr.files.map((file) => {
    const where = (
      <>
        <span className="mono">{file.path}</span> of <Link href="/decisions/sources">{file.source}</Link>
      </>
    );
    if (file.drift !== null)
      return (
        <div key={file.path}>
          <Notice tone="care">
            <b>Drift.</b> {where} says otherwise than what was {adr.status}. The record stays; a new record can
            supersede it, or the file can be put back.
          </Notice>
          {adr.shown.number === adr.revision ? (
            <details>
              <summary>What differs in the file</summary>
              <Diff before={adr.shown.content} after={file.drift} label={`How ${file.path} differs from the record`} />
            </details>
          ) : null}
        </div>
      );
    if (file.state === "removed" || file.state === "refused")
      return (
        <Notice key={file.path} tone="care">
          {where} {file.state === "removed" ? "is gone from there" : `cannot be taken: ${file.reason}`}. The record
          stays as it was last read.
        </Notice>
      );
    return null;
  });
}

function Facts({ adr }: { adr: Adr }) {
  const { record } = adr.shown;
  const lines: [string, React.ReactNode][] = [
    ["Digest", <Digest key="d" value={`sha256:${adr.shown.digest}`} />],
    ...(record.date ? [["Date", record.date] as [string, React.ReactNode]] : []),
    ...(["decisionMakers", "consulted", "informed"] as const)
      .filter((key) => record[key].length > 0)
      .map((key): [string, React.ReactNode] => [
        { decisionMakers: "Decided by", consulted: "Consulted", informed: "Informed" }[key],
        record[key].join(", "),
      ]),
    ...(adr.patternId
      ? [
          [
            "Pattern",
            <Link key="p" href={`/patterns/${adr.patternId}`}>
              {adr.patternId}
            </Link>,
          ] as [string, React.ReactNode],
        ]
      : []),
    ...adr.files.slice(0, 3).map((file): [string, React.ReactNode] => [
      "File",
      <span key={file.path}>
        <span className="mono">{file.path}</span> of <Link href="/decisions/sources">{file.source}</Link>
      </span>,
    ]),
    ...(record.statusText && record.status !== adr.status
      ? [["The file says", record.statusText.slice(0, 120)] as [string, React.ReactNode]]
      : []),
    ...(record.claims.length > 0
      ? [["It claims", record.claims.map((claim) => claim.words).join(" ")] as [string, React.ReactNode]]
      : []),
    ...(adr.reviewBy
      ? [["Review by", <When key="r" at={adr.reviewBy} show="day" />] as [string, React.ReactNode]]
      : []),
  ];
  return (
    <dl className="facts">
      {lines.map(([name, value], i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two files give two lines of one name
        <div key={`${name} ${i}`} style={{ display: "contents" }}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Revisions({ adr }: { adr: Adr }) {
  return (
    <section className="ds">
      <h2>Revisions</h2>
      <ul>
        {adr.revisions.map((r) => (
          <li className="rv" key={r.number}>
            <Link
              href={`/decisions/${adr.ref}?revision=${r.number}`}
              aria-current={r.number === adr.shown.number ? "true" : undefined}
              className={r.number === adr.shown.number ? "b" : undefined}
            >
              {r.number}
            </Link>
            <span>
              {r.author ?? "unknown"}, <When at={r.createdAt} />
              {r.digest === adr.acceptedDigest ? <span className="lbl"> accepted</span> : null}
            </span>
            {r.number > 1 ? (
              <Link
                href={`/decisions/${adr.ref}?revision=${r.number}&from=${r.number - 1}`}
                aria-label={`What changed in revision ${r.number}`}
              >
                Changes
              </Link>
            ) : (
              <span />
            )}
            <span />
            <Digest value={r.digest} copy={false} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Backlinks({ adr }: { adr: Adr }) {
  const { reviews, supersedes, mentionedIn } = adr.backlinks;
  const groups = [
    { name: "Reviewed in", items: reviews.map((r) => ({ href: `/reviews/${r.ref}`, ref: r.ref, title: r.title })) },
    { name: "Supersedes", items: supersedes.map((a) => ({ href: `/decisions/${a.ref}`, ref: a.ref, title: a.title })) },
    {
      name: "Mentioned in",
      items: mentionedIn.map((a) => ({ href: `/decisions/${a.ref}`, ref: a.ref, title: a.title })),
    },
  ].filter((g) => g.items.length > 0);
  return (
    <section className="ds">
      <h2>Linked from</h2>
      {groups.length === 0 ? <p className="mut">Nothing refers to this record yet.</p> : null}
      {groups.map((group) => (
        <div key={group.name} style={{ marginTop: 8 }}>
          <div className="lbl">{group.name}</div>
          <ul>
            {group.items.map((item) => (
              <li key={item.ref}>
                <Link href={item.href}>{item.ref}</Link>
                <div>{item.title}</div>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}
