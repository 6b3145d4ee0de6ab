import { ArrowRight } from "lucide-react";
import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { Mark } from "@/components/shell/mark";
import { buttonClass } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { Avatar } from "@/components/ui/person";
import { database } from "@/db/client";
import { currentSession } from "@/lib/auth/context";
import { personasOffered } from "@/lib/auth/demo";
import { safeNext } from "@/lib/auth/next-path";
import { config } from "@/lib/config/config";
import { type Role, roleName } from "@/lib/core/rights";
import { listPersonas, type Persona } from "@/lib/sessions/persona";
import { signInAsPersona, signInWithProvider } from "./actions";
import styles from "./sign-in.module.css";
import { whyNot } from "./why-not";

export const metadata: Metadata = { title: "Sign in" };
export const dynamic = "force-dynamic";

/** What someone in a role does in the demo, in a few words. */
const duty: Partial<Record<Role, string>> = {
  contributor: "Claims models, answers for them, asks for releases",
  board_chair: "Triages, votes and records the decision",
  board_member: "Reads, comments, votes",
  architect: "Writes decisions and reference architectures",
  security: "Reviews and approves for security",
  privacy: "Reviews and approves for privacy",
  model_risk: "Challenges the model, waives with a reason",
  compliance: "Approves against the policy",
  auditor: "Verifies everything, changes nothing",
  executive: "Sees how the portfolio stands",
  admin: "Connects systems, manages people; decides nothing",
};
const telling: readonly Role[] = ["board_chair", "model_risk"];

export default async function SignInPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const { next, error, refused } = await searchParams;
  const goTo = safeNext(next);
  if (await currentSession()) redirect(goTo as never);
  const { oidc, organisation } = config();
  const demo = personasOffered();
  const personas = demo ? await listPersonas(database().db) : [];
  const problem = whyNot(refused, error);
  return (
    <main className={styles.page}>
      <header className={styles.head}>
        <p className={styles.brand}>
          <Mark />
          Countersign
        </p>
        <h1 className={styles.title}>Sign in to {organisation}</h1>
        <p className={styles.lede}>Which models may go to production, why, and who answered for it.</p>
      </header>
      {problem ? (
        <div className={styles.problem}>
          <Notice tone="fail" live>
            {problem}
          </Notice>
        </div>
      ) : null}
      {oidc ? (
        <form action={signInWithProvider} className={styles.provider}>
          <input type="hidden" name="next" value={goTo} />
          <button type="submit" className={buttonClass({ tone: "primary", size: "large", full: true })}>
            Continue with {oidc.name}
            <ArrowRight className="i" aria-hidden="true" />
          </button>
        </form>
      ) : null}
      {personas.length > 0 ? (
        <section aria-labelledby="personas">
          <div className={styles.h}>
            <h2 id="personas">Demo: step in as someone</h2>
            <span>No password. Everything you do is logged under their name.</span>
          </div>
          <ul className={styles.list}>
            {personas.map((persona) => (
              <li key={persona.id}>
                <form action={signInAsPersona}>
                  <input type="hidden" name="person" value={persona.id} />
                  <input type="hidden" name="next" value={goTo} />
                  <button type="submit" className={styles.persona}>
                    <Avatar name={persona.name} />
                    <span className={styles.who}>
                      <b>{persona.name}</b>
                      <span>{persona.title || rolesOf(persona)}</span>
                    </span>
                    <span className={styles.duty}>{dutyOf(persona)}</span>
                    <ArrowRight className={`i ${styles.go}`} aria-hidden="true" />
                  </button>
                </form>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      {oidc || personas.length > 0 ? null : (
        <Notice tone="care">
          {demo
            ? "There is nobody to sign in as yet: the demo organisation has not been created. Start the portal with `npm start`."
            : "Signing in is not set up. Whoever runs this portal sets OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET, or uses an API token."}
        </Notice>
      )}
    </main>
  );
}

const rolesOf = (persona: Persona): string => persona.roles.map((role) => roleName[role]).join(", ");

function dutyOf({ roles }: Persona): string {
  const role = telling.find((r) => roles.includes(r)) ?? roles[0];
  return (role && duty[role]) ?? "";
}
