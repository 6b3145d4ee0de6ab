import { ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Page } from "@/components/ui/page";

export default function NotFound() {
  return (
    <Page>
      <h1 className="sr-only">Not found</h1>
      <Empty title="There is nothing at this address" action={<ButtonLink href="/">Go to my queue</ButtonLink>}>
        It may have another reference, or lie in a business unit that your roles do not reach. Search finds what you may
        see.
      </Empty>
    </Page>
  );
}
