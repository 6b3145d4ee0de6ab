import "server-only";
import type { Reader } from "@/db/client";
import { prepared, send } from "@/db/transact";
import type { Fact } from "@/lib/facts/fact";
import type { ModelKind, ServingType } from "@/lib/models/model";
import { validMonths } from "@/lib/risk/method";
import type { Attested, Raised, Waived } from "./judge";

/** Everything that a model's readiness is judged by, as it stood at one moment. */
export type Given = {
  model: {
    id: string;
    name: string;
    kind: ModelKind | null;
    servingType: ServingType | null;
    tier: number | null;
    team: string;
    claimedAt: Date | null;
    createdAt: Date;
  };
  version: {
    id: string;
    version: string;
    digest: string | null;
    commit: string | null;
    runId: string | null;
    registeredAt: Date;
  } | null;
  owner: { name: string; active: boolean } | null;
  backup: { name: string; active: boolean } | null;
  /** `answersAt`: when people gave them; `validMonths`: how long the version in force lets the tier stand. */
  risk: { answeredAt: Date; answersAt: Date; validMonths: number; provisional: boolean; blocked: boolean } | null;
  adoption: { patternId: string; version: number; deviations: string; adoptedAt: Date } | null;
  adrs: { accepted: number; last: Date | null };
  selfApprovals: number;
  /** Datasets that the lineage names. */
  datasets: number;
  /** Recorded facts in force about the model and the version, by key and then oldest first. */
  facts: readonly Fact[];
  /** Items that campaigns raise: required in further tiers from a day on. */
  raises: readonly Raised[];
  /** By item. */
  attestations: ReadonlyMap<string, Attested>;
  waivers: ReadonlyMap<string, Waived>;
};

/** Which model and version: by id, or by name; a version left out is the newest. */
export type About = { model: { id: string } | { name: string }; version: { id: string } | { version: string } | null };

type Person = { name: string; active: boolean };
type Row = {
  model: {
    id: string;
    name: string;
    kind: ModelKind | null;
    serving_type: ServingType | null;
    tier: number | null;
    team: string;
    claimed_at: string | null;
    created_at: string;
  };
  version: {
    id: string;
    version: string;
    digest: string | null;
    commit: string | null;
    run_id: string | null;
    registered_at: string;
  } | null;
  owner: Person | null;
  backup: Person | null;
  risk: {
    tier: number | null;
    answered_at: string;
    answers_at: string;
    questionnaire: number | null;
    provisional: boolean;
    blocked: boolean;
  } | null;
  adoption: { pattern_id: string; version: number; deviations: string; adopted_at: string } | null;
  adrs: { accepted: number; last: string | null };
  self_approvals: number;
  datasets: number;
  facts:
    | {
        id: string;
        subject_kind: Fact["subjectKind"];
        subject_id: string;
        key: string;
        value: Fact["value"];
        effective_at: string;
        collected_at: string;
        recorded_at: string;
        source_kind: Fact["source"]["kind"];
        source_id: string;
        source_name: string;
        run_ref: string | null;
      }[]
    | null;
  attestations:
    | {
        item_id: string;
        id: string;
        outcome: Attested["outcome"];
        statement: string;
        by_name: string;
        effective_at: string;
        expires_at: string;
        not_applicable_reason: string | null;
        confirmed: boolean;
      }[]
    | null;
  raises: Raised[] | null;
  waivers: { item_id: string; ref: string; expires_at: string; accepted_by_name: string; checks: string[] }[] | null;
};

/** The statement for one model; what it is given are SQL expressions. */
const textFor = (model: string, versionId: string, version: string): string => `
    with m as (
      select m.id, m.name, m.kind, m.serving_type, m.tier, m.team, m.claimed_at, m.created_at, m.owner_id, m.backup_owner_id
      from model m where m.id = ${model}
    ), v as (
      select v.id, v.version, v.digest, v.commit, v.run_id, v.registered_at from model_version v join m on v.model_id = m.id
      where (${versionId} is null or v.id = ${versionId}) and (${version} is null or v.version = ${version})
      order by v.registered_at desc, v.id desc limit 1
    )
    select to_json(m) as model,
      (select to_json(v) from v) as version,
      (select json_build_object('name', p.name, 'active', p.active) from person p where p.id = m.owner_id) as owner,
      (select json_build_object('name', p.name, 'active', p.active) from person p where p.id = m.backup_owner_id) as backup,
      (select json_build_object('tier', a.tier, 'answered_at', a.answered_at, 'answers_at', a.answers_at,
          'questionnaire', (select r.version from risk_method r order by r.adopted_at desc, r.id desc limit 1), 'provisional', a.provisional, 'blocked', a.blocked)
        from risk_assessment a where a.model_id = m.id order by a.answered_at desc, a.id desc limit 1) as risk,
      (select json_build_object('pattern_id', a.pattern_id, 'version', a.version, 'deviations', a.deviations, 'adopted_at', a.adopted_at)
        from pattern_adoption a where a.model_id = m.id and a.ended_at is null limit 1) as adoption,
      (select json_build_object('accepted', count(*), 'last', max(a.decided_at)) from adr a
        where a.model_id = m.id and a.status = 'accepted') as adrs,
      (select count(*)::int from approval a join release r on r.id = a.release_id
        where r.model_id = m.id and a.revoked_at is null and a.person_id = r.requested_by) as self_approvals,
      (select count(distinct e.from_id)::int from lineage_edge e where e.model_id = m.id and e.from_kind = 'dataset') as datasets,
      (select json_agg(f order by f.key, f.effective_at, f.id) from (
        select f.id, f.subject_kind, f.subject_id, f.key, f.value, f.effective_at, f.collected_at, f.recorded_at, f.source_kind,
          f.source_id, f.source_name, f.run_ref
        from fact f where f.superseded_at is null and f.subject_id = any(array[m.id, (select v.id from v)])
      ) f) as facts,
      (select json_agg(json_build_object('item_id', a.item_id, 'id', a.id, 'outcome', a.outcome, 'statement', a.statement,
          'by_name', p.name, 'effective_at', a.effective_at, 'expires_at', a.expires_at,
          'not_applicable_reason', a.not_applicable_reason, 'confirmed', a.confirmed_by is not null))
        from attestation a join person p on p.id = a.attested_by
        where a.model_id = m.id and a.superseded_at is null) as attestations,
      (select json_agg(json_build_object('item', c.raise ->> 'item', 'tiers', c.raise -> 'tiers', 'from', c.raise ->> 'from'))
        from campaign c where c.raise is not null and not c.raise ? 'withdrawn') as raises,
      (select json_agg(json_build_object('item_id', w.item_id, 'ref', w.ref, 'expires_at', w.expires_at, 'accepted_by_name', p.name,
          'checks', w.compensation_checks)
          order by w.expires_at, w.ref)
        from waiver w join person p on p.id = w.accepted_by
        where w.model_id = m.id and w.accepted_at is not null and w.ended_at is null) as waivers
    from m`;

