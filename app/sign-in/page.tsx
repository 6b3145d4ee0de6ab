import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { database } from "@/db/client";
import { currentSession } from "@/lib/auth/context";
import { personasOffered } from "@/lib/auth/demo";
import { safeNext } from "@/lib/auth/next-path";
import { roleName } from "@/lib/core/rights";
import { listPersonas } from "@/lib/sessions/persona";
import { signInAsPersona } from "./actions";
import styles from "./sign-in.module.css";

export const metadata: Metadata = { title: "Sign in · Countersign" };
export const dynamic = "force-dynamic";

export default async function SignInPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[]>>;
}) {
  const { next } = await searchParams;
  const goTo = safeNext(next);
  if (await currentSession()) redirect(goTo as never);
  const personas = personasOffered() ? await listPersonas(database().db) : [];
  return (
    <main className={styles.page}>
      <header className={styles.head}>
        <p className={styles.brand}>Countersign</p>
        <h1 className={styles.title}>Sign in</h1>
        <p className={styles.lede}>Decide which models go to production, write down why, and prove it later.</p>
      </header>
      {personas.length > 0 ? (
        <section aria-labelledby="personas">
          <h2 id="personas" className={styles.h2}>
            Try it as someone at Halden Group
          </h2>
          <ul className={styles.list}>
            {personas.map((persona) => (
              <li key={persona.id}>
                <form action={signInAsPersona}>
                  <input type="hidden" name="person" value={persona.id} />
                  <input type="hidden" name="next" value={goTo} />
                  <button type="submit" className={styles.persona}>
                    <span className={styles.name}>{persona.name}</span>
                    <span className={styles.what}>
                      {persona.title}
                      {persona.unit ? `, ${persona.unit}` : ""}
                    </span>
                    <span className={styles.roles}>{persona.roles.map((role) => roleName[role]).join(" · ")}</span>
                  </button>
                </form>
              </li>
            ))}
          </ul>
        </section>
      ) : (
        <p className={styles.lede}>There is no one to sign in as yet.</p>
      )}
    </main>
  );
}
