import type { Metadata } from "next";
import Link from "@/components/ui/link";

export const metadata: Metadata = { title: "Not found" };

/** An address that no page has, also for people who are not signed in. */
export default function NotFound() {
  return (
    <main className="empty" style={{ paddingTop: "18vh" }}>
      <h1>There is nothing at this address</h1>
      <p style={{ marginTop: 4 }}>
        Check the address, or <Link href="/">go to your queue</Link>.
      </p>
    </main>
  );
}
