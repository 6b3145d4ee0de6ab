import type { Metadata } from "next";
import { Mark } from "@/components/shell/mark";
import { ActionForm } from "@/components/ui/action-form";
import Link from "@/components/ui/link";
import { unsubscribeWords } from "@/lib/notifications/unsubscribe";
import { turnOff } from "./actions";

export const metadata: Metadata = { title: "No more mail like this" };

/** Where a mail's link leads. Looking turns nothing off, because mail scanners look too; the button does, without signing in. */
export default async function UnsubscribePage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params;
  const what = unsubscribeWords(token);
  return (
    <main className="alone">
      <div className="brand">
        <Mark />
        Countersign
      </div>
      <h1>{what ? "No more mail like this" : "This link turns nothing off"}</h1>
      <p>
        {what
          ? `Mail about ${what} will stop. The portal goes on showing everything.`
          : "It is not whole, or another portal made it."}
      </p>
      {what ? <ActionForm action={turnOff} submit="Turn it off" hidden={{ token }} keep /> : null}
      <p className="lbl">
        <Link href="/account/notifications">All my choices</Link>, after signing in
      </p>
    </main>
  );
}
