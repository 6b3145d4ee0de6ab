"use client";
// biome-ignore lint/style/noRestrictedImports: the one place that wraps it
import NextLink from "next/link";
import { type ComponentProps, useState } from "react";

/**
 * Every link of the portal: Next's, which fetches ahead only when somebody points at it, touches it or reaches it with the
 * keyboard. Fetching ahead whatever is in sight cost some sixty requests for each list that was opened.
 */
export default function Link(props: ComponentProps<typeof NextLink>) {
  const [meant, setMeant] = useState(false);
  const mean = () => setMeant(true);
  return (
    <NextLink
      {...props}
      prefetch={meant && props.prefetch !== false ? null : false}
      onMouseEnter={mean}
      onTouchStart={mean}
      onFocus={mean}
    />
  );
}
