import { index, pgTable, unique, uuid } from "drizzle-orm/pg-core";
import { bytea, id, instant } from "./columns";
import { people } from "./org";
import { reviewDecisions } from "./reviews";
import { credentials, statements } from "./signing";

/** Who of those who decided signed the board's decision with a key of their own. */
export const decisionSignatures = pgTable(
  "decision_signature",
  {
    id: id(),
    decisionId: uuid()
      .notNull()
      .references(() => reviewDecisions.id),
    personId: uuid()
      .notNull()
      .references(() => people.id),
    statementSha256: bytea()
      .notNull()
      .references(() => statements.sha256),
    credentialId: uuid()
      .notNull()
      .references(() => credentials.id),
    signedAt: instant().notNull(),
  },
  (t) => [
    unique("decision_signature_once").on(t.decisionId, t.personId),
    index("decision_signature_by_person").on(t.personId, t.signedAt),
  ],
);
