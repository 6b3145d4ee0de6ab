import { asOfParam, withParams } from "@/components/ui/urls";

/** Address of a model's page, now or as of a past instant. */
export const modelHref = (name: string, asOf?: Date): string =>
  withParams(`/models/${encodeURIComponent(name)}`, {}, asOfParam(asOf));
