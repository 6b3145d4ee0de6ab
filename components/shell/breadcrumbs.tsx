"use client";
import { usePathname } from "next/navigation";
import { Fragment } from "react";
import Link from "@/components/ui/link";
import { crumbsOf } from "./crumbs";

export function Breadcrumbs() {
  const crumbs = crumbsOf(usePathname());
  const last = crumbs.length - 1;
  return (
    <nav className="crumbs" aria-label="Breadcrumbs">
      {crumbs.map((crumb, i) =>
        i === last ? (
          <b key={crumb.href} className="trunc" aria-current="page">
            {crumb.name}
          </b>
        ) : (
          <Fragment key={crumb.href}>
            <Link href={crumb.href}>{crumb.name}</Link>
            <span aria-hidden="true">/</span>
          </Fragment>
        ),
      )}
    </nav>
  );
}

/** Which area a small screen shows in its bar. */
export function AreaName() {
  const path = usePathname();
  return <span>{path === "/" ? "Countersign" : crumbsOf(path)[0]?.name}</span>;
}
