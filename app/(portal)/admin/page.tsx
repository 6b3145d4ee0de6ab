import type { Metadata } from "next";
import { KeyValues } from "@/components/ui/key-values";
import Link from "@/components/ui/link";
import { Page, PageHead, Section } from "@/components/ui/page";
import { Status } from "@/components/ui/status";
import { pageContext } from "@/lib/auth/context";
import { personasOffered } from "@/lib/auth/demo";
import { config } from "@/lib/config/config";
import { holds } from "@/lib/core/actor";
import { mayKeepChannels } from "@/lib/notifications/chat";
import { maySeePeople } from "@/lib/people/person";
import styles from "./admin.module.css";

export const metadata: Metadata = { title: "Admin" };

export default async function AdminPage() {
  const { actor } = await pageContext();
  const areas = [
    {
      href: "/admin/connections",
      name: "Connections",
      what: "Registries and platforms that facts come from, and when they were last read",
      open: holds(actor, "connections:read"),
    },
    {
      href: "/admin/people",
      name: "People",
      what: "Who has an account, which roles they hold and where",
      open: maySeePeople(actor).ok,
    },
    { href: "/admin/units", name: "Business units", what: "The tree that roles and models hang on", open: true },
    {
      href: "/admin/calendars",
      name: "Working calendars",
      what: "Working days, hours and days off that promises are counted in",
      open: true,
    },
    {
      href: "/admin/tokens",
      name: "API tokens",
      what: "What services, agents and people use to talk to this portal",
      open: holds(actor, "tokens:manage"),
    },
    {
      href: "/admin/chat",
      name: "Chat channels",
      what: "Channels of a chat that are told of what happens",
      open: mayKeepChannels(actor).ok,
    },
    { href: "/admin/rights", name: "Rights", what: "What each role may do", open: true },
    { href: "/admin/health", name: "Health", what: "How this portal runs at this moment", open: true },
  ].filter((area) => area.open);
  return (
    <Page name="admin">
      <PageHead title="Admin" lede="Administrators connect systems and manage people. They take part in no decision." />
      <ul className={styles.areas}>
        {areas.map((area) => (
          <li key={area.href}>
            <Link href={area.href}>{area.name}</Link>
            <span className="ink2">{area.what}</span>
          </li>
        ))}
      </ul>
      {holds(actor, "people:manage") ? <Settings /> : null}
    </Page>
  );
}

/** What this process was told; never a secret. */
function Settings() {
  const c = config();
  return (
    <Section title="Settings" note="Set in the environment; .env.example has a line for each">
      <KeyValues
        items={[
          { key: "Portal", value: <span className="mono">{c.publicUrl}</span> },
          { key: "Signing origin", value: <span className="mono">{c.signUrl}</span> },
          { key: "Log", value: <span className="mono">{c.logUrl}</span> },
          {
            key: "Single sign-on",
            value: c.oidc ? (
              <>
                {c.oidc.name}, <span className="mono">{c.oidc.issuer}</span>, {c.oidc.roleMap.length} groups mapped
              </>
            ) : (
              "not set up"
            ),
          },
          {
            key: "Demo people",
            value: personasOffered() ? <Status state="due_soon" word="Offered on the sign-in page" /> : "not offered",
          },
          { key: "Session", value: `${c.sessionHours} hours` },
        ]}
      />
    </Section>
  );
}
