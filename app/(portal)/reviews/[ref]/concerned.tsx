import Link from "@/components/ui/link";
import { TierChip } from "@/components/ui/tier-chip";
import type { Review } from "./submission-view";

const page = (name: string) => `/models/${encodeURIComponent(name)}`;

/** "a, b and c", each a link to its model. */
export function Concerned({ models }: { models: Review["models"] }) {
  return models.map((m, i) => (
    <span key={m.id}>
      {i === 0 ? "" : i === models.length - 1 ? " and " : ", "}
      <Link href={page(m.name)}>{m.name}</Link>
    </span>
  ));
}

/** Every model that the decision will speak of, with its tier. */
export const ModelsAndTiers = ({ review }: { review: Review }) =>
  review.models.map((m) => (
    <div className="row w" key={m.id}>
      <Link href={page(m.name)} className="mono">
        {m.name}
      </Link>
      <TierChip tier={m.tier} />
    </div>
  ));

/** The reference architectures that were pinned, with whose they are where there are several models. */
export const PatternsFollowed = ({ review }: { review: Review }) =>
  review.patterns.map((p) => (
    <div key={`${p.patternId} ${p.model ?? ""}`}>
      <Link href={`/patterns/${p.patternId}`}>{p.patternId}</Link> version {p.version}
      {p.model === null ? ", named here" : review.models.length > 1 ? `, adopted by ${p.model}` : ""}
      {p.deviations ? ", with deviations" : ""}
    </div>
  ));