/** One statement, prepared: the gate reads this at every question, and nothing of it may be older than the question. */
const statement = prepared(
  "readiness_given",
  textFor("coalesce($1::uuid, (select n.id from model n where n.name = $2::text))", "$3::uuid", "$4::text"),
);

const statementOfMany = prepared(
  "readiness_given_of_many",
  `select x.* from unnest($1::uuid[]) as one (id) cross join lateral (${textFor("one.id", "null::uuid", "null::text")}) x`,
);

/** Models of which all is held in memory at once. */
const atOnce = 500;

/** All of it for many models with their newest versions, handed on one by one in no order; a statement for each few hundred. */
export async function eachGiven(
  read: Reader,
  modelIds: readonly string[],
  now: Date,
  take: (given: Given) => void,
): Promise<void> {
  for (let i = 0; i < modelIds.length; i += atOnce) {
    const rows = await send<Row>(read, statementOfMany, [`{${modelIds.slice(i, i + atOnce).join(",")}}`]);
    for (const row of rows) take(fromRow(row, now));
  }
}

/** Reads all of it; null when there is no such model. `version` null: there is none such, or none at all. */
export async function given(read: Reader, about: About, now: Date): Promise<Given | null> {
  const { model, version } = about;
  const [row] = await send<Row>(read, statement, [
    "id" in model ? model.id : null,
    "name" in model ? model.name : null,
    version && "id" in version ? version.id : null,
    version && "version" in version ? version.version : null,
  ]);
  return row ? fromRow(row, now) : null;
}

const at = (text: string): Date => new Date(text);
const atOrNull = (text: string | null): Date | null => (text === null ? null : new Date(text));

function fromRow(row: Row, now: Date): Given {
  const { model, version, risk, adoption } = row;
  return {
    model: {
      id: model.id,
      name: model.name,
      kind: model.kind,
      servingType: model.serving_type,
      tier: model.tier,
      team: model.team,
      claimedAt: atOrNull(model.claimed_at),
      createdAt: at(model.created_at),
    },
    version: version && {
      id: version.id,
      version: version.version,
      digest: version.digest,
      commit: version.commit,
      runId: version.run_id,
      registeredAt: at(version.registered_at),
    },
    owner: row.owner,
    backup: row.backup,
    risk: risk && {
      answeredAt: at(risk.answered_at),
      answersAt: at(risk.answers_at),
      validMonths: validMonths(risk.questionnaire, risk.tier),
      provisional: risk.provisional,
      blocked: risk.blocked,
    },
    adoption: adoption && {
      patternId: adoption.pattern_id,
      version: adoption.version,
      deviations: adoption.deviations,
      adoptedAt: at(adoption.adopted_at),
    },
    adrs: { accepted: row.adrs.accepted, last: atOrNull(row.adrs.last) },
    selfApprovals: row.self_approvals,
    datasets: row.datasets,
    facts: (row.facts ?? []).map((f) => ({
      id: f.id,
      subjectKind: f.subject_kind,
      subjectId: f.subject_id,
      key: f.key,
      value: f.value,
      effectiveAt: at(f.effective_at),
      collectedAt: at(f.collected_at),
      recordedAt: at(f.recorded_at),
      source: { kind: f.source_kind, id: f.source_id, name: f.source_name, runRef: f.run_ref },
    })),
    attestations: new Map(
      (row.attestations ?? []).map((a) => [
        a.item_id,
        {
          id: a.id,
          outcome: a.outcome,
          statement: a.statement,
          byName: a.by_name,
          effectiveAt: at(a.effective_at),
          expiresAt: at(a.expires_at),
          notApplicableReason: a.not_applicable_reason,
          confirmed: a.confirmed,
        },
      ]),
    ),
    raises: row.raises ?? [],
    // In force now; of several for one item the one that lasts longest.
    waivers: new Map(
      (row.waivers ?? [])
        .map((w) => ({
          itemId: w.item_id,
          waiver: { ref: w.ref, acceptedByName: w.accepted_by_name, expiresAt: at(w.expires_at), checks: w.checks },
        }))
        .filter(({ waiver }) => waiver.expiresAt > now)
        .map(({ itemId, waiver }) => [itemId, waiver]),
    ),
  };
}
