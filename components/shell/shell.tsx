"use client";
import { Bell as BellIcon, KeyRound, Link2, LogOut, Menu, Search, UserRound } from "lucide-react";
import type { ReactNode } from "react";
import Link from "@/components/ui/link";
import { Avatar } from "@/components/ui/person";
import { Status } from "@/components/ui/status";
import { When } from "@/components/ui/when";
import { areas } from "./areas";
import { AreaName, Breadcrumbs } from "./breadcrumbs";
import { Mark } from "./mark";
import { NavLink } from "./nav-link";
import { SearchButton } from "./search-button";
import { ThemeToggle } from "./theme-toggle";

/** Figures beside the areas. null: could not be counted, and then no figure stands there. */
export type ShellCounts = Readonly<
  Record<"queue" | "models" | "differences" | "reviews" | "releases" | "unread", number | null>
>;

/** The log as it stands: size, first hex digits of the root, when signed, and whether it was found consistent. */
export type LogHead = { size: number; root: string; at: string; verified: boolean };

const figure = (n: number) => (n > 9999 ? "9,999+" : n.toLocaleString("en-GB"));

/** Unread notifications are counted up to a hundred. */
const unreadFigure = (n: number) => (n > 99 ? "99+" : String(n));
const bellName = (n: number | null) =>
  n === null ? "Notifications" : n === 0 ? "Notifications, none unread" : `Notifications, ${unreadFigure(n)} unread`;

/**
 * Left column, top bar and, on small screens, menu and bar. Works without JavaScript but for search and theme. The browser knows the
 * areas and their pictures, so that no page has to send them along once more beside its HTML.
 */
export function Shell({
  organisation,
  person,
  counts,
  head,
  children,
}: {
  organisation: string;
  person: { name: string; role: string };
  counts: ShellCounts;
  head: LogHead | null;
  children: ReactNode;
}) {
  return (
    <>
      <a className="skip" href="#main">
        Skip to the page
      </a>
      <header className="mbar">
        <div className="brand">
          <Mark />
          <AreaName />
        </div>
        <span className="sp" />
        <Bell unread={counts.unread} />
        <SearchButton compact>
          <Search className="i s16" aria-hidden="true" />
        </SearchButton>
        <button type="button" className="ib" aria-label="Areas" popoverTarget="areas">
          <Menu className="i s16" aria-hidden="true" />
        </button>
      </header>
      <div className="shell">
        <nav className="nav" id="areas" aria-label="Areas" popover="auto">
          <Link className="brand" href="/">
            <Mark />
            Countersign
          </Link>
          <div className="org">
            <span className="trunc">{organisation}</span>
          </div>
          {areas.map((group) => (
            <ul key={group[0]?.href}>
              {group.map(({ href, name, Icon, count }) => {
                const n = count ? counts[count] : null;
                return (
                  <li key={href}>
                    <NavLink href={href}>
                      <Icon className="i s16" aria-hidden="true" />
                      {name}
                      {n === null ? null : <span className="c">{figure(n)}</span>}
                    </NavLink>
                  </li>
                );
              })}
            </ul>
          ))}
          <LogHeadBox head={head} />
          <button
            type="button"
            className="me"
            popoverTarget="me-menu"
            aria-label={`${person.name}, ${person.role}: account`}
          >
            <Avatar name={person.name} />
            <span className="trunc">
              <span className="b trunc">{person.name}</span>
              <span className="lbl trunc">{person.role}</span>
            </span>
          </button>
          <div className="menu me-menu" id="me-menu" popover="auto">
            <Link className="mi" href="/account">
              <UserRound className="i" aria-hidden="true" />
              My account
            </Link>
            <Link className="mi" href="/account/keys">
              <KeyRound className="i" aria-hidden="true" />
              My signing keys
            </Link>
            <hr />
            <form action="/sign-out" method="post">
              <button type="submit" className="mi">
                <LogOut className="i" aria-hidden="true" />
                Sign out
              </button>
            </form>
          </div>
        </nav>
        <div className="page">
          <header className="bar">
            <Breadcrumbs />
            <SearchButton>
              <Search className="i" aria-hidden="true" />
              <span className="trunc">Find a model, decision, digest or person</span>
              <kbd>Ctrl K</kbd>
            </SearchButton>
            <div className="row" style={{ gap: 4 }}>
              <Bell unread={counts.unread} />
              <ThemeToggle />
            </div>
          </header>
          {children}
        </div>
      </div>
    </>
  );
}

function Bell({ unread }: { unread: number | null }) {
  return (
    <Link className="ib" href="/notifications" aria-label={bellName(unread)} title={bellName(unread)}>
      <BellIcon className="i s16" aria-hidden="true" />
      {unread ? <span className="badge">{unreadFigure(unread)}</span> : null}
    </Link>
  );
}

function LogHeadBox({ head }: { head: LogHead | null }) {
  if (!head) {
    return (
      <div className="loghead">
        <div className="l">
          <span>Log head</span>
        </div>
        <Status state="unknown" />
      </div>
    );
  }
  const prefix = `${head.root.slice(0, 4)} ${head.root.slice(4, 8)} ${head.root.slice(8, 12)}`;
  return (
    <Link className="loghead" href="/log">
      <div className="l">
        <span>Log head</span>
        <span className="m11">#{head.size.toLocaleString("en-GB")}</span>
      </div>
      {head.verified ? (
        <div className="st pass">
          <Link2 className="i" aria-hidden="true" />
          Log verified
        </div>
      ) : (
        <Status state="unknown" word="Not verified" />
      )}
      <div className="m11 mut">
        {prefix}, <When at={head.at} show="time" />
      </div>
    </Link>
  );
}
