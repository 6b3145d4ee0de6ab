import { ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Page } from "@/components/ui/page";

export default function NotFound() {
  return (
    <Page>
      <Empty title="There is no such model" action={<ButtonLink href="/models">See all models</ButtonLink>}>
        It may be called otherwise, or belong to a business unit that your role does not reach.
      </Empty>
    </Page>
  );
}
