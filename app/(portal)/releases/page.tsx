import { ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Filters } from "@/components/ui/filters";
import Link from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import { Page, PageHead } from "@/components/ui/page";
import { Pager } from "@/components/ui/pager";
import { Status } from "@/components/ui/status";
import { Table } from "@/components/ui/table";
import { TierChip } from "@/components/ui/tier-chip";
import { When } from "@/components/ui/when";
import { pageContext } from "@/lib/auth/context";
import { sayIn } from "@/lib/freezes/freeze";
import { findFreezes } from "@/lib/freezes/queries";
import { listReleases } from "@/lib/releases/queries";
import { releaseStatuses, releaseStatusName } from "@/lib/releases/release";

export const metadata = { title: "Releases" };

const filters = [
  { key: "status", name: "State", options: releaseStatuses.map((s) => ({ value: s, label: releaseStatusName[s] })) },
  {
    key: "environment",
    name: "Environment",
    options: [
      { value: "prod", label: "Production" },
      { value: "staging", label: "Staging" },
    ],
  },
];

type Search = Record<string, string | string[] | undefined>;
const one = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value) || undefined;
const href = (search: Search, after: string | null) => {
  const params = new URLSearchParams();
  for (const key of ["status", "environment", "model"]) {
    const value = one(search[key]);
    if (value) params.set(key, value);
  }
  if (after) params.set("after", after);
  return `/releases${params.size > 0 ? `?${params}` : ""}`;
};

export default async function Releases({ searchParams }: { searchParams: Promise<Search> }) {
  const ctx = await pageContext();
  const search = await searchParams;
  const wanted = {
    status: one(search.status)
      ?.split(",")
      .filter((s) => releaseStatuses.some((known) => known === s)),
    environment: one(search.environment)
      ?.split(",")
      .filter((e) => e === "prod" || e === "staging"),
  };
  const { releases, next } = await listReleases(ctx, {
    ...(wanted.status?.length ? { status: wanted.status } : {}),
    ...(wanted.environment?.length ? { environment: wanted.environment } : {}),
    ...(one(search.model) ? { model: one(search.model) } : {}),
    ...(one(search.after) ? { after: one(search.after) } : {}),
  });
  const frozen = await findFreezes(ctx, { state: ["active", "upcoming"], limit: 3 });
  const filtered = Object.keys(search).some((key) => key !== "after");
  return (
    <Page name="releases">
      <PageHead
        title="Releases"
        lede="Requests to serve a version, who has signed them, and what the gate answers."
        actions={
          <>
            <ButtonLink href="/releases/freezes">Freezes</ButtonLink>
            <ButtonLink href="/releases/break-glass">Break-glass</ButtonLink>
            <ButtonLink href="/releases/policies/prod-release">Policy</ButtonLink>
            <ButtonLink href={`/releases/export${href(search, null).slice("/releases".length)}`} prefetch={false}>
              CSV
            </ButtonLink>
            <ButtonLink tone="primary" href="/releases/new">
              Request a release
            </ButtonLink>
          </>
        }
      />
      {frozen.items.map((f) => (
        <Notice key={f.id} tone={f.state === "active" ? "care" : "info"}>
          {f.state === "active" ? "Frozen" : "A freeze is coming"}:{" "}
          {f.environment === "prod" ? "production" : "staging"}, {f.unit ?? "the whole organisation"},{" "}
          {sayIn(new Date(f.startsAt), f.timeZone)} to {sayIn(new Date(f.endsAt), f.timeZone)}. {f.reason}{" "}
          <Link href={`/releases/freezes#${f.ref}`}>{f.ref}</Link>
        </Notice>
      ))}
      <div className="row w" style={{ margin: "16px 0 8px" }}>
        <Filters filters={filters} />
      </div>
      <Table
        label="Releases"
        columns={[
          { id: "ref", name: "Release", width: 96 },
          { id: "model", name: "Model and version" },
          { id: "environment", name: "To", width: 96 },
          { id: "requested", name: "Requested" },
          { id: "signatures", name: "Signatures", num: true, width: 96 },
          { id: "answer", name: "Last answer", width: 120 },
          { id: "status", name: "State", width: 120 },
        ]}
        rows={releases.map((r) => ({
          id: r.id,
          name: r.ref,
          cells: {
            ref: (
              <Link className="mono" href={`/releases/${r.ref}`}>
                {r.ref}
              </Link>
            ),
            model: (
              <span className="row">
                <TierChip tier={r.tier} />
                <Link href={`/models/${encodeURIComponent(r.model)}`}>{r.model}</Link>
                <span className="mono">{r.version}</span>
              </span>
            ),
            environment: r.environment,
            requested: (
              <span className="ink2">
                {r.requestedBy}, <When at={r.requestedAt} />
              </span>
            ),
            signatures: r.approvals,
            answer: r.lastAnswer ? <Status state={r.lastAnswer} /> : <span className="mut">not asked</span>,
            status: <Status state={r.status} word={releaseStatusName[r.status]} />,
          },
          card: (
            <Link href={`/releases/${r.ref}`} className="mc-link">
              <span className="row">
                <span className="mono">{r.ref}</span>
                <span className="sp" />
                <Status state={r.status} word={releaseStatusName[r.status]} />
              </span>
              <b className="b">
                {r.model} {r.version} to {r.environment}
              </b>
              <div className="lbl">
                {r.requestedBy}, <When at={r.requestedAt} />. {r.approvals} signatures
              </div>
            </Link>
          ),
        }))}
        empty={
          <Empty
            title={filtered ? "No release matches." : "Nobody has asked for a release yet."}
            action={
              filtered ? (
                <ButtonLink href="/releases">All releases</ButtonLink>
              ) : (
                <ButtonLink href="/releases/new">Request a release</ButtonLink>
              )
            }
          >
            {filtered
              ? "Take a filter away to see more."
              : "A release is asked for one version and one environment; the policy then names who must sign."}
          </Empty>
        }
      />
      {releases.length > 0 ? (
        <Pager
          shown={releases.length}
          noun="release"
          total={null}
          first={releases[0]?.ref}
          last={releases.at(-1)?.ref}
          next={next ? href(search, next) : null}
          start={one(search.after) ? href(search, null) : null}
        />
      ) : null}
    </Page>
  );
}
