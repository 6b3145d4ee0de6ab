/** What of an entry says where it is to be seen. */
export type Happened = {
  name: string;
  subjectKind: string;
  subjectId: string;
  subjectRef: string;
  model: string | null;
  reviewId: string | null;
  review: string | null;
  item: string | null;
};

const part = encodeURIComponent;

/** The page that shows what an entry is about. */
export function placeOf(e: Happened): string {
  const model = e.model ? `/models/${part(e.model)}` : null;
  switch (e.subjectKind) {
    case "review":
      return `/reviews/${part(e.subjectRef)}`;
    case "condition":
      return e.review ? `/reviews/${part(e.review)}#${part(e.subjectRef)}` : (model ?? "/reviews");
    case "finding":
      return e.review ? `/reviews/${part(e.review)}` : (model ?? "/reviews");
    case "release":
      return `/releases/${part(e.subjectRef)}`;
    case "release_freeze":
      return "/releases/freezes";
    case "break_glass":
      return `/releases/break-glass/${part(e.subjectRef)}`;
    case "waiver":
      return model && e.item
        ? `${model}/readiness?show=all&item=${part(e.item)}#${part(e.item)}`
        : (model ?? "/readiness");
    case "risk_acceptance":
      return e.review ? `/reviews/${part(e.review)}#${part(e.subjectRef)}` : (model ?? "/reviews");
    case "office_hours":
    case "office_booking":
      return "/guidance/office-hours";
    case "incident":
    case "incident_review":
      return `/reviews/incidents/${part(e.subjectRef)}`;
    case "backlog_item":
      return `/guidance/backlog/${part(e.subjectRef)}`;
    case "adr":
      return `/decisions/${part(e.subjectRef)}`;
    case "adr_source":
      return "/decisions/sources";
    case "campaign":
      // One entry pursues several campaigns at once.
      return e.subjectRef.includes(",") ? "/campaigns" : `/campaigns/${part(e.subjectRef)}`;
    case "use_case":
      return e.name.includes(".gap.") ? "/patterns/gaps" : `/portfolio/use-cases/${part(e.subjectRef)}`;
    case "meeting":
      return `/meetings/${part(e.subjectRef)}`;
    case "meeting_series":
      return "/meetings";
    case "board":
      return "/board";
    case "person":
      return e.name === "person.admitted" ? "/admin/people" : "/account";
    case "token":
      return "/account";
    case "unit":
      return `/admin/units/${part(e.subjectRef)}`;
    case "model":
      if (e.name === "pattern.gap.reported") return "/patterns/gaps";
      if (e.name.startsWith("risk.")) return model ? `${model}/risk` : "/portfolio";
      if (e.name.startsWith("readiness.")) return model ? `${model}/readiness` : "/readiness";
      return model ?? "/models";
    default:
      return model ?? (e.subjectKind === "reconciliation" ? "/reconciliation" : "/");
  }
}

/** What it is about, as the subject of a mail: the reference, and the model where the reference is not its name. */
export const thingOf = (e: Happened): string =>
  [e.subjectRef, e.model && !e.subjectRef.includes(e.model) ? e.model : ""].filter(Boolean).join(", ").slice(0, 200);

/** What belongs together: a review with its findings and conditions, a release, a record. */
export const threadOf = (e: Happened): string =>
  e.reviewId && e.subjectKind !== "review" ? `review:${e.reviewId}` : `${e.subjectKind}:${e.subjectId}`;
