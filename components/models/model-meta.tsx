import type { ReactNode } from "react";
import Link from "@/components/ui/link";
import { When } from "@/components/ui/when";
import {
  kindName,
  type LegalClass,
  legalClassName,
  type ModelKind,
  type Platform,
  platformName,
  type ServingType,
  type Stage,
  servingName,
  stageName,
} from "@/lib/models/model";

type Model = {
  tier: number | null;
  tierProvisional: boolean;
  tierDriver: string | null;
  legalClass: LegalClass | null;
  kind: ModelKind | null;
  method: string;
  servingType: ServingType | null;
  platform: Platform;
  team: string;
  owner: { name: string } | null;
  unit: { slug: string; name: string } | null;
  backup: { name: string } | null;
  stage: Stage;
  endOfLife: string | null;
  successor: string | null;
  source: { name: string; asOf: Date | null } | null;
  createdAt: Date;
  useCase: { ref: string; name: string } | null;
  furtherUseCases: readonly { ref: string; name: string }[];
};

/** What a model is, who answers for it, what tier and why, in one row. `path` is the model's page, `handOver` a link if one may. */
export function ModelMeta({
  model,
  path,
  handOver,
  past,
}: {
  model: Model;
  path: string;
  handOver: ReactNode;
  past: boolean;
}) {
  const useCases = [...(model.useCase ? [model.useCase] : []), ...model.furtherUseCases];
  return (
    <dl className="meta">
      <div>
        <dt className="lbl">Tier</dt>
        <dd className="v">
          {model.tier === null ? "Not assessed" : `Tier ${model.tier}${model.tierProvisional ? ", provisional" : ""}`}
          {model.tierDriver ? `, driven by ${model.tierDriver.toLowerCase()}` : ""}
        </dd>
        <dd className="w">
          {model.legalClass ? `EU AI Act: ${legalClassName[model.legalClass]}.` : "EU AI Act class not assessed."}{" "}
          {past ? null : (
            <Link href={`${path}/risk`}>{model.tier === null ? "Answer the twelve questions" : "See the answers"}</Link>
          )}
        </dd>
      </div>
      <div>
        <dt className="lbl">What it is</dt>
        <dd className="v">
          {model.kind ? kindName[model.kind] : "Kind not said"}
          {model.method ? `, ${model.method}` : ""}
        </dd>
        <dd className="w">
          {model.servingType ? servingName[model.servingType] : "Serving not said"} on {platformName[model.platform]}.{" "}
          {useCases.length > 0 ? "For " : "No use case."}
          {useCases.map((c, i) => (
            <span key={c.ref}>
              {i > 0 ? ", " : ""}
              <Link href={`/portfolio/use-cases/${c.ref}`}>{c.name}</Link>
            </span>
          ))}
        </dd>
      </div>
      <div>
        <dt className="lbl">Owner</dt>
        <dd className="v">{model.owner?.name ?? "Nobody"}</dd>
        <dd className="w">
          {model.unit?.name ?? "No business unit"}
          {model.team ? `, ${model.team}` : ""}.{model.backup ? ` Deputy: ${model.backup.name}.` : " No deputy."}{" "}
          {handOver}
        </dd>
      </div>
      <div>
        <dt className="lbl">Stage</dt>
        <dd className="v">
          {stageName[model.stage]}
          {model.endOfLife ? (
            <>
              , ends <When at={model.endOfLife} />
            </>
          ) : null}
        </dd>
        <dd className="w">
          {model.successor ? (
            <>
              Followed by <Link href={`/models/${encodeURIComponent(model.successor)}`}>{model.successor}</Link>.{" "}
            </>
          ) : null}
          {model.source ? (
            <>
              Read from {model.source.name} <When at={model.source.asOf} show="relative" />
            </>
          ) : (
            <>
              Entered by hand <When at={model.createdAt} />
            </>
          )}
        </dd>
      </div>
    </dl>
  );
}
