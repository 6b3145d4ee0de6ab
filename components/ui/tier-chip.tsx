/** Risk tier as T1..T4; dashed "T?" while nobody has assessed it, "T2?" while provisional. */
export function TierChip({ tier, provisional = false }: { tier: number | null; provisional?: boolean }) {
  if (tier === null) {
    return (
      <span className="tier none" title="Tier not assessed">
        T?<span className="sr-only"> tier not assessed</span>
      </span>
    );
  }
  return (
    <span className={provisional ? "tier none" : "tier"} title={provisional ? "Tier is provisional" : undefined}>
      {`T${tier}${provisional ? "?" : ""}`}
      {provisional ? <span className="sr-only"> provisional tier</span> : null}
    </span>
  );
}
