import type { Metadata } from "next";
import { ConnectionForm } from "@/components/connections/connection-form";
import { Page, PageHead } from "@/components/ui/page";
import { WhyButton } from "@/components/ui/why-button";
import { pageContext } from "@/lib/auth/context";
import { config } from "@/lib/config/config";
import { mayManageConnections } from "@/lib/connections/connection";
import { sourceForms } from "@/lib/connectors/form";
import { createAction, testAction } from "../actions";

export const metadata: Metadata = { title: "Connect a source of facts" };

export default async function SourcePage() {
  const ctx = await pageContext();
  const manage = mayManageConnections(ctx.actor);
  return (
    <Page>
      <PageHead
        title="Connect a source of facts"
        lede="It holds no models; what it tells about them answers readiness checks. You see what it would bring before anything is written."
      />
      {manage.ok ? (
        <div style={{ marginTop: 24 }}>
          <ConnectionForm
            action={createAction}
            test={testAction}
            submit="Connect"
            kinds={sourceForms()}
            everyMinutes={config().syncMinutes}
            noun="Source of facts"
          />
        </div>
      ) : (
        <WhyButton label="Connect" reason={manage.reason} />
      )}
    </Page>
  );
}
