import { Empty } from "@/components/ui/empty";
import { Page, PageHead } from "@/components/ui/page";

export default function HomePage() {
  return (
    <Page name="home">
      <PageHead title="My queue" />
      <Empty title="Nothing waits on you" />
    </Page>
  );
}
